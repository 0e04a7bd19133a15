// SPDX-License-Identifier: MIT
// Several workers serve one queue in parallel: each claims one entry at a time; entries are retired in order.
#include "soft/queue/serve.hpp"
#include "soft/queue/worker.hpp"

#include <bit>

namespace accel::core::softdev {

namespace {

/* For entries of at least this length it pays to wake another worker, which polls the ring meanwhile. */
constexpr uint64_t kVeryLongBytes = 65536;
/* Values in a slot of done_: done; done, and the client must read status or record (see DeviceRing::retire()). */
constexpr uint8_t kDone = 1, kDoneAttention = 2;

bool is_very_long(const Descriptor &d)
{
	return d.op >= ACCEL_SOFT_OP_DEFLATE || d.transfer.length >= kVeryLongBytes;
}

} // namespace

bool Queue::serve_shared(Assignment &assignment)
{
	ExecutionContext context = make_context(assignment);
	Progress progress;
	Claimed claimed;
	bool worked = false;

	assignment.fenced = false;
	for (uint32_t i = 0; i < kEntriesPerPass && claim(assignment, claimed); i++) {
		const bool very_long = is_very_long(claimed.descriptor);

		if (claimed.more)
			wake_helper();
		if (very_long)
			stop_polling();
		work(assignment.counters, context, progress, claimed.sequence, claimed.descriptor,
		     claimed.canceled || is_canceled(claimed.sequence));
		if (very_long)
			resume_polling();
		const uint8_t done = progress.attention ? kDoneAttention : kDone;

		account(assignment.counters, context, progress);
		done_[claimed.sequence & (ring_.count() - 1)].store(done,
								    std::memory_order_release);
		retire_done(assignment);
		worked = true;
	}
	context.release();
	return worked;
}

bool Queue::claim(Assignment &assignment, Claimed &claimed)
{
	if (claimed_.load(std::memory_order_relaxed) ||
	    claimed_.exchange(true, std::memory_order_acquire))
		return false; /* another worker is claiming, and wakes a helper if more is published */

	uint64_t next = next_.load(std::memory_order_relaxed);
	uint64_t retired = retired_.load(std::memory_order_acquire);
	/* No worker claims an entry a lap ahead of the oldest one that is not retired, so that a slot of done_ belongs
	 * to one entry at a time. */
	uint32_t there =
		next - retired < ring_.count() && !leaving() ? ring_.available(next, 2) : 0;

	if (there) {
		fetch(claimed.descriptor, ring_.entry(next));
		/* An entry with a fence, and all entries after it, stay unclaimed until it is the oldest. No worker
		 * blocks. */
		assignment.fenced = claimed.descriptor.flags & ACCEL_SOFT_DESCRIPTOR_FLAGS_FENCE &&
				    retired != next;
		assignment.fenced_at = next;
		if (assignment.fenced)
			there = 0;
	}
	if (there) {
		claimed.canceled = is_canceled(next);
		next_.store(next + 1, std::memory_order_relaxed);
	}
	claimed_.store(false, std::memory_order_release);
	claimed.sequence = next;
	claimed.more = there > 1;
	return there;
}

/* More entries are published than this worker can execute now: make one more worker poll the ring. */
void Queue::wake_helper()
{
	if (uint64_t idle = idle_assignments_.load(std::memory_order_relaxed)) {
		Assignment &assignment =
			assignments_[static_cast<unsigned>(std::countr_zero(idle))];
		assignment.worker->submit(assignment);
	}
}

/* This worker does not poll the ring during a long entry. If no other worker polls it, the next producer must kick. */
void Queue::stop_polling()
{
	if (pollers_.fetch_sub(1, std::memory_order_seq_cst) == 1 &&
	    !ring_.sleep(next_.load(std::memory_order_relaxed)))
		wake_helper();
}

void Queue::resume_polling()
{
	pollers_.fetch_add(1, std::memory_order_seq_cst);
	ring_.awake();
}

/* Every worker that has finished an entry increments retire_requests_. The worker that raised it from 0 retires for
 * all, and repeats while the count has changed. Excluded is an entry that no worker retires: worker B stores its done_
 * slot, then increments the count. If B increments it after worker A's last load of the slots, A's exchange to 0 fails,
 * and A loads the slots again. */
void Queue::retire_done(Assignment &assignment)
{
	uint32_t asked = retire_requests_.fetch_add(1, std::memory_order_acq_rel) + 1;

	if (asked != 1)
		return;
	do {
		const uint64_t before = retired_.load(std::memory_order_relaxed);
		uint64_t at = before, attention = 0;

		while (uint8_t done =
			       done_[at & (ring_.count() - 1)].load(std::memory_order_acquire)) {
			done_[at & (ring_.count() - 1)].store(0, std::memory_order_relaxed);
			at++;
			if (done == kDoneAttention)
				attention = at;
		}
		if (at != before) {
			retired_.store(at, std::memory_order_release);
			ring_.retire(at, attention);
			if (uint32_t bits = ring_.take_waiter())
				wake(assignment.counters, bits);
		}
	} while (!retire_requests_.compare_exchange_strong(asked, 0, std::memory_order_acq_rel));
}

} // namespace accel::core::softdev
