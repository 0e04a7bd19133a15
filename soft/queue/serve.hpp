// SPDX-License-Identifier: MIT
// The steps for each entry, inlined into the loops for one worker and for several workers.
#pragma once

#include "soft/execute/work.hpp"
#include "soft/queue/queue.hpp"
#include "soft/queue/queue_resources.hpp"

namespace accel::core::softdev {

/* The largest number of entries of one queue before the worker polls its next queue. */
inline constexpr uint32_t kEntriesPerPass = 64;

[[gnu::always_inline]] inline void Queue::account(Counters &counters, ExecutionContext &context,
						  Progress &progress)
{
	count(counters.submitted, progress.taken);
	count(counters.completed, progress.taken);
	if (progress.faults)
		count(counters.faults, progress.faults);
	if (context.bytes)
		count(counters.bytes, context.bytes);
	progress = {};
	context.bytes = 0;
}

[[gnu::always_inline]] inline Outcome Queue::run(ExecutionContext &context, Progress &progress,
						 uint64_t sequence, const Descriptor &descriptor,
						 Record &record)
{
	context.sequence = sequence;
	context.inject = resources_.injection.mask();
	const Outcome outcome = execute_here(context, descriptor, record);

	progress.taken++;
	if (outcome.record)
		progress.attention = sequence + 1;
	if (outcome.status != ACCEL_RING_STATUS_SUCCESS) [[unlikely]] {
		progress.faults++;
		if (stop_on_fault_)
			stop(sequence);
	}
	return outcome;
}

[[gnu::always_inline]] inline void Queue::work(Counters &counters, ExecutionContext &context,
					       Progress &progress, uint64_t sequence,
					       const Descriptor &descriptor, bool canceled)
{
	Record record{};
	Outcome outcome{ACCEL_RING_STATUS_CANCELED, true};

	if (canceled) [[unlikely]] {
		record.status = outcome.status;
		progress.faults++;
		progress.taken++;
		progress.attention = sequence + 1;
	} else {
		context.refresh();
		outcome = run(context, progress, sequence, descriptor, record);
	}
	/* Count before the completion becomes visible: a client that sees it may read the counters. */
	if (status_phase_)
		account(counters, context, progress);
	ring_.complete(sequence, outcome.status, outcome.record ? &record : nullptr);
}

} // namespace accel::core::softdev
