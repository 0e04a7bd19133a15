// SPDX-License-Identifier: MIT
// The process's side of a ring: attach and wait.
#include "ring/user_ring.hpp"

#include "sys/sys.hpp"

#include <bit>
#include <climits>
#include <new>
#include <sys/mman.h>
#include <utility>

namespace accel::core::ring {

namespace {

/* Spins before a wait sleeps: about as long as one sleep and wake-up costs, so that spinning loses at
 * most as much as it can win. */
constexpr uint32_t kSpins = 4000;
/* Reading the clock costs as much as some spins; look at it once in so many. */
constexpr uint32_t kSpinsPerClock = 64;
constexpr uint64_t kBlindSleepNs = 1000000;

constexpr size_t kRingPage = 4096;
static_assert(sizeof(accel_ring) <= kRingPage);

/* Whether @count pieces of @bytes, @stride apart, from @offset on lie in the memory, clear of the control
 * block. */
bool fits(uint64_t offset, uint64_t count, uint64_t stride, uint64_t bytes,
	  const accel_ring_layout &layout)
{
	uint64_t end = offset + (count - 1) * stride + bytes;
	uint64_t control = layout.control_offset;

	return end <= layout.size &&
	       (end <= control || offset >= control + sizeof(accel_ring_control));
}

/* By words: a mark in the middle of a word takes the whole of it. */
uint32_t bytes_to_fill(const accel_ring_layout &l)
{
	const uint32_t mark = l.phase_offset - l.entries_offset;

	return l.publication != ACCEL_RING_PUBLICATION_INDEX &&
			       l.phase_offset >= l.entries_offset && mark < l.entry_size ?
		       mark / 8 * 8 :
		       l.entry_size;
}

inline void relax()
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ __volatile__("yield");
#endif
}

} // namespace

const char *check_layout(const accel_ring_layout &l, uint64_t size)
{
	if (l.size > size)
		return "it is larger than the mapped memory";
	if (!std::has_single_bit(l.entry_count) || l.entry_count < 2)
		return "its number of entries is not a power of two of at least 2";
	if (!std::has_single_bit(l.entry_size) || l.entry_size < 8)
		return "its entry size is not a power of two of at least 8";
	if (!std::has_single_bit(l.record_size) || l.record_size < sizeof(accel_ring_record))
		return "its record size is not a power of two that holds a record";
	if (l.control_offset % ACCEL_RING_LINE ||
	    l.control_offset + sizeof(accel_ring_control) > l.size)
		return "its control block is misaligned or outside of the memory";
	if (l.entries_offset % 8 || l.records_offset % 8)
		return "its entries or records are misaligned";
	if (!fits(l.entries_offset, l.entry_count, l.entry_size, l.entry_size, l) ||
	    !fits(l.records_offset, l.entry_count, l.record_size, l.record_size, l) ||
	    !l.status_stride || !fits(l.status_offset, l.entry_count, l.status_stride, 1, l))
		return "its entries, records or status bytes lie outside of the memory or over the "
		       "control block";
	if (l.publication == ACCEL_RING_PUBLICATION_PHASE) {
		if (!std::has_single_bit(l.phase_mask) || !l.phase_stride ||
		    !fits(l.phase_offset, l.entry_count, l.phase_stride, 1, l))
			return "its phase bits are not single bits inside of the memory";
	} else if (l.publication == ACCEL_RING_PUBLICATION_TAG) {
		if (!l.phase_stride || !fits(l.phase_offset, l.entry_count, l.phase_stride, 1, l))
			return "its tags are not inside of the memory";
	} else if (l.publication != ACCEL_RING_PUBLICATION_INDEX || l.multi_producer) {
		return "its way of publication is unknown, or has one producer only";
	}
	if (l.completion != ACCEL_RING_COMPLETION_MODE_COUNTER &&
	    l.completion != ACCEL_RING_COMPLETION_MODE_PHASE)
		return "its way of completion is unknown";
	if (l.wake_order != ACCEL_RING_WAKE_ORDER_SLEEPER &&
	    l.wake_order != ACCEL_RING_WAKE_ORDER_BOTH)
		return "its wake order is unknown";
	return nullptr;
}

Result<UserRing> UserRing::attach(void *memory, uint64_t size, const accel_ring_layout &layout,
				  const Calls &calls)
{
	if (const char *wrong = check_layout(layout, size))
		return fail(EINVAL, ACCEL_REASON_MESSAGE_SHAPE,
			    "the device described a ring that cannot be used: %s", wrong);

	void *page;
	int r = sys::mmap(&page, nullptr, kRingPage, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (r < 0)
		return fail_memory("the ring");
	r = sys::madvise(page, kRingPage, MADV_WIPEONFORK);
	if (r < 0) {
		sys::munmap(page, kRingPage);
		return fail(-r, ACCEL_REASON_UNSUPPORTED,
			    "the kernel cannot hide the ring from forked children "
			    "(MADV_WIPEONFORK); Linux 4.14 or newer is needed");
	}

	auto *base = static_cast<unsigned char *>(memory);
	auto *ring = new (page) accel_ring{};

	ring->control = reinterpret_cast<accel_ring_control *>(base + layout.control_offset);
	ring->entries = base + layout.entries_offset;
	ring->status = base + layout.status_offset;
	ring->records = base + layout.records_offset;
	ring->phase = base + layout.phase_offset;
	ring->doorbell = calls.doorbell;
	ring->doorbell_context = calls.context;
	ring->run = layout.multi_producer ? nullptr : calls.run;
	ring->run_context = calls.run_context;
	ring->capacity = layout.entry_count;
	ring->mask = layout.entry_count - 1;
	ring->status_stride = layout.status_stride;
	ring->phase_stride = layout.phase_stride;
	ring->entry_shift = static_cast<uint8_t>(std::countr_zero(layout.entry_size));
	ring->record_shift = static_cast<uint8_t>(std::countr_zero(layout.record_size));
	ring->count_shift = static_cast<uint8_t>(std::countr_zero(layout.entry_count));
	ring->phase_mask = layout.phase_mask;
	ring->publication = layout.publication;
	ring->completion = layout.completion;
	ring->wake_order = layout.wake_order;
	ring->multi_producer = layout.multi_producer;
	ring->spin = kSpins;
	ring->entry_bytes = bytes_to_fill(layout);
	ring->noted_seen = layout.completion == ACCEL_RING_COMPLETION_MODE_COUNTER ? 0 : UINT64_MAX;
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

bool has_completions(accel_ring *ring)
{
	return ring->capacity && accel_ring_ready(ring, ring->consumed, 1);
}

namespace {

/* Set bits of the waiter word such that either the device sees them after its next completion, or
 * has_completions() sees that completion: the same protocol as DeviceRing::sleep(), sides swapped. */
int ask(accel_ring *ring, uint32_t bits)
{
	__atomic_fetch_or(&ring->control->waiter, bits, __ATOMIC_SEQ_CST);
	return ring->wake_order == ACCEL_RING_WAKE_ORDER_SLEEPER ? sys::barrier_all_threads() : 0;
}

void take_back(accel_ring *ring, uint32_t bits)
{
	__atomic_fetch_and(&ring->control->waiter, ~bits, __ATOMIC_RELAXED);
}

/* True once there are completions; false when the spins are used up or the deadline has passed. */
bool spin(accel_ring *ring, uint64_t deadline_ns)
{
	for (uint32_t i = 1; i <= ring->spin; i++) {
		if (has_completions(ring))
			return true;
		if (i % kSpinsPerClock == 0 && deadline_ns != UINT64_MAX &&
		    sys::now_ns() >= deadline_ns)
			return false;
		relax();
	}
	return false;
}

/* Sleep until a completion, the deadline, a signal, or for no reason: the caller looks again. */
int sleep_once(accel_ring *ring, uint64_t deadline_ns)
{
	uint32_t *word = &ring->control->waiter;

	if (ask(ring, ACCEL_RING_WAITER_SLEEPING) < 0) {
		/* The barrier worked when the ring was made and fails now: a wake-up may get lost, so
		 * look by oneself now and then. */
		uint64_t soon = sys::now_ns() + kBlindSleepNs;

		deadline_ns = soon < deadline_ns ? soon : deadline_ns;
	}
	uint32_t seen = __atomic_load_n(word, __ATOMIC_RELAXED);

	if (has_completions(ring) || !(seen & ACCEL_RING_WAITER_SLEEPING))
		return 0;
	return sys::futex_wait(word, seen, deadline_ns);
}

} // namespace

int wait(accel_ring *ring, uint64_t deadline_ns)
{
	if (!ring->capacity)
		return -ESTALE;
	if (has_completions(ring))
		return 0;
	if (deadline_ns == 0)
		return -ETIMEDOUT;
	if (spin(ring, deadline_ns))
		return 0;

	while (!has_completions(ring)) {
		/* Whatever ended the last sleep, a wake-up for nothing as well: the deadline holds. Where
		 * futexes are forbidden this is a slow spin. */
		if (deadline_ns != UINT64_MAX && sys::now_ns() >= deadline_ns) {
			take_back(ring, ACCEL_RING_WAITER_SLEEPING);
			return -ETIMEDOUT;
		}
		(void)sleep_once(ring, deadline_ns);
	}
	take_back(ring, ACCEL_RING_WAITER_SLEEPING);
	return 0;
}

int arm(accel_ring *ring)
{
	if (!ring->capacity)
		return -ESTALE;
	if (has_completions(ring))
		return 1;
	int r = ask(ring, ACCEL_RING_WAITER_EVENT);

	if (r < 0 || has_completions(ring)) {
		take_back(ring, ACCEL_RING_WAITER_EVENT);
		return r < 0 ? r : 1;
	}
	return 0;
}

} // namespace accel::core::ring
