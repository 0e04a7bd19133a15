// SPDX-License-Identifier: MIT
// The sums of the counters of queues.
#pragma once

#include <cstdint>
#include <uapi/accel/counters.h>

namespace accel::core::softdev {

class Queue;

/// What the queues and workers of a pool have done, including those that no longer exist.
struct Totals {
	accel_counters_slot sum{}; // of all queues; only the members that are sums
	uint64_t worker_wakes = 0;

	/// Adds the counters of a queue to the sum.
	void add(const Queue &queue);
};

/// The present counters and the state of a queue.
accel_counters_slot slot_of(const Queue &queue);

} // namespace accel::core::softdev
