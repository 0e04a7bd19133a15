// SPDX-License-Identifier: MIT
// The implementations of CRC-32C. All operate on the raw register, without the inversion before and after.
#pragma once

#include <cstddef>
#include <cstdint>

namespace accel::core::engine {

/// ISA-L, for every processor.
std::uint32_t isal_crc(std::uint32_t crc, const std::byte *from, std::size_t n) noexcept;
/// With a copy: memcpy and ISA-L by blocks that stay in the first-level cache.
std::uint32_t isal_copy_crc(std::uint32_t crc, std::byte *to, const std::byte *from,
			    std::size_t n) noexcept;

/// Whether the processor has the instructions that the functions below use.
bool has_folding() noexcept;
/// Folding with carry-less multiplications of 512 bits. Requires has_folding().
std::uint32_t fold_crc(std::uint32_t crc, const std::byte *from, std::size_t n) noexcept;
/// With a copy: each byte is loaded once, so the CRC is that of the bytes stored.
std::uint32_t fold_copy_crc(std::uint32_t crc, std::byte *to, const std::byte *from,
			    std::size_t n) noexcept;
/// The same with stores that bypass the caches; they are ordered before every store after the return.
std::uint32_t fold_stream_crc(std::uint32_t crc, std::byte *to, const std::byte *from,
			      std::size_t n) noexcept;

} // namespace accel::core::engine
