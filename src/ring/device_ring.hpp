// SPDX-License-Identifier: MIT
// The device's side of a ring, for software devices: poll for entries, complete them, sleep, wake.
// Does not depend on the format of entries. The process's side is include/accel/ring.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <uapi/accel/ring.h>

namespace accel::core::ring {

/// One ring as the device sees it. A view: the caller owns the memory, which outlives this object. An untrusted client
/// writes entries and words, so each is read once and only sequences kept on this side are trusted.
class DeviceRing {
public:
	/// @memory is layout.size bytes, zeroed, aligned to ACCEL_RING_LINE; @layout comes from make_layout().
	DeviceRing(void *memory, const accel_ring_layout &layout);

	/// Returns the number of entries that are published from @next on, at most @most and at most one lap. Advances
	/// @next past entries that the process executed inline.
	uint32_t look(uint64_t &next, uint32_t most) const;
	/// Returns the sequence after the last entry published by now, counted from @next, for a caller that executes
	/// nothing. Completed entries count as published.
	uint64_t end(uint64_t next) const;
	/// Like look() without a change of @next, for a caller that knows that the process executes nothing inline.
	uint32_t available(uint64_t from, uint32_t most) const;

	/// Returns the entry in its slot. The client may still write to it: copy it before checking it.
	const void *entry(uint64_t sequence) const
	{
		return entries_ + (sequence & mask_) * static_cast<size_t>(entry_size_);
	}

	/// Completes @sequence: stores the record (may be null), then the status. With status phases this is visible at
	/// once, else after retire(). Several threads may complete different entries.
	void complete(uint64_t sequence, uint8_t status, const accel_ring_record *record);

	/// Marks all entries before @sequence as completed. @noted: the sequence after the last entry since the
	/// previous call whose status is not success or that has a record; 0 if there is none. In order, one thread at
	/// a time.
	void retire(uint64_t sequence, uint64_t noted)
	{
		if (noted)
			__atomic_store_n(&control_->noted, noted, __ATOMIC_RELAXED);
		__atomic_store_n(&control_->completed, sequence, __ATOMIC_RELEASE);
	}

	/// Publishes @sequence from this side, for the single producer whose submit hook executed it. Call retire()
	/// first. `completed` tells the device where to continue; the mark replaces an old one in the slot.
	void mark(uint64_t sequence);

	/// Returns how many entries are completed, in order.
	uint64_t completed() const
	{
		return __atomic_load_n(&control_->completed, __ATOMIC_ACQUIRE);
	}
	/// Returns whether all entries before @sequence are completed. The producer that has reserved @sequence and not
	/// yet published it may then execute it: no other thread writes completions of the ring until it is published.
	bool is_next(uint64_t sequence) const
	{
		return __atomic_load_n(&control_->completed, __ATOMIC_ACQUIRE) == sequence;
	}

	/// Called after completions. Returns the bits of @bits in the waiter word (ACCEL_RING_WAITER_*) that must be
	/// woken now, or 0. Clears them: only the caller that gets a bit does that wake.
	uint32_t take_waiter(uint32_t bits = UINT32_MAX);

	/// The word to futex-wake if take_waiter() returns ACCEL_RING_WAITER_SLEEPING.
	uint32_t *waiter_word() const { return &control_->waiter; }

	/// The device stops polling the ring. True: nothing is published from @next on and the next publisher rings the
	/// doorbell. False: entries are published (the word is clear again).
	bool sleep(uint64_t next);

	/// The device polls again, with or without a doorbell.
	void awake() { __atomic_store_n(&control_->device_sleeping, 0, __ATOMIC_RELAXED); }

	/// Returns how many entries are published, by index or register.
	uint64_t published() const
	{
		return __atomic_load_n(&control_->published, __ATOMIC_ACQUIRE);
	}

	/// Reports the state of the queue to the client: ACCEL_QUEUE_STATE_*.
	void set_state(uint32_t state)
	{
		__atomic_store_n(&control_->state, state, __ATOMIC_RELEASE);
	}

	uint32_t count() const { return mask_ + 1; }

private:
	bool skip(uint64_t &next) const;
	unsigned char tag_of(uint64_t sequence) const
	{
		return static_cast<unsigned char>(ACCEL_RING_TAG_BIT | sequence >> count_shift_);
	}
	unsigned phase_of(uint64_t sequence) const { return ~(sequence >> count_shift_) & 1; }

	accel_ring_control *control_;
	unsigned char *entries_;
	unsigned char *status_;
	unsigned char *records_;
	unsigned char *tags_;
	uint32_t mask_;
	uint32_t entry_size_;
	uint32_t status_stride_;
	uint32_t tag_stride_;
	uint8_t record_shift_;
	uint8_t count_shift_;
	uint8_t publication_;
	uint8_t completion_;
	uint8_t wake_order_;
};

inline uint32_t DeviceRing::available(uint64_t from, uint32_t most) const
{
	if (publication_ != ACCEL_RING_PUBLICATION_TAG) {
		uint64_t n = __atomic_load_n(&control_->published, __ATOMIC_ACQUIRE) - from;

		/* The index may be lower than what the process executed inline. An arbitrary value from the client
		 * yields at most one lap. */
		if (static_cast<int64_t>(n) < 0)
			return 0;
		n = n > count() ? count() : n;
		return n < most ? static_cast<uint32_t>(n) : most;
	}
	uint32_t n = 0;

	while (n < most && n < count()) {
		const unsigned char *at =
			tags_ + ((from + n) & mask_) * static_cast<size_t>(tag_stride_);

		if (__atomic_load_n(at, __ATOMIC_ACQUIRE) != tag_of(from + n))
			break;
		n++;
	}
	return n;
}

/* Advances @next to `completed`. False: @next was not lower. */
inline bool DeviceRing::skip(uint64_t &next) const
{
	uint64_t completed = __atomic_load_n(&control_->completed, __ATOMIC_ACQUIRE);

	if (static_cast<int64_t>(completed - next) <= 0)
		return false;
	next = completed;
	return true;
}

inline uint32_t DeviceRing::look(uint64_t &next, uint32_t most) const
{
	/* By tag: @next must be current before the tag of its slot is compared. An index counts from @next, so the
	 * cache line of `completed` is not read while nothing is published. */
	if (publication_ == ACCEL_RING_PUBLICATION_TAG)
		skip(next);
	/* The producer, executing inline, stores `completed` and then the mark; the worker loads the mark and then
	 * `completed`. Excluded: the worker loads the old `completed`, then the mark, and executes the entry again.
	 * Bounded, because a client may change `completed` at any time. */
	for (unsigned looks = 0; looks < 4; looks++) {
		uint32_t n = available(next, most);

		if (!n || !skip(next))
			return n;
	}
	return 0;
}

inline uint64_t DeviceRing::end(uint64_t next) const
{
	skip(next);
	/* Entries from @lap on were not published when this call began. */
	const uint64_t lap = next + count();

	/* The mark may be missing because the entry is done and its slot reused: continue from `completed`. */
	do
		next += available(next, count());
	while (static_cast<int64_t>(lap - next) > 0 && skip(next));
	return next;
}

inline void DeviceRing::complete(uint64_t sequence, uint8_t status, const accel_ring_record *record)
{
	uint64_t slot = sequence & mask_;
	unsigned char *at = status_ + slot * status_stride_;
	auto value = static_cast<unsigned char>(status & ACCEL_RING_STATUS_MASK);

	if (record) {
		memcpy(records_ + (slot << record_shift_), record, sizeof(*record));
		value |= ACCEL_RING_STATUS_RECORD;
	}
	if (phase_of(sequence))
		value |= ACCEL_RING_STATUS_PHASE;
	if (completion_ == ACCEL_RING_COMPLETION_MODE_PHASE)
		__atomic_store_n(at, value, __ATOMIC_RELEASE);
	else
		*at = value;
}

inline void DeviceRing::mark(uint64_t sequence)
{
	if (publication_ == ACCEL_RING_PUBLICATION_TAG)
		__atomic_store_n(tags_ + (sequence & mask_) * static_cast<size_t>(tag_stride_),
				 tag_of(sequence), __ATOMIC_RELEASE);
	else
		__atomic_store_n(&control_->published, sequence + 1, __ATOMIC_RELEASE);
}

inline uint32_t DeviceRing::take_waiter(uint32_t bits)
{
	uint32_t seen;

	if (wake_order_ == ACCEL_RING_WAKE_ORDER_SLEEPER) {
		__atomic_signal_fence(__ATOMIC_SEQ_CST);
		seen = __atomic_load_n(&control_->waiter, __ATOMIC_RELAXED);
	} else {
		seen = __atomic_fetch_add(&control_->waiter, 0, __ATOMIC_SEQ_CST);
	}
	return seen & bits ? __atomic_fetch_and(&control_->waiter, ~bits, __ATOMIC_ACQ_REL) & bits :
			     0;
}

/// Returns the layout of a ring of @entries entries (a power of two) of @entry_size bytes (a multiple of 8; by tag,
/// a power of two). @publication: by index or by tag (the last byte of an entry); by tag for several producers.
/// @flags: ACCEL_QUEUE_FLAGS_*; multi-producer and status-phase change the layout.
/// @wake_order: ACCEL_RING_WAKE_ORDER_*, see sys::has_barrier_all_threads().
accel_ring_layout make_layout(uint32_t entries, uint32_t entry_size, uint8_t publication,
			      uint64_t flags, uint8_t wake_order);

} // namespace accel::core::ring
