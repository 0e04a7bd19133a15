// SPDX-License-Identifier: MIT
// Rings of the process: options, memory, creation and destruction.
#include "base/failure.hpp"
#include "ring/mirror.hpp"
#include "ring/process_ring.hpp"
#include "sys/sys.hpp"

#include <algorithm>
#include <bit>
#include <new>
#include <numeric>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>

namespace accel::core::ring {

namespace {

uint64_t page_bytes()
{
	return static_cast<uint64_t>(getpagesize());
}

Result<void> check(const ProcessRingOptions &o)
{
	auto wrong = [](const char *what, uint64_t value, const char *allowed) {
		return fail(EINVAL, ACCEL_REASON_OUT_OF_RANGE, "%s of a ring is %llu, allowed: %s",
			    what, static_cast<unsigned long long>(value), allowed);
	};
	const uint32_t slots = o.slots ? o.slots : o.entries;

	if (!o.entries || o.entries > ProcessRing::kMaxEntries)
		return wrong("the number of entries", o.entries, "1 to 1048576");
	if (!o.entry_size || o.entry_size % 8 || o.entry_size > ProcessRing::kMaxEntrySize)
		return wrong("the entry size", o.entry_size, "a multiple of 8 from 8 to 65536");
	if (!o.memory && o.slots)
		return wrong("the number of slots", o.slots, "0 without memory for them");
	if (o.memory && (!std::has_single_bit(slots) || slots < 2 || slots < o.entries ||
			 slots > ProcessRing::kMaxEntries))
		return wrong("the number of slots", slots,
			     "a power of two from 2 to 1048576 that holds the entries");
	if (o.memory && reinterpret_cast<uintptr_t>(o.memory) % 8)
		return wrong("the address of the entries", reinterpret_cast<uintptr_t>(o.memory),
			     "a multiple of 8");
	return {};
}

/* A power of two, because a sequence modulo the number of slots is the slot; whole pages, to map them twice. */
uint32_t count_slots(const ProcessRingOptions &o)
{
	if (o.memory)
		return o.slots ? o.slots : o.entries;

	const uint64_t page = page_bytes();
	const auto whole = static_cast<uint32_t>(page / std::gcd(page, uint64_t{o.entry_size}));

	return std::max({std::bit_ceil(o.entries), whole, 2u});
}

} // namespace

ProcessRing::Places ProcessRing::place(const ProcessRingOptions &o, uint32_t slots)
{
	uint64_t at = 0;
	auto place = [&at](uint64_t bytes) {
		const uint64_t here = at;

		at = (at + bytes + ACCEL_RING_LINE - 1) / ACCEL_RING_LINE * ACCEL_RING_LINE;
		return static_cast<uint32_t>(here);
	};
	Places places{};
	accel_ring_layout &l = places.layout;

	l.control_offset = place(sizeof(accel_ring_control));
	places.state = place(sizeof(State));
	l.status_offset = place(slots);
	places.ended = place(slots);
	l.tag_offset = place(slots);
	l.records_offset = place(uint64_t{slots} * sizeof(accel_ring_record));
	l.size = (at + page_bytes() - 1) / page_bytes() * page_bytes();
	l.entry_size = o.entry_size;
	l.entry_count = slots;
	l.status_stride = 1;
	l.tag_stride = 1;
	l.record_size = sizeof(accel_ring_record);
	l.completion = ACCEL_RING_COMPLETION_MODE_COUNTER;
	l.wake_order = sys::has_barrier_all_threads() ? ACCEL_RING_WAKE_ORDER_SLEEPER :
							ACCEL_RING_WAKE_ORDER_BOTH;
	l.multi_producer = o.multi_producer;
	l.publication = o.tail		 ? ACCEL_RING_PUBLICATION_REGISTER :
			o.multi_producer ? ACCEL_RING_PUBLICATION_TAG :
					   ACCEL_RING_PUBLICATION_INDEX;
	if (o.tail) {
		l.register_address = reinterpret_cast<uintptr_t>(o.tail->address);
		l.register_width = o.tail->width;
		l.register_shift = o.tail->shift;
		l.tail_mask = o.tail->tail_mask;
		l.register_or = o.tail->constant;
	}
	return places;
}

Result<ProcessRing> ProcessRing::create(const ProcessRingOptions &options)
{
	if (auto good = check(options); !good)
		return std::unexpected(good.error());

	const uint32_t slots = count_slots(options);
	const Places places = place(options, slots);

	if (const char *wrong =
		    check_layout(places.layout, places.layout.size, LayoutFrom::provider, true))
		return fail(EINVAL, ACCEL_REASON_OUT_OF_RANGE,
			    "no ring can be created with these options: %s", wrong);
	void *memory;

	if (int r = sys::mmap(&memory, nullptr, places.layout.size, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	    r < 0)
		return fail_call("allocating a ring", r);

	void *entries = options.memory;
	uint64_t mapped = 0;

	if (!entries) {
		const uint64_t bytes = uint64_t{slots} * options.entry_size;

		if (auto made = map_twice(bytes)) {
			entries = *made;
			mapped = 2 * bytes;
		} else {
			sys::munmap(memory, places.layout.size);
			return std::unexpected(made.error());
		}
	}
	return ProcessRing(options, places, memory, entries, mapped);
}

ProcessRing::ProcessRing(const ProcessRingOptions &options, const Places &places, void *memory,
			 void *entries, uint64_t entries_mapped)
	: options_(options),
	  layout_(places.layout),
	  ring_(memory, places.layout),
	  memory_(memory),
	  entries_(static_cast<unsigned char *>(entries)),
	  entries_mapped_(entries_mapped),
	  /* The kernel has zeroed the bytes, which is the initial value. */
	  ended_(reinterpret_cast<std::atomic<uint8_t> *>(static_cast<unsigned char *>(memory) +
							  places.ended)),
	  state_(new(static_cast<unsigned char *>(memory) + places.state) State)
{
	ring_.set_state(ACCEL_QUEUE_STATE_RUNNING);
}

ProcessRing::ProcessRing(ProcessRing &&other) noexcept
	: options_(other.options_),
	  layout_(other.layout_),
	  ring_(other.ring_),
	  memory_(std::exchange(other.memory_, nullptr)),
	  entries_(other.entries_),
	  entries_mapped_(std::exchange(other.entries_mapped_, 0)),
	  ended_(other.ended_),
	  state_(other.state_)
{}

ProcessRing &ProcessRing::operator=(ProcessRing &&other) noexcept
{
	std::swap(options_, other.options_);
	std::swap(layout_, other.layout_);
	std::swap(ring_, other.ring_);
	std::swap(memory_, other.memory_);
	std::swap(entries_, other.entries_);
	std::swap(entries_mapped_, other.entries_mapped_);
	std::swap(ended_, other.ended_);
	std::swap(state_, other.state_);
	return *this;
}

ProcessRing::~ProcessRing()
{
	if (entries_mapped_)
		sys::munmap(entries_, entries_mapped_);
	if (memory_)
		sys::munmap(memory_, layout_.size);
}

} // namespace accel::core::ring
