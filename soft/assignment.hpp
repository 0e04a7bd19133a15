// SPDX-License-Identifier: MIT
// The place of one queue at one worker.
#pragma once

#include "sys/sys.hpp"

#include <atomic>
#include <cstdint>

namespace accel::core::softdev {

class Queue;
class Worker;

/// What was done for a queue at one place. Written by one thread at a time, read by anybody.
struct Counters {
	std::atomic<uint64_t> submitted{0};
	std::atomic<uint64_t> completed{0};
	std::atomic<uint64_t> faults{0};
	std::atomic<uint64_t> bytes{0};
	std::atomic<uint64_t> wakes{0};
};

/// A queue has one assignment for each worker that may serve it. Owned by the queue; dropped by the worker.
///
/// Who wants the worker to look at the queue moves the state from idle to queued, and only who does that may
/// put the assignment into the inbox. The worker takes it out, sets it idle, then looks. It drops the assignment (for
/// ever) only while it is idle, so a dropped assignment is in no inbox and its memory may go.
struct alignas(128) Assignment {
	enum : uint32_t { idle, queued, dropped };

	Queue *queue = nullptr;
	Worker *worker = nullptr;
	uint32_t index = 0;    // among the assignments of the queue
	uint32_t state = idle; // futex word of who waits for `dropped`
	Assignment *next_in_inbox = nullptr;

	// The worker's own.
	bool active = false;		 // on its list of queues to look at
	uint64_t spins_at_last_find = 0; // looks in vain, until something was found
	uint64_t empty_since_ns = 0;	 // since the clock was asked
	bool fenced = false;		 // what it found waits for other workers
	uint64_t fenced_at = 0;		 // its sequence

	Counters counters;		// written by the worker
	std::atomic<uint64_t> spins{0}; // looks in vain, written by the worker

	/// The looks in vain end here; empty_polls() is 0.
	void reset_empty_polls() { spins_at_last_find = spins.load(std::memory_order_relaxed); }
	/// Looks in vain since something was found.
	uint64_t empty_polls() const
	{
		return spins.load(std::memory_order_relaxed) - spins_at_last_find;
	}

	/// Move the state; true if it was @from.
	bool move(uint32_t from, uint32_t to)
	{
		return __atomic_compare_exchange_n(&state, &from, to, false, __ATOMIC_ACQ_REL,
						   __ATOMIC_ACQUIRE);
	}
	void wait_until_dropped()
	{
		uint32_t seen;

		while ((seen = __atomic_load_n(&state, __ATOMIC_ACQUIRE)) != dropped)
			sys::futex_wait(&state, seen, UINT64_MAX);
	}
};

/// Add to a counter that only the caller writes.
inline void count(std::atomic<uint64_t> &counter, uint64_t by)
{
	counter.store(counter.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
}

} // namespace accel::core::softdev
