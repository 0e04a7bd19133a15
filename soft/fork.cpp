// SPDX-License-Identifier: MIT
// The gate between calls and fork().
#include "soft/fork.hpp"

#include "soft/at_exit.hpp"
#include "sys/sys.hpp"

#include <climits>
#include <cstdint>
#include <pthread.h>

namespace accel::core::softdev {

namespace {

/* Calls inside in the low half, forks under way in the high half. A futex word. */
uint32_t gate;
constexpr uint32_t kFork = 1u << 16;

void enter()
{
	while (__atomic_fetch_add(&gate, 1, __ATOMIC_ACQUIRE) >= kFork) {
		uint32_t now = __atomic_sub_fetch(&gate, 1, __ATOMIC_RELEASE);

		if (now >= kFork && now % kFork == 0)
			sys::futex_wake(&gate, INT_MAX);
		if (now >= kFork)
			sys::futex_wait(&gate, now, UINT64_MAX);
	}
}

void leave()
{
	uint32_t now = __atomic_sub_fetch(&gate, 1, __ATOMIC_RELEASE);

	if (now >= kFork && now % kFork == 0)
		sys::futex_wake(&gate, INT_MAX);
}

void before_fork()
{
	uint32_t now = __atomic_add_fetch(&gate, kFork, __ATOMIC_ACQUIRE);

	while (now % kFork) {
		sys::futex_wait(&gate, now, UINT64_MAX);
		now = __atomic_load_n(&gate, __ATOMIC_ACQUIRE);
	}
	/* In this order: a call may prepare as well (the self-test does). */
	hold_preparations();
}

void after_fork_in_parent()
{
	release_preparations();
	__atomic_sub_fetch(&gate, kFork, __ATOMIC_RELEASE);
	sys::futex_wake(&gate, INT_MAX);
}

/* Nobody but this thread is there, whatever the parent's word said. */
void after_fork_in_child()
{
	__atomic_store_n(&gate, 0, __ATOMIC_RELEASE);
}

/* Runs when the library is loaded. Without memory for it fork() is not held back; nothing else changes. */
[[maybe_unused]] const int registered =
	pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);

} // namespace

CallGuard::CallGuard() noexcept
{
	enter();
}

CallGuard::~CallGuard()
{
	leave();
}

CallPause::CallPause() noexcept
{
	leave();
}

CallPause::~CallPause()
{
	enter();
}

} // namespace accel::core::softdev
