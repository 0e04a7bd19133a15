// SPDX-License-Identifier: MIT
// The sums of the counters of queues.
#include "soft/queue/totals.hpp"

#include "soft/queue/queue.hpp"

namespace accel::core::softdev {

void Totals::add(const Queue &queue)
{
	const Queue::Info info = queue.info();

	sum.submitted += info.submitted;
	sum.completed += info.completed;
	sum.faults += info.faults;
	sum.bytes += info.bytes;
	sum.kicks += info.kicks;
	sum.wakes += info.wakes;
	sum.spins += info.spins;
}

accel_counters_slot slot_of(const Queue &queue)
{
	Totals totals;

	totals.sum.queue = queue.number;
	totals.sum.entries = queue.layout().entry_count;
	totals.sum.parallel = queue.parallel();
	totals.sum.depth = queue.waiting();
	totals.sum.state = queue.info().state;
	totals.add(queue);
	return totals.sum;
}

} // namespace accel::core::softdev
