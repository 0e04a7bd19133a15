// SPDX-License-Identifier: MIT
// The assignment of a queue to one of its workers.
#pragma once

#include "sys/sys.hpp"

#include <atomic>
#include <cstdint>

namespace accel::core::softdev {

class Queue;
class Worker;

/// The work of one assignment or of the inline path. Written by one thread at a time, read by any thread.
struct Counters {
	std::atomic<uint64_t> submitted{0};
	std::atomic<uint64_t> completed{0};
	std::atomic<uint64_t> faults{0};
	std::atomic<uint64_t> bytes{0};
	std::atomic<uint64_t> wakes{0};
};

/// A queue has one assignment for each worker that may serve it. Owned by the queue; dropped by the worker.
///
/// A thread that needs the worker to poll the queue moves the state from idle to queued; if the move succeeds, it
/// pushes the assignment into the worker's inbox. The worker takes it out, sets it to idle, then polls. It moves it to
/// dropped (permanently) only from idle, so a dropped assignment is in no inbox and may be freed.
struct alignas(128) Assignment {
	enum : uint32_t { idle, queued, dropped };

	Queue *queue = nullptr;
	Worker *worker = nullptr;
	uint32_t index = 0;    // among the assignments of the queue
	uint32_t state = idle; // futex word of wait_until_dropped()
	Assignment *next_in_inbox = nullptr;

	// Used by the worker only.
	bool active = false;		 // on its list of queues to poll
	uint64_t spins_at_last_find = 0; // `spins` when an entry was found last
	uint64_t empty_since_ns = 0;	 // when the clock was read first
	bool fenced = false;		 // the next entry has a fence and waits for other workers
	uint64_t fenced_at = 0;		 // sequence of that entry

	Counters counters;		// written by the worker
	std::atomic<uint64_t> spins{0}; // empty polls, written by the worker

	/// Sets empty_polls() to 0: an entry was found.
	void reset_empty_polls() { spins_at_last_find = spins.load(std::memory_order_relaxed); }
	/// The number of empty polls since an entry was found.
	uint64_t empty_polls() const
	{
		return spins.load(std::memory_order_relaxed) - spins_at_last_find;
	}

	/// Change the state from @from to @to. False: it was not @from.
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

/// Adds to a counter that only the calling thread writes.
inline void count(std::atomic<uint64_t> &counter, uint64_t by)
{
	counter.store(counter.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
}

} // namespace accel::core::softdev
