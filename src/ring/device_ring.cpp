// SPDX-License-Identifier: MIT
// The device's side of a ring.
#include "ring/device_ring.hpp"

#include "sys/sys.hpp"

#include <bit>
#include <uapi/accel/accel.h>

namespace accel::core::ring {

DeviceRing::DeviceRing(void *memory, const accel_ring_layout &layout)
	: mask_(layout.entry_count - 1),
	  entry_size_(layout.entry_size),
	  status_stride_(layout.status_stride),
	  tag_stride_(layout.tag_stride),
	  record_shift_(static_cast<uint8_t>(std::countr_zero(layout.record_size))),
	  count_shift_(static_cast<uint8_t>(std::countr_zero(layout.entry_count))),
	  publication_(layout.publication),
	  completion_(layout.completion),
	  wake_order_(layout.wake_order)
{
	auto *base = static_cast<unsigned char *>(memory);

	control_ = reinterpret_cast<accel_ring_control *>(base + layout.control_offset);
	entries_ = base + layout.entries_offset;
	status_ = base + layout.status_offset;
	records_ = base + layout.records_offset;
	tags_ = base + layout.tag_offset;
}

bool DeviceRing::sleep(uint64_t next)
{
	/* The device stores the word, executes a barrier and reads the published entries; the publisher stores the
	 * entry, executes a barrier and loads the word. Excluded: both load the old value. */
	__atomic_exchange_n(&control_->device_sleeping, 1, __ATOMIC_SEQ_CST);
	if (wake_order_ == ACCEL_RING_WAKE_ORDER_SLEEPER && sys::barrier_all_threads() < 0) {
		/* The barrier worked when the ring was created. Staying awake is correct, only more expensive. */
		awake();
		return false;
	}
	skip(next);
	if (!available(next, 1))
		return true;
	awake();
	return false;
}

namespace {

/* A kernel page, so that both sides can map the ring. */
constexpr uint64_t kPage = 4096;

constexpr uint64_t round_up(uint64_t value, uint64_t unit)
{
	return (value + unit - 1) / unit * unit;
}

} // namespace

accel_ring_layout make_layout(uint32_t entries, uint32_t entry_size, uint8_t publication,
			      uint64_t flags, uint8_t wake_order)
{
	accel_ring_layout layout{};
	uint64_t at = round_up(sizeof(accel_ring_control), ACCEL_RING_LINE);
	auto place = [&at](uint64_t bytes) {
		uint64_t here = at;
		at = round_up(at + bytes, ACCEL_RING_LINE);
		return static_cast<uint32_t>(here);
	};

	layout.entry_size = entry_size;
	layout.entry_count = entries;
	layout.record_size = sizeof(accel_ring_record);
	layout.status_stride = 1;
	layout.status_offset = place(entries);
	layout.records_offset = place(uint64_t{entries} * sizeof(accel_ring_record));
	layout.entries_offset = place(uint64_t{entries} * entry_size);
	if (publication == ACCEL_RING_PUBLICATION_TAG) {
		/* In the entry, so that one cache line brings both. */
		layout.tag_offset = layout.entries_offset + entry_size - 1;
		layout.tag_stride = entry_size;
	}
	layout.size = round_up(at, kPage);
	layout.publication = publication;
	layout.completion = flags & ACCEL_QUEUE_FLAGS_STATUS_PHASE ?
				    ACCEL_RING_COMPLETION_MODE_PHASE :
				    ACCEL_RING_COMPLETION_MODE_COUNTER;
	layout.wake_order = wake_order;
	layout.multi_producer = (flags & ACCEL_QUEUE_FLAGS_MULTI_PRODUCER) != 0;
	return layout;
}

} // namespace accel::core::ring
