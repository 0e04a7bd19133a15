// SPDX-License-Identifier: MIT
// The device's side of a ring, for devices made of software: look for entries, complete them, sleep, wake.
// Knows nothing of descriptors. The process's side is include/accel/ring.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <uapi/accel/ring.h>

namespace accel::ring {

/// One ring as the device sees it. A view: the memory belongs to who made it and outlives it. Entries and
/// words are written by an untrusted client, so each is read once and only sequence numbers kept here count.
class DeviceRing {
public:
	/// @memory is layout.size bytes, zeroed, aligned to ACCEL_RING_LINE; @layout comes from make_layout().
	DeviceRing(void *memory, const accel_ring_layout &layout);

	/// How many entries from @from on are published, at most @most. @from must not run ahead of what was
	/// published; a client that writes nonsense into `published` gets at most a ring's worth of entries.
	uint32_t available(uint64_t from, uint32_t most) const;

	/// The entry in its slot; the client may still write to it, so copy it before checking it.
	const void *entry(uint64_t sequence) const
	{
		return entries_ + ((sequence & mask_) << entry_shift_);
	}

	/// Complete @sequence: record (may be null), then status. With the completion counter this becomes
	/// visible with retire(); with status phases at once. Several threads may complete different entries.
	void complete(uint64_t sequence, uint8_t status, const accel_ring_record *record);

	/// Completion counter: everything before @sequence is done. In order, one thread at a time.
	void retire(uint64_t sequence);

	/// After completions: the bits of the waiter word that must be woken now (ACCEL_RING_WAITER_*), or 0.
	/// Clears them: whoever gets a bit does that wake, and nobody else does.
	uint32_t take_waiter();

	/// The word to futex-wake when take_waiter() says ACCEL_RING_WAITER_SLEEPING.
	uint32_t *waiter_word() const { return &control_->waiter; }

	/// The device stops looking at the ring. True: nothing is published from @next on and the next
	/// publisher will ring the doorbell. False: there is work (the word is clear again).
	bool sleep(uint64_t next);

	/// The device looks again (doorbell or not).
	void awake() { __atomic_store_n(&control_->device_sleeping, 0, __ATOMIC_RELAXED); }

	/// Tell the client what the queue does: ACCEL_QUEUE_STATE_*.
	void set_state(uint32_t state)
	{
		__atomic_store_n(&control_->state, state, __ATOMIC_RELEASE);
	}

	uint32_t count() const { return mask_ + 1; }

private:
	unsigned phase_of(uint64_t sequence) const { return ~(sequence >> count_shift_) & 1; }

	accel_ring_control *control_;
	unsigned char *entries_;
	unsigned char *status_;
	unsigned char *records_;
	unsigned char *phase_;
	uint32_t mask_;
	uint32_t status_stride_;
	uint32_t phase_stride_;
	uint8_t entry_shift_;
	uint8_t record_shift_;
	uint8_t count_shift_;
	uint8_t phase_mask_;
	uint8_t publication_;
	uint8_t completion_;
	uint8_t wake_order_;
};

/// Where things go in a ring of @entries entries (a power of two) of @entry_size bytes (a power of two).
/// @flags: ACCEL_QUEUE_FLAGS_*; multi-producer rings are published by phase, the others by index.
/// @wake_order: ACCEL_RING_WAKE_ORDER_*, see sys::has_barrier_all_threads().
accel_ring_layout make_layout(uint32_t entries, uint32_t entry_size, uint64_t flags,
			      uint8_t wake_order);

} // namespace accel::ring
