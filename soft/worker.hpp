// SPDX-License-Identifier: MIT
// A worker: one thread that looks at the rings of its queues and executes what it finds.
#pragma once

#include "soft/assignment.hpp"
#include "soft/execute.hpp"

#include <array>
#include <atomic>
#include <cstdint>

namespace accel::core::softdev {

class Device;

inline constexpr unsigned kMaxQueues = 1024; // of a device

/// Looks at its active queues in turn. A queue without work for a while goes off the list, and its ring says
/// that somebody must kick; with no queue left the thread sleeps. A kick puts the assignment into the inbox.
class alignas(128) Worker {
public:
	/// @hazard is where this worker says which table of mappings it reads.
	Worker(Device &device, Hazard &hazard) : device_(device), hazard_(hazard) {}
	Worker(const Worker &) = delete;
	Worker &operator=(const Worker &) = delete;

	/// Start the thread. 0 or a negative errno.
	int start();
	/// End it; its assignments must be dropped, or nobody may look at them any more.
	void stop();

	/// Have the worker look at the queue of an assignment. Any thread, no lock; wakes the worker if it sleeps.
	void submit(Assignment &assignment);

	/// Nanoseconds in which a word goes from the calling thread to the worker and one comes back; 0: it could
	/// not be measured, since the worker has something to do or gets no processor. One caller at a time.
	uint64_t measure_round_trip();

	/// Whether it looks at no queue.
	bool idle() const { return active_count_.load(std::memory_order_relaxed) == 0; }
	/// Assignments it was given; of the device, under its lock.
	unsigned load = 0;
	/// Times it woke from sleep.
	uint32_t wakes() const { return wakes_.load(std::memory_order_relaxed); }

	// For the queue it serves.
	ExecutionResources &resources() { return resources_; }
	Hazard &hazard() { return hazard_; }
	Device &device() { return device_; }

private:
	void run();
	void admit();
	void admit(Assignment &assignment);
	bool round();
	void remove(unsigned position);
	void sleep();
	void wake();
	void answer_probe();

	Device &device_;
	Hazard &hazard_;
	unsigned long thread_ = 0;
	ExecutionResources resources_;
	std::atomic<unsigned> active_count_{0}; // written by the thread alone
	std::array<Assignment *, kMaxQueues> active_;

	// Written by others.
	alignas(128) std::atomic<Assignment *> inbox_{nullptr};
	std::atomic<bool> stop_{false};
	uint32_t sleeping_ = 0; // futex word
	std::atomic<uint32_t> wakes_{0};
	std::atomic<bool> probing_{false};
	alignas(128) std::atomic<uint32_t> probe_{0}; // odd: to be answered by the next even number
};

} // namespace accel::core::softdev
