// SPDX-License-Identifier: MIT
// The process's side of a ring: check a layout and attach. Waiting is in wait.cpp.
#include "ring/user_ring.hpp"

#include "sys/sys.hpp"

#include <bit>
#include <new>
#include <sys/mman.h>
#include <utility>

namespace accel::core::ring {

namespace {

/* Spins before a wait sleeps: about the cost of one sleep and wake-up, so that spinning costs at most as much as it can
 * save. */
constexpr uint32_t kSpins = 4000;

constexpr size_t kRingPage = 4096;
static_assert(sizeof(accel_ring) <= kRingPage);

/* Returns whether @count pieces of @bytes, @stride apart, from @offset on are inside the memory and outside of the
 * control block. */
bool fits(uint64_t offset, uint64_t count, uint64_t stride, uint64_t bytes,
	  const accel_ring_layout &layout)
{
	uint64_t end = offset + (count - 1) * stride + bytes;
	uint64_t control = layout.control_offset;

	return end <= layout.size &&
	       (end <= control || offset >= control + sizeof(accel_ring_control));
}

/* Producers fill whole words, so a tag inside a word excludes all of it. */
uint32_t bytes_to_fill(const accel_ring_layout &l, bool entries_elsewhere)
{
	const uint32_t tag = l.tag_offset - l.entries_offset;

	return l.publication == ACCEL_RING_PUBLICATION_TAG && !entries_elsewhere &&
			       l.tag_offset >= l.entries_offset && tag < l.entry_size ?
		       tag / 8 * 8 :
		       l.entry_size;
}

/* Checks sizes and offsets. */
const char *check_places(const accel_ring_layout &l, uint64_t size, bool entries_elsewhere)
{
	if (l.size > size)
		return "it is larger than the mapped memory";
	if (!std::has_single_bit(l.entry_count) || l.entry_count < 2)
		return "its number of entries is not a power of two of at least 2";
	if (l.entry_size < 8 || l.entry_size % 8)
		return "its entry size is not a multiple of 8 of at least 8";
	if (!std::has_single_bit(l.record_size) || l.record_size < sizeof(accel_ring_record))
		return "its record size is not a power of two that holds a record";
	if (l.control_offset % ACCEL_RING_LINE ||
	    l.control_offset + uint64_t{sizeof(accel_ring_control)} > l.size)
		return "its control block is misaligned or outside of the memory";
	if ((!entries_elsewhere && l.entries_offset % 8) || l.records_offset % 8)
		return "its entries or records are misaligned";
	if ((!entries_elsewhere &&
	     !fits(l.entries_offset, l.entry_count, l.entry_size, l.entry_size, l)) ||
	    !fits(l.records_offset, l.entry_count, l.record_size, l.record_size, l) ||
	    !l.status_stride || !fits(l.status_offset, l.entry_count, l.status_stride, 1, l))
		return "its entries, records or status bytes lie outside of the memory or over the "
		       "control block";
	return nullptr;
}

const char *check_register(const accel_ring_layout &l, LayoutFrom from)
{
	const uint64_t width = l.register_width;

	if (width != 4 && width != 8)
		return "its register has neither 4 nor 8 bytes";
	if (l.register_shift >= width * 8)
		return "its register has no bit for the sequence";
	if (from == LayoutFrom::provider && (!l.register_address || l.register_address % width))
		return "its register is not mapped, or is misaligned";
	return nullptr;
}

const char *check_publication(const accel_ring_layout &l, LayoutFrom from)
{
	if (l.register_address &&
	    (from == LayoutFrom::device || l.publication != ACCEL_RING_PUBLICATION_REGISTER))
		return "it names an address of this process, which only the library may set";
	switch (l.publication) {
	case ACCEL_RING_PUBLICATION_INDEX:
	case ACCEL_RING_PUBLICATION_REGISTER:
		if (l.multi_producer)
			return "its publication allows one producer only";
		return l.publication == ACCEL_RING_PUBLICATION_REGISTER ? check_register(l, from) :
									  nullptr;
	case ACCEL_RING_PUBLICATION_TAG:
		if (!l.tag_stride || !fits(l.tag_offset, l.entry_count, l.tag_stride, 1, l))
			return "its tags lie outside of the memory";
		return nullptr;
	default: return "its publication is unknown";
	}
}

} // namespace

const char *check_layout(const accel_ring_layout &l, uint64_t size, LayoutFrom from,
			 bool entries_elsewhere)
{
	if (const char *wrong = check_places(l, size, entries_elsewhere))
		return wrong;
	if (const char *wrong = check_publication(l, from))
		return wrong;
	if (l.completion != ACCEL_RING_COMPLETION_MODE_COUNTER &&
	    l.completion != ACCEL_RING_COMPLETION_MODE_PHASE)
		return "its completion is unknown";
	if (l.wake_order != ACCEL_RING_WAKE_ORDER_SLEEPER &&
	    l.wake_order != ACCEL_RING_WAKE_ORDER_BOTH)
		return "its wake order is unknown";
	return nullptr;
}

namespace {

void ring_nothing(void *) {}

/* A page that a forked child sees as zeros. */
Result<void *> make_page()
{
	void *page;

	if (sys::mmap(&page, nullptr, kRingPage, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) < 0)
		return fail_memory("the ring");
	if (int r = sys::madvise(page, kRingPage, MADV_WIPEONFORK); r < 0) {
		sys::munmap(page, kRingPage);
		return fail(r == -ENOMEM ? ENOMEM : EOPNOTSUPP,
			    r == -ENOMEM ? ACCEL_REASON_NO_MEMORY : ACCEL_REASON_UNSUPPORTED,
			    "the kernel cannot hide the ring from forked children "
			    "(MADV_WIPEONFORK); Linux 4.14 or newer is needed");
	}
	return page;
}

void describe(accel_ring &ring, const RingMemory &where)
{
	const accel_ring_layout &layout = where.layout;
	auto *base = static_cast<unsigned char *>(where.memory);

	ring.control = reinterpret_cast<accel_ring_control *>(base + layout.control_offset);
	ring.entries = where.entries ? static_cast<unsigned char *>(where.entries) :
				       base + layout.entries_offset;
	ring.status = base + layout.status_offset;
	ring.records = base + layout.records_offset;
	ring.tags = base + layout.tag_offset;
	ring.capacity = where.capacity ? where.capacity : layout.entry_count;
	ring.mask = layout.entry_count - 1;
	ring.entry_size = layout.entry_size;
	ring.entry_bytes = bytes_to_fill(layout, where.entries);
	ring.status_stride = layout.status_stride;
	ring.tag_stride = layout.tag_stride;
	ring.record_shift = static_cast<uint8_t>(std::countr_zero(layout.record_size));
	ring.count_shift = static_cast<uint8_t>(std::countr_zero(layout.entry_count));
	ring.publication = layout.publication;
	ring.completion = layout.completion;
	ring.wake_order = layout.wake_order;
	ring.multi_producer = layout.multi_producer;
	ring.register_width = layout.register_width;
	ring.register_shift = layout.register_shift;
	ring.tail_mask = layout.tail_mask;
	ring.tail_register = reinterpret_cast<volatile void *>(layout.register_address);
	ring.register_or = layout.register_or;
	ring.spin = kSpins;
	ring.noted_seen = layout.completion == ACCEL_RING_COMPLETION_MODE_COUNTER ? 0 : UINT64_MAX;
}

} // namespace

Result<UserRing> UserRing::attach(const RingMemory &memory, const Hooks &hooks)
{
	if (const char *wrong =
		    check_layout(memory.layout, memory.size, LayoutFrom::provider, memory.entries))
		return fail(EINVAL, ACCEL_REASON_MESSAGE_SHAPE,
			    "the ring that the device described cannot be used: %s", wrong);
	if (memory.capacity > memory.layout.entry_count)
		return fail(EINVAL, ACCEL_REASON_MESSAGE_SHAPE,
			    "a ring of %u entries cannot have %u outstanding",
			    memory.layout.entry_count, memory.capacity);
	auto page = make_page();

	if (!page)
		return std::unexpected(page.error());
	auto *ring = new (*page) accel_ring{};

	describe(*ring, memory);
	ring->submit = hooks.submit;
	ring->submit_context = hooks.submit_context;
	ring->doorbell = hooks.doorbell ? hooks.doorbell : ring_nothing;
	ring->progress = hooks.progress;
	ring->context = hooks.context;
	return UserRing(ring);
}

UserRing::UserRing(UserRing &&other) noexcept : ring_(std::exchange(other.ring_, nullptr)) {}

UserRing &UserRing::operator=(UserRing &&other) noexcept
{
	std::swap(ring_, other.ring_);
	return *this;
}

UserRing::~UserRing()
{
	if (ring_)
		sys::munmap(ring_, kRingPage);
}

} // namespace accel::core::ring
