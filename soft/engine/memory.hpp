// SPDX-License-Identifier: MIT
// What the engines ask about memory and the caches before it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace accel::core::engine {

/// No last level of cache is taken to be smaller.
inline constexpr std::size_t kLeastCache = std::size_t{1} << 20;

/// Bytes of the last level of cache that a core reaches, at least kLeastCache. Asked once, then remembered.
std::size_t last_cache_bytes() noexcept;

/// Whether so many bytes, read and written in all, do not fit the caches. The first comparison spares what is
/// small the second.
inline bool is_past_caches(std::size_t bytes) noexcept
{
	return bytes >= kLeastCache && bytes >= last_cache_bytes();
}

/// Whether two ranges of @n bytes have any in common.
inline bool overlap(const void *a, const void *b, std::size_t n) noexcept
{
	const auto gap = reinterpret_cast<std::uintptr_t>(a) - reinterpret_cast<std::uintptr_t>(b);

	return gap < n || -gap < n;
}

} // namespace accel::core::engine
