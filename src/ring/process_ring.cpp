// SPDX-License-Identifier: MIT
// A ring whose memory is the process's: submission, completion in any order, retirement in ring order.
#include "ring/process_ring.hpp"

#include "ring/mirror.hpp"
#include "sys/sys.hpp"

#include <algorithm>
#include <bit>
#include <climits>
#include <new>
#include <numeric>
#include <sys/mman.h>
#include <uapi/accel/accel.h>
#include <unistd.h>
#include <utility>

namespace accel::core::ring {

namespace {

/* What the byte of a slot says. */
constexpr uint8_t kOutstanding = 0, kEnded = 1, kEndedNoted = 2;

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
		return wrong("the number of slots", o.slots, "0, where no memory is given");
	if (o.memory && (!std::has_single_bit(slots) || slots < 2 || slots < o.entries ||
			 slots > ProcessRing::kMaxEntries))
		return wrong("the number of slots", slots,
			     "a power of two from 2 to 1048576 that holds the entries");
	if (o.memory && reinterpret_cast<uintptr_t>(o.memory) % 8)
		return wrong("the address of the entries", reinterpret_cast<uintptr_t>(o.memory),
			     "a multiple of 8");
	return {};
}

/* A power of two, so that a sequence number tells the slot, and whole pages, so that they can be mapped twice. */
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
			    "a ring with these options cannot be used: %s", wrong);
	void *memory;

	if (int r = sys::mmap(&memory, nullptr, places.layout.size, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	    r < 0)
		return fail(-r, ACCEL_REASON_NO_MEMORY, "no memory for a ring of %u slots", slots);

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
	  /* Atomic bytes of zeros are what the kernel gives. */
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

	if (sequence < oldest() || sequence >= end || has_ended(sequence))
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

	/* A lap at most: the byte of a slot is cleared here, so it cannot be counted twice. */
	while (const uint8_t how = ended(at).load(std::memory_order_acquire)) {
		ended(at).store(kOutstanding, std::memory_order_relaxed);
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
	return sequence < oldest() ||
	       ended(sequence).load(std::memory_order_acquire) != kOutstanding;
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
