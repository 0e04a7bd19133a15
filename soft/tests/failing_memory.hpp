// SPDX-License-Identifier: MIT
// Replaces operator new, so that a test can make allocations fail.
#pragma once

#include <atomic>

namespace accel::core::softdev::test {

/// Number of allocations of this thread until one fails; 0: none fails.
extern constinit thread_local long allocations_left;
extern constinit thread_local bool allocation_failed;
/// Every allocation of other threads fails.
extern constinit std::atomic<bool> others_fail;
extern constinit thread_local bool is_test_thread;

} // namespace accel::core::softdev::test
