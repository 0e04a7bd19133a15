// SPDX-License-Identifier: MIT
// The process's side of a ring: wait for completions.
#include "ring/user_ring.hpp"
#include "sys/sys.hpp"

#include <algorithm>
#include <climits>

namespace accel::core::ring {

namespace {

/* Reading the clock costs as much as some spins; look at it once in so many. */
constexpr uint32_t kSpinsPerClock = 64;
constexpr uint64_t kBlindSleepNs = 1000000;
/* A wait within the kernel that nothing may end early is cut into pieces: between them the progress hook finds out whether
 * the device is still there, also while nothing is in flight. */
constexpr uint64_t kPieceNs = 100000000;

inline void relax()
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ __volatile__("yield");
#endif
}

bool is_gone(const accel_ring *ring)
{
	return __atomic_load_n(&ring->control->state, __ATOMIC_ACQUIRE) == ACCEL_QUEUE_STATE_GONE;
}

/* A completion that came before the device went is still in the ring: it is published before the state is. */
int gone_result(accel_ring *ring)
{
	return has_completions(ring) ? 0 : -ENODEV;
}

bool has_passed(uint64_t deadline_ns)
{
	return deadline_ns != UINT64_MAX && sys::now_ns() >= deadline_ns;
}

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

/* True once there are completions; false when the spins are used up, the deadline has passed or the device is gone. */
bool spin(accel_ring *ring, uint64_t deadline_ns)
{
	for (uint32_t i = 1; i <= ring->spin; i++) {
		if (has_completions(ring))
			return true;
		if (i % kSpinsPerClock == 0 && (is_gone(ring) || has_passed(deadline_ns)))
			return false;
		relax();
	}
	return false;
}

/* Sleep until somebody clears the bit that @ask set, the deadline, a signal, or for no reason, unless @happened()
 * says, after the bit was set, that there is no reason to sleep. */
template <class Happened>
void sleep_unless(accel_ring *ring, uint64_t deadline_ns, Happened happened)
{
	uint32_t *word = &ring->control->waiter;

	if (ask(ring, ACCEL_RING_WAITER_SLEEPING) < 0)
		/* The barrier worked when the ring was made and fails now: a wake-up may get lost, so
		 * look by oneself now and then. */
		deadline_ns = std::min(deadline_ns, sys::now_ns() + kBlindSleepNs);
	uint32_t seen = __atomic_load_n(word, __ATOMIC_RELAXED);

	if (!happened() && seen & ACCEL_RING_WAITER_SLEEPING)
		(void)sys::futex_wait(word, seen, deadline_ns);
}

/* For a device that completes by itself. */
int wait_for_device(accel_ring *ring, uint64_t deadline_ns)
{
	if (spin(ring, deadline_ns))
		return 0;
	for (;;) {
		/* Whatever ended the last sleep, a wake-up for nothing as well: the deadline holds. Where
		 * futexes are forbidden this is a slow spin. */
		if (has_completions(ring))
			return 0;
		if (is_gone(ring))
			return gone_result(ring);
		if (has_passed(deadline_ns))
			return -ETIMEDOUT;
		sleep_unless(ring, deadline_ns,
			     [ring] { return has_completions(ring) || is_gone(ring); });
	}
}

/* Sleep until work is in flight that can be waited for. The thread that hands in work wakes, and so does set_gone().
 * Where the submit hook is missing, or leaves the entries to publish, the doorbell wakes: it rings for a device that
 * sleeps. */
void sleep_until_work(accel_ring *ring, uint64_t until_ns)
{
	uint32_t *bell = &ring->control->device_sleeping;

	__atomic_exchange_n(bell, 1, __ATOMIC_SEQ_CST);
	sleep_unless(ring, until_ns, [ring] {
		/* Asks the queue once more, now that the word is set: what was handed in before that may
		 * have looked at the word too early. */
		return ring->progress(ring->context, 0) != -EAGAIN || has_completions(ring) ||
		       is_gone(ring);
	});
	__atomic_store_n(bell, 0, __ATOMIC_RELAXED);
}

/* For a queue with a progress hook: nothing comes into the ring unless it is called. */
int wait_by_progress(accel_ring *ring, uint64_t deadline_ns)
{
	for (;;) {
		const uint64_t now = sys::now_ns();
		const bool over = now >= deadline_ns;
		const uint64_t until = over ? 0 : std::min(deadline_ns, now + kPieceNs);
		const int r = ring->progress(ring->context, until);

		if (has_completions(ring))
			return 0;
		if (is_gone(ring))
			return gone_result(ring);
		if (r < 0 && r != -EAGAIN && r != -EINTR)
			return r;
		if (over)
			return -ETIMEDOUT;
		if (r == -EAGAIN)
			sleep_until_work(ring, until);
	}
}

} // namespace

bool has_completions(accel_ring *ring)
{
	return ring->capacity && accel_ring_ready(ring, ring->consumed, 1);
}

int wait(accel_ring *ring, uint64_t deadline_ns)
{
	if (!ring->capacity)
		return -ESTALE;
	if (has_completions(ring))
		return 0;
	if (!ring->progress && is_gone(ring))
		return gone_result(ring);
	if (!ring->progress && deadline_ns == 0)
		return -ETIMEDOUT;

	const int r = ring->progress ? wait_by_progress(ring, deadline_ns) :
				       wait_for_device(ring, deadline_ns);

	take_back(ring, ACCEL_RING_WAITER_SLEEPING);
	return r;
}

int arm(accel_ring *ring)
{
	if (!ring->capacity)
		return -ESTALE;
	if (has_completions(ring))
		return 1;
	if (is_gone(ring))
		return -ENODEV;
	int r = ask(ring, ACCEL_RING_WAITER_EVENT);

	if (r >= 0 && is_gone(ring))
		r = -ENODEV;
	if (r < 0 || has_completions(ring)) {
		take_back(ring, ACCEL_RING_WAITER_EVENT);
		return has_completions(ring) ? 1 : r;
	}
	return 0;
}

uint32_t wake_waiters(accel_ring_control *control)
{
	const uint32_t bits = __atomic_exchange_n(&control->waiter, 0, __ATOMIC_SEQ_CST);

	if (bits & ACCEL_RING_WAITER_SLEEPING)
		sys::futex_wake(&control->waiter, INT_MAX);
	return bits;
}

uint32_t set_gone(accel_ring_control *control)
{
	/* The thread that waits sets the bit and then looks at the state; this one sets the state and then takes the
	 * bit. Both use a read-modify-write of the waiter word, so one of them is later and sees what the other one
	 * stored before: excluded is that the wait sees no state and this sees no bit. */
	__atomic_store_n(&control->state, ACCEL_QUEUE_STATE_GONE, __ATOMIC_SEQ_CST);
	return wake_waiters(control);
}

} // namespace accel::core::ring
