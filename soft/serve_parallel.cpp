// SPDX-License-Identifier: MIT
// Workers that serve one queue beside each other: they claim one descriptor at a time and retire in order.
#include "soft/serve.hpp"
#include "soft/worker.hpp"

#include <bit>

namespace accel::core::softdev {

namespace {

/* Bytes from which on it pays to have somebody else look at the ring meanwhile. */
constexpr uint64_t kVeryLongBytes = 65536;
/* What a slot of done_ says. */
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
		return false; /* another worker is at it, and will ask for help if there is more */

	uint64_t next = next_.load(std::memory_order_relaxed);
	uint64_t retired = retired_.load(std::memory_order_acquire);
	/* Not a lap ahead of the oldest one, so that each slot is done once at a time. */
	uint32_t there =
		next - retired < ring_.count() && !leaving() ? ring_.available(next, 2) : 0;

	if (there) {
		fetch(claimed.descriptor, ring_.entry(next));
		/* What is behind a fence waits with it: nobody needs to be blocked for that. */
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

/* There is more than one worker can do at once: get another one to look. */
void Queue::wake_helper()
{
	if (uint64_t idle = idle_assignments_.load(std::memory_order_relaxed)) {
		Assignment &assignment =
			assignments_[static_cast<unsigned>(std::countr_zero(idle))];
		assignment.worker->submit(assignment);
	}
}

/* This worker does not look at the ring for a while. If nobody else does, the next publisher is to ring. */
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

/* Every one who has something to retire asks for it; the first one does it for all who ask meanwhile. */
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
