// SPDX-License-Identifier: MIT
// Asks the processor for its caches.
#include "memory.hpp"

#include <algorithm>
#include <unistd.h>
#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif

namespace accel::core::engine {

namespace {

// Where nobody tells: what a small server has.
constexpr std::size_t kUnknown = std::size_t{32} << 20;

#if defined(__x86_64__) || defined(__i386__)
/// The largest cache of a leaf that lists them as Intel's leaf 4 does; 0 if it lists none.
std::size_t largest_of(unsigned leaf)
{
	std::size_t largest = 0;

	for (unsigned index = 0; index < 16; index++) {
		unsigned a, b, c, d;
		if (!__get_cpuid_count(leaf, index, &a, &b, &c, &d) || (a & 0x1f) == 0)
			break;
		const std::size_t ways = (b >> 22) + 1, parts = (b >> 12 & 0x3ff) + 1,
				  line = (b & 0xfff) + 1, sets = std::size_t{c} + 1;
		largest = std::max(largest, ways * parts * line * sets);
	}
	return largest;
}
#endif

std::size_t ask()
{
	std::size_t bytes = 0;

#if defined(__x86_64__) || defined(__i386__)
	// Not sysconf() first: for AMD it was seen to tell the sum of all complexes of a socket, of
	// which a core reaches one.
	bytes = std::max(largest_of(4), largest_of(0x8000001d));
#endif
#ifdef _SC_LEVEL3_CACHE_SIZE
	if (bytes == 0)
		bytes = static_cast<std::size_t>(std::max(0L, sysconf(_SC_LEVEL3_CACHE_SIZE)));
#endif
	return bytes == 0 ? kUnknown : std::max(bytes, kLeastCache);
}

/* Asked when the library is loaded: a forked child would wait for ever for a thread of its parent that was asking. */
const std::size_t kBytes = ask();

} // namespace

std::size_t last_cache_bytes() noexcept
{
	return kBytes;
}

} // namespace accel::core::engine
