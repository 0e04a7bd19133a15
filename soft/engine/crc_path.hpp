// SPDX-License-Identifier: MIT
// The ways to take a CRC-32C. All work on the bare register: without the inversion before and after.
#pragma once

#include <cstddef>
#include <cstdint>

namespace accel::core::engine {

/// ISA-L, which serves every processor.
std::uint32_t isal_crc(std::uint32_t crc, const std::byte *from, std::size_t n) noexcept;
/// Copies, too: memcpy and ISA-L by blocks that stay in the first-level cache.
std::uint32_t isal_copy_crc(std::uint32_t crc, std::byte *to, const std::byte *from,
			    std::size_t n) noexcept;

/// Whether the processor has what the functions below are made of.
bool has_folding() noexcept;
/// Folding with carry-less multiplications of 512 bits. Only if has_folding().
std::uint32_t fold_crc(std::uint32_t crc, const std::byte *from, std::size_t n) noexcept;
/// Copies, too: each byte is loaded once, and what is stored is what is in the CRC.
std::uint32_t fold_copy_crc(std::uint32_t crc, std::byte *to, const std::byte *from,
			    std::size_t n) noexcept;
/// The same with stores that bypass the caches; they are visible in order when it returns.
std::uint32_t fold_stream_crc(std::uint32_t crc, std::byte *to, const std::byte *from,
			      std::size_t n) noexcept;

} // namespace accel::core::engine
