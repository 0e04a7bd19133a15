// SPDX-License-Identifier: MIT
// Process exit.
#include "soft/process/at_exit.hpp"

#include "sys/sys.hpp"

#include <atomic>
#include <climits>
#include <cstdlib>

namespace accel::core::softdev {

namespace {

/* The generation of the process in which a thread prepares; 0: none. A futex word. A forked child ignores the parent's
 * generation, because the preparing thread does not exist in it. */
uint32_t preparing;

uint32_t this_process()
{
	return static_cast<uint32_t>(sys::process_generation());
}

void wait_until_prepared()
{
	const uint32_t here = this_process();

	while (__atomic_load_n(&preparing, __ATOMIC_ACQUIRE) == here)
		sys::futex_wait(&preparing, here, UINT64_MAX);
}

/* One thread at a time prepares. */
class Preparation {
public:
	Preparation()
	{
		const uint32_t here = this_process();
		uint32_t seen;

		do {
			wait_until_prepared();
			seen = __atomic_load_n(&preparing, __ATOMIC_RELAXED);
		} while (seen == here ||
			 !__atomic_compare_exchange_n(&preparing, &seen, here, false,
						      __ATOMIC_ACQUIRE, __ATOMIC_RELAXED));
	}
	~Preparation()
	{
		__atomic_store_n(&preparing, 0, __ATOMIC_RELEASE);
		sys::futex_wake(&preparing, INT_MAX);
	}
	Preparation(const Preparation &) = delete;
	Preparation &operator=(const Preparation &) = delete;
};

struct HoldExit {
	~HoldExit() { wait_until_prepared(); }
};

/* The function of stop_at_exit(); null: no worker was started. */
std::atomic<void (*)()> stop_workers{nullptr};
/* Whether exit() calls it. */
std::atomic<bool> registered{false};

} // namespace

void stop_at_exit(void (*stop)())
{
	stop_workers.store(stop);
	/* Set after the registration, so that each caller returns with the function registered. Two threads may both
	 * register it: the second call at exit finds no worker. */
	if (registered.load())
		return;
	(void)std::atexit(stop);
	registered.store(true);
}

void prepare_exit_after(engine::Multiplier &multiplier, engine::DType type)
{
	static std::atomic<bool> done[3];
	std::atomic<bool> &type_done = done[static_cast<size_t>(type)];

	if (type_done.load(std::memory_order_acquire)) [[likely]]
		return;
	Preparation preparation;
	if (type_done.load(std::memory_order_relaxed))
		return;
	/* Without memory nothing was created; the next multiplication tries again. */
	if (multiplier.prepare(type) == engine::Multiplier::Kernels::later)
		return;
	/* stop_at_exit() stores the function, then registers it. If this load misses the store, the registration comes
	 * after the objects created above. */
	if (auto *stop = stop_workers.load())
		(void)std::atexit(stop);
	type_done.store(true, std::memory_order_release);
}

void hold_exit_of_this_thread()
{
	thread_local HoldExit hold;

	(void)hold;
}

} // namespace accel::core::softdev
