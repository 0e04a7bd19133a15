// SPDX-License-Identifier: MIT
// Reads the cache sizes of the processor.
#include "memory.hpp"

#include <algorithm>
#include <unistd.h>
#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif

namespace accel::core::engine {

namespace {

// The size assumed if neither CPUID nor sysconf() reports one: that of a small server.
constexpr std::size_t kUnknown = std::size_t{32} << 20;

#if defined(__x86_64__) || defined(__i386__)
/// The largest cache listed by a CPUID leaf with the layout of Intel's leaf 4; 0 if it lists none.
std::size_t largest_of(unsigned leaf) noexcept
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

std::size_t ask() noexcept
{
	std::size_t bytes = 0;

#if defined(__x86_64__) || defined(__i386__)
	// CPUID before sysconf(): on AMD sysconf() was seen to report the sum of all core complexes of a
	// socket, but a core uses only the cache of its own complex.
	bytes = std::max(largest_of(4), largest_of(0x8000001d));
#endif
#ifdef _SC_LEVEL3_CACHE_SIZE
	if (bytes == 0)
		bytes = static_cast<std::size_t>(std::max(0L, sysconf(_SC_LEVEL3_CACHE_SIZE)));
#endif
	return bytes == 0 ? kUnknown : std::max(bytes, kLeastCache);
}

/* Initialized when the library is loaded, not by the first call: if another thread were inside the initialization of a
 * function's static object at a fork, the child would wait for it for ever. */
const std::size_t kBytes = ask();

} // namespace

std::size_t last_cache_bytes() noexcept
{
	return kBytes;
}

} // namespace accel::core::engine
