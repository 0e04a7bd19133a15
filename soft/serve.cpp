// SPDX-License-Identifier: MIT
// What workers do with a queue: take descriptors, execute, complete, wake, and leave when there is nothing.
#include "soft/serve.hpp"
#include "soft/worker.hpp"

#include <algorithm>
#include <climits>

namespace accel::core::softdev {

namespace {

/* Completions after which a client that may be short of room hears of them, to post anew beside the worker. More
 * often, the counter's line goes back and forth for it; less often, each waits for the other. */
constexpr uint64_t kRetireEntries = 24;
/* Looks in vain before the clock is asked: that costs as much as some looks. */
constexpr uint32_t kPollsPerClock = 64;
/* How far ahead entries are fetched, which lie in the caches of who wrote them. */
constexpr uint32_t kPrefetchEntries = 16;
/* Operations up to this one take no longer than their bytes. */
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
	if (now - assignment.empty_since_ns < device_.spin_ns())
		return false;

	/* The bit first: from here on whoever wants help may queue the assignment, and the worker will see it in
	 * its inbox after this. */
	idle_assignments_.fetch_or(uint64_t{1} << assignment.index, std::memory_order_relaxed);
	if (pollers_.fetch_sub(1, std::memory_order_seq_cst) > 1 ||
	    ring_.sleep(next_.load(std::memory_order_relaxed)))
		return true;
	/* There is a descriptor, but one that waits for another worker, which will look when it is done. */
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
		.errors = &device_.errors(),
		.injection = &device_.injection(),
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

/* Everything before @sequence is done: count it, then let the client see it. Nobody is woken, which retire_and_wake() does at
 * the end of a turn: a system call in the middle would hold up the other descriptors. */
[[gnu::always_inline]] inline void Queue::retire(Counters &counters, ExecutionContext &context,
						 Progress &progress, uint64_t sequence)
{
	const uint64_t attention = progress.attention;

	account(counters, context, progress);
	ring_.retire(sequence, attention);
}

/* The same, and wake the client if it sleeps. */
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
	/* Each look takes the first entry along, so that it arrives together with the news of it. */
	__builtin_prefetch(ring_.entry(next));
	const uint32_t found = ring_.look(next, kEntriesPerPass + 1);
	const uint32_t there = std::min(found, kEntriesPerPass);
	/* With more than a context there, the client can wait: the worker will not be idle meanwhile. */
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
	/* Before the last completions are told: who then unmaps something need not wait. */
	context.release();
	retire_and_wake(assignment.counters, context, progress, next);
	return true;
}

bool Queue::run_inline(uint64_t sequence)
{
	Descriptor descriptor;

	if (!ring_.is_next(sequence))
		return false; /* the worker has something to do, which comes first */
	fetch(descriptor, ring_.entry(sequence));
	if (descriptor.op > kLastInline || descriptor.transfer.length > inline_limit_ ||
	    cancel_before_.load(std::memory_order_acquire) > sequence)
		return false;

	Record record{};

	inline_context_.sequence = sequence;
	inline_context_.inject = device_.injection().mask();
	const Outcome outcome = execute_here(inline_context_, descriptor, record);
	Progress progress{.taken = 1};

	if (outcome.record) [[unlikely]]
		progress.attention = sequence + 1;
	if (outcome.status != ACCEL_RING_STATUS_SUCCESS) [[unlikely]] {
		progress.faults = 1;
		if (stop_on_fault_)
			stop(sequence);
	}
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
