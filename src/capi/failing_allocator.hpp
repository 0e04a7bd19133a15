// SPDX-License-Identifier: MIT
// For tests: operator new and malloc of the whole program, which count and fail on demand.
#pragma once

#include <atomic>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1 // the sanitizer replaces malloc
#else
#define SANITIZED 0
#endif

namespace accel::test {

/* Only allocations of the thread that is under test are counted and fail. */
extern thread_local constinit long countdown; // 0: off; n: the n-th from now on fails
extern thread_local constinit bool failed;
extern std::atomic<long> live;

} // namespace accel::test
