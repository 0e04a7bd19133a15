// SPDX-License-Identifier: MIT
// A ring whose memory is the process's: submission, completion in any order, retirement in ring order.
#include "ring/process_ring.hpp"

#include "sys/sys.hpp"

#include <algorithm>
#include <climits>

namespace accel::core::ring {

namespace {

/* What the byte of a slot says. */
constexpr uint8_t kOutstanding = 0, kEnded = 1, kEndedNoted = 2;

} // namespace

RingMemory ProcessRing::memory() const
{
	return {.memory = memory_,
		.size = layout_.size,
		.layout = layout_,
		.entries = entries_,
		.capacity = options_.entries};
}

void ProcessRing::publish(uint64_t sequence, uint32_t count)
{
	if (layout_.publication == ACCEL_RING_PUBLICATION_INDEX)
		ring_.mark(sequence + count - 1);
	else
		for (uint32_t i = 0; i < count; i++)
			ring_.mark(sequence + i);
}

ProcessRing::Run ProcessRing::pending(uint32_t most)
{
	const uint64_t at = state_->submitted.load(std::memory_order_relaxed);
	uint32_t count = options_.tail ? 0 : ring_.available(at, most);

	if (!entries_mapped_)
		count = std::min(count, slots() - static_cast<uint32_t>(at & (slots() - 1)));
	/* The thread that submits stores this before it calls the kernel, and the thread that completes loads it:
	 * an entry may end before submitted() is called for it, and is then not taken for one that nobody handed out.
	 * Release and acquire also order the status byte, which was the poller's until the entry was reserved. */
	if (state_->handed.load(std::memory_order_relaxed) < at + count)
		state_->handed.store(at + count, std::memory_order_release);
	return {at, count, entry(at)};
}

void ProcessRing::submitted(uint32_t count)
{
	const uint64_t at = state_->submitted.load(std::memory_order_relaxed);

	state_->submitted.store(at + count, std::memory_order_release);
	wake_for_work();
}

void ProcessRing::wake_for_work()
{
	/* The thread that waits sets its bit and then looks whether work is in flight; this one stores that there is, and
	 * then looks at the bit. The wake order excludes that both see the old value. The bit of the event is left: it
	 * is for completions. */
	if (ring_.take_waiter(ACCEL_RING_WAITER_SLEEPING))
		sys::futex_wake(ring_.waiter_word(), INT_MAX);
}

ProcessRing::Retired ProcessRing::refuse(int error)
{
	accel_ring_record record{};

	record.detail = static_cast<uint64_t>(error);
	record.status = ACCEL_RING_STATUS_SUBMIT_ERROR;
	/* False if nothing is pending. */
	if (!complete(state_->submitted.load(std::memory_order_relaxed),
		      ACCEL_RING_STATUS_SUBMIT_ERROR, &record))
		return {};
	/* Retired before it counts as submitted: excluded is that a thread that waits finds it in flight, and asks the
	 * kernel to wait for something that the kernel does not have. */
	const Retired retired = retire();

	submitted(1);
	return retired;
}

bool ProcessRing::complete(uint64_t sequence, uint8_t status, const accel_ring_record *record)
{
	const uint64_t end =
		options_.tail ? ring_.published() : state_->handed.load(std::memory_order_acquire);

	if (has_ended(sequence) || sequence >= end)
		return false;
	ring_.complete(sequence, status, record);
	/* The thread that retires loads this before it publishes the status byte and the record. */
	ended(sequence).store(status == ACCEL_RING_STATUS_SUCCESS && !record ? kEnded : kEndedNoted,
			      std::memory_order_release);
	return true;
}

/* Takes what has ended, in order. Returns the first sequence that has not; @noted as in DeviceRing::retire(). */
uint64_t ProcessRing::retire_run(uint64_t &noted)
{
	const uint64_t before = state_->retired.load(std::memory_order_relaxed);
	uint64_t at = before;

	/* A lap at most: the bytes of its slots are cleared later. */
	while (at - before < slots()) {
		const uint8_t how = ended(at).load(std::memory_order_acquire);

		if (how == kOutstanding)
			break;
		at++;
		if (how == kEndedNoted)
			noted = at;
	}
	return at;
}

ProcessRing::Retired ProcessRing::retire()
{
	/* Every thread that completed something asks; the first one serves all that ask meanwhile. The exchange at the end
	 * fails if another thread asked after the last look, whose completion that look may have missed. */
	uint32_t asked = state_->requests.fetch_add(1, std::memory_order_acq_rel) + 1;
	Retired retired{};

	if (asked != 1)
		return retired;
	do {
		const uint64_t before = state_->retired.load(std::memory_order_relaxed);
		uint64_t noted = 0;
		const uint64_t at = retire_run(noted);

		if (at == before)
			continue;
		retired.count += at - before;
		state_->retired.store(at, std::memory_order_release);
		/* A thread in complete() loads the byte and then `retired`; this one stores them the other way round.
		 * Excluded is that a second completion of one of these entries finds the byte cleared and the
		 * entry outstanding. The slots are in use again only after ring_.retire(). */
		for (uint64_t done = before; done < at; done++)
			ended(done).store(kOutstanding, std::memory_order_release);
		ring_.retire(at, noted);
		if (const uint32_t bits = ring_.take_waiter()) {
			retired.signal_event |= (bits & ACCEL_RING_WAITER_EVENT) != 0;
			if (bits & ACCEL_RING_WAITER_SLEEPING)
				sys::futex_wake(ring_.waiter_word(), INT_MAX);
		}
	} while (!state_->requests.compare_exchange_strong(asked, 0, std::memory_order_acq_rel));
	return retired;
}

uint64_t ProcessRing::end() const
{
	return options_.tail ? ring_.published() :
			       state_->submitted.load(std::memory_order_acquire);
}

bool ProcessRing::has_ended(uint64_t sequence) const
{
	/* In this order: see retire(). */
	return ended(sequence).load(std::memory_order_acquire) != kOutstanding ||
	       sequence < oldest();
}

uint64_t ProcessRing::in_flight() const
{
	const uint64_t first = oldest(), last = end();

	/* An entry may be retired before submitted() is called for it. */
	return last > first ? last - first : 0;
}

bool ProcessRing::set_gone()
{
	return ring::set_gone(static_cast<accel_ring_control *>(memory_)) & ACCEL_RING_WAITER_EVENT;
}

bool ProcessRing::gone() const
{
	const auto *control = static_cast<const accel_ring_control *>(memory_);

	return __atomic_load_n(&control->state, __ATOMIC_ACQUIRE) == ACCEL_QUEUE_STATE_GONE;
}

} // namespace accel::core::ring
