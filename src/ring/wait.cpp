// SPDX-License-Identifier: MIT
// The process's side of a ring: wait for completions.
#include "base/relax.hpp"
#include "ring/user_ring.hpp"
#include "sys/sys.hpp"

#include <algorithm>
#include <climits>

namespace accel::core::ring {

namespace {

/* Reading the clock costs as much as several spins; read it once in so many. */
constexpr uint32_t kSpinsPerClock = 64;
constexpr uint64_t kBlindSleepNs = 1000000;
/* A wait in the kernel that no thread can interrupt is cut into pieces: between them the progress hook checks whether
 * the device is still present, also while nothing is in flight. */
constexpr uint64_t kPieceNs = 100000000;

bool is_gone(const accel_ring *ring)
{
	return __atomic_load_n(&ring->control->state, __ATOMIC_ACQUIRE) == ACCEL_QUEUE_STATE_GONE;
}

/* A completion from before the removal is still in the ring: the device's side stores it before the state. */
int gone_result(accel_ring *ring)
{
	return has_completions(ring) ? 0 : -ENODEV;
}

bool has_passed(uint64_t deadline_ns)
{
	return deadline_ns != UINT64_MAX && sys::now_ns() >= deadline_ns;
}

/* Sets bits of the waiter word. This thread stores the bits, executes a barrier and reads the completions; the device's
 * side stores a completion, executes a barrier and loads the bits. Excluded: both load the old value. */
int request_wake(accel_ring *ring, uint32_t bits)
{
	__atomic_fetch_or(&ring->control->waiter, bits, __ATOMIC_SEQ_CST);
	return ring->wake_order == ACCEL_RING_WAKE_ORDER_SLEEPER ? sys::barrier_all_threads() : 0;
}

void clear_waiter(accel_ring *ring, uint32_t bits)
{
	__atomic_fetch_and(&ring->control->waiter, ~bits, __ATOMIC_RELAXED);
}

/* True: there are completions. False: the spins are used up, the deadline has passed, or the device is gone. */
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

/* Sleeps until another thread clears the bit that request_wake() set, until the deadline, a signal or a spurious
 * wake-up. Does not sleep if @happened() is true after the bit was set. */
template <class Happened>
void sleep_unless(accel_ring *ring, uint64_t deadline_ns, Happened happened)
{
	uint32_t *word = &ring->control->waiter;

	if (request_wake(ring, ACCEL_RING_WAITER_SLEEPING) < 0)
		/* The barrier worked when the ring was created and fails now: a wake-up may get lost, so the sleep is
		 * short. */
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
		/* The deadline holds after a spurious wake-up, too. Where futexes are forbidden this is a slow spin. */
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

/* Sleeps until there is work in flight to wait for. The thread that submits wakes this one, and so does set_gone().
 * Without a submit hook, or where the hook leaves the entries to publish, the doorbell wakes it. */
void sleep_until_work(accel_ring *ring, uint64_t until_ns)
{
	uint32_t *sleeping = &ring->control->device_sleeping;

	__atomic_exchange_n(sleeping, 1, __ATOMIC_SEQ_CST);
	sleep_unless(ring, until_ns, [ring] {
		/* The submitting thread stores what is in flight and then loads the bit; this thread stored the bit and
		 * now asks the queue again. Excluded: both load the old value. */
		return ring->progress(ring->context, 0) != -EAGAIN || has_completions(ring) ||
		       is_gone(ring);
	});
	__atomic_store_n(sleeping, 0, __ATOMIC_RELAXED);
}

/* For a queue with a progress hook: completions enter the ring only when it is called. */
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

	clear_waiter(ring, ACCEL_RING_WAITER_SLEEPING);
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
	int r = request_wake(ring, ACCEL_RING_WAITER_EVENT);

	if (r >= 0 && is_gone(ring))
		r = -ENODEV;
	if (r < 0 || has_completions(ring)) {
		clear_waiter(ring, ACCEL_RING_WAITER_EVENT);
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
	/* This thread stores the state and then exchanges the waiter word; a waiting thread sets its bit in the waiter
	 * word and then loads the state. Both are read-modify-writes, so the later one sees what the other thread
	 * stored before its own. Excluded: the wait loads the old state and this thread loads no bit. */
	__atomic_store_n(&control->state, ACCEL_QUEUE_STATE_GONE, __ATOMIC_SEQ_CST);
	return wake_waiters(control);
}

} // namespace accel::core::ring
