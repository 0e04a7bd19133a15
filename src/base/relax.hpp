// SPDX-License-Identifier: MIT
// The hint to the processor that a loop polls memory.
#pragma once

namespace accel::core {

/// Saves power, and leaves the core to its other hardware thread. Call once in each iteration of a polling loop.
inline void relax()
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ __volatile__("yield");
#endif
}

} // namespace accel::core
