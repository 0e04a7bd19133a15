// SPDX-License-Identifier: MIT
// Workers serve a queue: copy entries, execute, complete and retire them, wake the client, and stop polling.
#include "soft/queue/serve.hpp"
#include "soft/queue/worker.hpp"

#include <algorithm>
#include <climits>

namespace accel::core::softdev {

namespace {

/* Completions after which they are retired within a pass, so that a client short of free slots can publish while the
 * worker executes. With a smaller number the cache line of the ring's counter moves between the two more often; with a
 * larger one each of them waits for the other. */
constexpr uint64_t kRetireEntries = 24;
/* Empty polls between two readings of the clock: reading it takes as long as several polls. */
constexpr uint32_t kPollsPerClock = 64;
/* How far ahead entries are prefetched: they are in the cache of the producer. */
constexpr uint32_t kPrefetchEntries = 16;
/* The duration of operations up to this one depends only on their length. */
constexpr uint8_t kLastInline = ACCEL_SOFT_OP_COPY_CRC32C;

} // namespace

void Queue::join(Assignment &assignment)
{
	pollers_.fetch_add(1, std::memory_order_seq_cst);
	idle_assignments_.fetch_and(~(uint64_t{1} << assignment.index), std::memory_order_relaxed);
}

bool Queue::leave(Assignment &assignment)
{
	count(assignment.spins, 1);
	if (assignment.empty_polls() % kPollsPerClock)
		return false;
	uint64_t now = sys::now_ns();

	if (assignment.empty_polls() == kPollsPerClock)
		assignment.empty_since_ns = now;
	if (now - assignment.empty_since_ns < resources_.tuning.spin_ns())
		return false;

	/* Set the idle bit before pollers_ drops. A worker that sees the bit in wake_helper() puts this assignment into
	 * the inbox, and this worker reads its inbox after this function, so the request is not lost. */
	idle_assignments_.fetch_or(uint64_t{1} << assignment.index, std::memory_order_relaxed);
	if (pollers_.fetch_sub(1, std::memory_order_seq_cst) > 1 ||
	    ring_.sleep(next_.load(std::memory_order_relaxed)))
		return true;
	/* An entry is published, but its fence waits for another worker, which polls the ring after its entry. */
	if (assignment.fenced && next_.load() == assignment.fenced_at &&
	    retired_.load(std::memory_order_seq_cst) != assignment.fenced_at)
		return true;
	join(assignment);
	assignment.reset_empty_polls();
	return false;
}

bool Queue::serve(Assignment &assignment)
{
	return assignment_count_ == 1 ? serve_alone(assignment) : serve_shared(assignment);
}

ExecutionContext Queue::make_context(ExecutionResources &resources, Hazard *hazard) const
{
	return {.resources = resources,
		.current = space_.table(),
		.hazard = hazard,
		.objects = &objects_,
		.errors = &resources_.errors,
		.injection = &resources_.injection,
		.leaving = &leaving_};
}

ExecutionContext Queue::make_context(Assignment &assignment) const
{
	return make_context(assignment.worker->resources(), &assignment.worker->hazard());
}

bool Queue::is_canceled(uint64_t sequence) const
{
	return sequence < cancel_before_.load(std::memory_order_acquire) &&
	       sequence > fault_.load(std::memory_order_relaxed);
}

void Queue::wake(Counters &counters, uint32_t bits)
{
	if (bits & ACCEL_RING_WAITER_SLEEPING) {
		count(counters.wakes, 1);
		sys::futex_wake(ring_.waiter_word(), INT_MAX);
	}
	if (bits & ACCEL_RING_WAITER_EVENT && event_) {
		count(counters.wakes, 1);
		event_->signal();
	}
}

/* Counts the entries before @sequence, all of which are done, and retires them. Does not wake the client: within a pass
 * a system call would delay the other entries, so retire_and_wake() does it at the end. */
[[gnu::always_inline]] inline void Queue::retire(Counters &counters, ExecutionContext &context,
						 Progress &progress, uint64_t sequence)
{
	const uint64_t attention = progress.attention;

	account(counters, context, progress);
	ring_.retire(sequence, attention);
}

/* Retires, and wakes the client if it sleeps. */
[[gnu::always_inline]] inline void Queue::retire_and_wake(Counters &counters,
							  ExecutionContext &context,
							  Progress &progress, uint64_t sequence)
{
	retire(counters, context, progress, sequence);
	if (uint32_t bits = ring_.take_waiter()) [[unlikely]]
		wake(counters, bits);
}

bool Queue::serve_alone(Assignment &assignment)
{
	uint64_t next = next_.load(std::memory_order_relaxed);
	/* Prefetch the first entry with every poll, so that it arrives together with its publication mark. */
	__builtin_prefetch(ring_.entry(next));
	const uint32_t found = ring_.look(next, kEntriesPerPass + 1);
	const uint32_t there = std::min(found, kEntriesPerPass);
	/* If more than a pass is published, retire only at its end: the worker has entries left while the client
	 * waits. */
	const uint64_t retire_after = found > kEntriesPerPass ? kEntriesPerPass : kRetireEntries;

	next_.store(next, std::memory_order_relaxed);
	if (!there || leaving())
		return false;

	const uint64_t end = next + there;
	uint64_t retired = next;
	for (uint32_t i = 1; i < std::min(there, kPrefetchEntries); i++)
		__builtin_prefetch(ring_.entry(next + i));
	ExecutionContext context = make_context(assignment);
	Progress progress;

	while (next != end && !leaving_.load(std::memory_order_relaxed)) {
		Descriptor descriptor;

		__builtin_prefetch(ring_.entry(std::min(next + kPrefetchEntries, end - 1)));
		fetch(descriptor, ring_.entry(next));
		if (next != retired && is_long(descriptor)) {
			retire_and_wake(assignment.counters, context, progress, next);
			retired = next;
		} else if (next - retired == retire_after) {
			retire(assignment.counters, context, progress, next);
			retired = next;
		}
		work(assignment.counters, context, progress, next, descriptor, is_canceled(next));
		next_.store(++next, std::memory_order_relaxed);
	}
	/* Release the table before the last completions are retired: a client that sees them and unmaps then does not
	 * wait for this worker. */
	context.release();
	retire_and_wake(assignment.counters, context, progress, next);
	return true;
}

bool Queue::run_inline(uint64_t sequence)
{
	Descriptor descriptor;

	if (!ring_.is_next(sequence))
		return false; /* the worker has not finished earlier entries */
	fetch(descriptor, ring_.entry(sequence));
	if (descriptor.op > kLastInline ||
	    descriptor.transfer.length > inline_limit_.load(std::memory_order_relaxed) ||
	    cancel_before_.load(std::memory_order_acquire) > sequence)
		return false;

	Record record{};
	Progress progress;
	const Outcome outcome = run(inline_context_, progress, sequence, descriptor, record);
	const uint64_t attention = progress.attention;

	account(inlined_, inline_context_, progress);
	ring_.complete(sequence, outcome.status, outcome.record ? &record : nullptr);
	ring_.retire(sequence + 1, attention);
	ring_.mark(sequence);
	if (uint32_t bits = ring_.take_waiter()) [[unlikely]]
		wake(inlined_, bits);
	return true;
}

} // namespace accel::core::softdev
