// SPDX-License-Identifier: MIT
// A worker: a thread that polls the rings of its queues and executes their entries.
#pragma once

#include "soft/execute/execute.hpp"
#include "soft/queue/assignment.hpp"

#include <array>
#include <atomic>
#include <cstdint>

namespace accel::core::softdev {

inline constexpr unsigned kMaxQueues = 1024; // of a device

/// Polls its active queues one after the other. A queue that was empty for spin-ns is removed from the list, and its
/// ring requests a kick; with no queue left the thread sleeps. A kick puts the assignment into the inbox.
class alignas(128) Worker {
public:
	/// @hazard is where this worker publishes which table of mappings it reads.
	explicit Worker(Hazard &hazard) : hazard_(hazard) {}
	Worker(const Worker &) = delete;
	Worker &operator=(const Worker &) = delete;

	/// Start the thread. Returns 0 or a negative errno.
	int start();
	/// Stop and join the thread. Its assignments must be dropped.
	void stop();

	/// Make the worker poll the queue of an assignment. Any thread, no lock; wakes the worker if it sleeps.
	void submit(Assignment &assignment);

	/// Returns the round-trip time in nanoseconds of a word from the calling thread to the worker and back; 0: not
	/// measured, because the worker is busy or gets no processor. One caller at a time.
	uint64_t measure_round_trip();

	/// Whether the worker polls no queue.
	bool idle() const { return active_count_.load(std::memory_order_relaxed) == 0; }
	/// The number of its assignments; guarded by the lock of the pool.
	unsigned load = 0;
	/// How often the worker woke from sleep.
	uint32_t wakes() const { return wakes_.load(std::memory_order_relaxed); }

	// For the queues that the worker serves.
	ExecutionResources &resources() { return resources_; }
	Hazard &hazard() { return hazard_; }

private:
	void run();
	void admit();
	void admit(Assignment &assignment);
	bool round();
	void remove(unsigned position);
	void sleep();
	void wake();
	void answer_probe();

	Hazard &hazard_;
	unsigned long thread_ = 0;
	ExecutionResources resources_;
	std::atomic<unsigned> active_count_{0}; // written by the worker thread only
	std::array<Assignment *, kMaxQueues> active_;

	// Written by other threads.
	alignas(128) std::atomic<Assignment *> inbox_{nullptr};
	std::atomic<bool> stop_{false};
	uint32_t sleeping_ = 0; // futex word
	std::atomic<uint32_t> wakes_{0};
	std::atomic<bool> probing_{false};
	alignas(128) std::atomic<uint32_t> probe_{
		0}; // odd: a request; the answer is the next number
};

} // namespace accel::core::softdev
