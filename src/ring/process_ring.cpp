// SPDX-License-Identifier: MIT
// A ring whose memory is the process's: submission, completion in any order, retirement in ring order.
#include "ring/process_ring.hpp"

#include "sys/sys.hpp"

#include <algorithm>
#include <climits>

namespace accel::core::ring {

namespace {

/* Values of the byte of a slot. */
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
	/* This thread stores `handed` before it calls the kernel; the completing thread loads it in complete().
	 * Excluded: an entry completes before submitted() is called for it, and is rejected as not outstanding. Release
	 * and acquire also exclude that the completing thread writes a status byte that the consumer still reads in the
	 * previous lap. */
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
	/* A waiting thread sets its bit and then reads whether work is in flight or waits for room; this thread has
	 * stored that there is, and now loads the bit. The wake order excludes that both load the old value. The bit of the event stays: it
	 * is for completions. */
	if (ring_.take_waiter(ACCEL_RING_WAITER_SLEEPING))
		sys::futex_wake(ring_.waiter_word(), INT_MAX);
}

ProcessRing::Retired ProcessRing::refuse(int error)
{
	accel_ring_record record{};

	record.detail = static_cast<uint64_t>(error);
	record.status = ACCEL_RING_STATUS_SUBMIT_ERROR;
	/* Fails if nothing is pending. */
	if (!complete(state_->submitted.load(std::memory_order_relaxed),
		      ACCEL_RING_STATUS_SUBMIT_ERROR, &record))
		return {};
	/* Before submitted(): otherwise a waiting thread could count the entry as in flight until retire(), and ask the
	 * kernel to wait for an entry that the kernel does not have. */
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
	/* The retiring thread loads this byte and then publishes status and record, which this thread has just written.
	 * Excluded: it publishes them before they are written. */
	ended(sequence).store(status == ACCEL_RING_STATUS_SUCCESS && !record ? kEnded : kEndedNoted,
			      std::memory_order_release);
	return true;
}

/* Returns the sequence of the first entry that is not completed; @noted as in DeviceRing::retire(). */
uint64_t ProcessRing::retire_run(uint64_t &noted)
{
	const uint64_t before = state_->retired.load(std::memory_order_relaxed);
	uint64_t at = before;

	/* At most one lap: the bytes of its slots are cleared later. */
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
	/* Each thread that completed an entry adds a request. The first serves all requests that come meanwhile.
	 * Excluded: another thread completes an entry after the last read of its byte here and leaves it to this
	 * thread, which returns. The exchange at the end then fails, because `requests` has changed. */
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
		/* This thread stores `retired` and then clears the bytes; a thread in complete() loads the byte and
		 * then `retired`. Excluded: it loads the cleared byte and the old `retired`, and completes a retired
		 * entry again. The slots are reused only after ring_.retire(). */
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

	/* `submitted` may be lower than `retired`: an entry may be retired before submitted() is called for it. An
	 * entry that is submitted and retired between the two loads is counted once. */
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
