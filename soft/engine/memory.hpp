// SPDX-License-Identifier: MIT
// Properties of memory ranges and caches that the engines need.
#pragma once

#include <cstddef>
#include <cstdint>

namespace accel::core::engine {

/// Lower bound of last_cache_bytes().
inline constexpr std::size_t kLeastCache = std::size_t{1} << 20;

/// Size in bytes of the last-level cache that one core can use, at least kLeastCache. Determined when the library is
/// loaded.
std::size_t last_cache_bytes() noexcept;

/// Whether @bytes, the sum of bytes read and written, exceed the caches. The first comparison avoids the call for
/// small ranges.
inline bool is_past_caches(std::size_t bytes) noexcept
{
	return bytes >= kLeastCache && bytes >= last_cache_bytes();
}

/// Whether two ranges of @n bytes overlap.
inline bool overlap(const void *a, const void *b, std::size_t n) noexcept
{
	const auto gap = reinterpret_cast<std::uintptr_t>(a) - reinterpret_cast<std::uintptr_t>(b);

	return gap < n || -gap < n;
}

} // namespace accel::core::engine
