// SPDX-License-Identifier: MIT
// The device's side of a ring, for devices made of software: look for entries, complete them, sleep, wake.
// Knows nothing of descriptors. The process's side is include/accel/ring.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <uapi/accel/ring.h>

namespace accel::core::ring {

/// One ring as the device sees it. A view: the memory belongs to who made it and outlives it. Entries and
/// words are written by an untrusted client, so each is read once and only sequence numbers kept here count.
class DeviceRing {
public:
	/// @memory is layout.size bytes, zeroed, aligned to ACCEL_RING_LINE; @layout comes from make_layout().
	DeviceRing(void *memory, const accel_ring_layout &layout);

	/// How many entries from @next on are published, at most @most. @next first moves on behind what the
	/// process executed by itself. A client that writes nonsense gets at most a lap of entries.
	uint32_t look(uint64_t &next, uint32_t most) const;
	/// The sequence after the last one that is published, from @next on, at this moment: for a caller that
	/// executes nothing. What is done already counts, too.
	uint64_t end(uint64_t next) const;
	/// The same without moving, for a caller that knows that the process executes nothing by itself.
	uint32_t available(uint64_t from, uint32_t most) const;

	/// The entry in its slot; the client may still write to it, so copy it before checking it.
	const void *entry(uint64_t sequence) const
	{
		return entries_ + (sequence & mask_) * static_cast<size_t>(entry_size_);
	}

	/// Complete @sequence: record (may be null), then status. With status phases this becomes visible at
	/// once, else with retire(). Several threads may complete different entries.
	void complete(uint64_t sequence, uint8_t status, const accel_ring_record *record);

	/// Everything before @sequence is done; @noted: the sequence after the last of those done since then
	/// that ended otherwise than with success and no record, 0 if none did. In order, one thread at a time.
	void retire(uint64_t sequence, uint64_t noted)
	{
		if (noted)
			__atomic_store_n(&control_->noted, noted, __ATOMIC_RELAXED);
		__atomic_store_n(&control_->completed, sequence, __ATOMIC_RELEASE);
	}

	/// Publish @sequence from this side, for the only producer, which had it executed here, within publish:
	/// retire() it first. `completed` tells where to go on, but no old mark may be left in the slot.
	void mark(uint64_t sequence);

	/// How many are done, in order.
	uint64_t completed() const
	{
		return __atomic_load_n(&control_->completed, __ATOMIC_ACQUIRE);
	}
	/// Whether everything before @sequence is done. Who has reserved @sequence and not yet published it may
	/// then execute it: nobody else will touch the ring's completions before it is.
	bool is_next(uint64_t sequence) const
	{
		return __atomic_load_n(&control_->completed, __ATOMIC_ACQUIRE) == sequence;
	}

	/// After completions: those of @bits of the waiter word that must be woken now (ACCEL_RING_WAITER_*), or 0.
	/// Clears them: the caller that gets a bit does that wake, and nobody else does.
	uint32_t take_waiter(uint32_t bits = UINT32_MAX);

	/// The word to futex-wake when take_waiter() says ACCEL_RING_WAITER_SLEEPING.
	uint32_t *waiter_word() const { return &control_->waiter; }

	/// The device stops looking at the ring. True: nothing is published from @next on and the next
	/// publisher will ring the doorbell. False: there is work (the word is clear again).
	bool sleep(uint64_t next);

	/// The device looks again (doorbell or not).
	void awake() { __atomic_store_n(&control_->device_sleeping, 0, __ATOMIC_RELAXED); }

	/// How many are published, by index or register.
	uint64_t published() const
	{
		return __atomic_load_n(&control_->published, __ATOMIC_ACQUIRE);
	}

	/// Tell the client what the queue does: ACCEL_QUEUE_STATE_*.
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

		/* The index may lag behind what the process executed by itself. A client that writes one
		 * from another world gets one lap, not an endless run. */
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

/* Move @next behind what was executed without the device. */
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
	/* The mark of an entry must be looked at in the right slot. An index means what it says, and the
	 * line of `completed` is left alone while there is nothing. */
	if (publication_ == ACCEL_RING_PUBLICATION_TAG)
		skip(next);
	/* The thread that executes an entry by itself says `completed` before the entry can be seen here: what is
	 * found is to be done only if `completed` has not moved. Bounded, for a client that plays with it. */
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
	/* Nothing behind it was published when this began. */
	const uint64_t lap = next + count();

	/* Where a mark is missing, the entry may be done and its slot in use again: then on from there. */
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

/// Where things go in a ring of @entries entries (a power of two) of @entry_size bytes (a multiple of 8; by tag,
/// a power of two). @publication: by index or by tag (the last byte of an entry); by tag if several threads post.
/// @flags: ACCEL_QUEUE_FLAGS_*, of which multi-producer and status-phase make a difference.
/// @wake_order: ACCEL_RING_WAKE_ORDER_*, see sys::has_barrier_all_threads().
accel_ring_layout make_layout(uint32_t entries, uint32_t entry_size, uint8_t publication,
			      uint64_t flags, uint8_t wake_order);

} // namespace accel::core::ring
