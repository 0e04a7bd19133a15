// SPDX-License-Identifier: MIT
// The thread of a worker: inbox, polling, sleep.
#include "soft/queue/worker.hpp"

#include "base/relax.hpp"
#include "soft/queue/queue.hpp"
#include "sys/sys.hpp"

#include <cfenv>
#include <climits>

namespace accel::core::softdev {

namespace {

/* The longest duration of a measurement; waking the worker takes a large part of it. */
constexpr uint64_t kProbeNs = 200'000;
constexpr uint32_t kPollsPerClock = 64;

} // namespace

int Worker::start()
{
	return sys::thread_create(
		&thread_,
		[](void *self) -> void * {
			static_cast<Worker *>(self)->run();
			return nullptr;
		},
		this);
}

void Worker::stop()
{
	stop_.store(true, std::memory_order_seq_cst);
	wake();
	sys::thread_join(thread_);
}

void Worker::submit(Assignment &assignment)
{
	if (!assignment.move(Assignment::idle, Assignment::queued))
		return; /* already in the inbox, or dropped */
	assignment.next_in_inbox = inbox_.load(std::memory_order_relaxed);
	while (!inbox_.compare_exchange_weak(assignment.next_in_inbox, &assignment,
					     std::memory_order_seq_cst, std::memory_order_relaxed))
		;
	wake();
}

/* Called after a store to inbox_, stop_ or probing_. sleep() stores sleeping_ and then loads these three; this function
 * loads sleeping_ after the store. All accesses are seq_cst, so at least one side sees the other's store: the worker
 * does not sleep, or it is woken. */
void Worker::wake()
{
	if (__atomic_load_n(&sleeping_, __ATOMIC_SEQ_CST) &&
	    __atomic_exchange_n(&sleeping_, 0, __ATOMIC_SEQ_CST))
		sys::futex_wake(&sleeping_, 1);
}

/* Both sides give up at a deadline, so that neither waits for a thread that gets no processor. */
uint64_t Worker::measure_round_trip()
{
	constexpr uint32_t kRounds = 64;
	const uint64_t deadline = sys::now_ns() + kProbeNs;
	uint64_t began = 0;
	uint32_t round = 0;

	if (!idle())
		return 0;
	probe_.store(0, std::memory_order_relaxed);
	probing_.store(true, std::memory_order_seq_cst);
	wake();
	/* The first answer includes the wake-up of the worker and is not measured. */
	for (; round <= kRounds; round++) {
		probe_.store(2 * round + 1, std::memory_order_release);
		uint32_t looks = 0;
		while (probe_.load(std::memory_order_acquire) != 2 * round + 2)
			if (++looks % kPollsPerClock == 0 && sys::now_ns() > deadline)
				break;
		if (probe_.load(std::memory_order_relaxed) != 2 * round + 2)
			break;
		if (!round)
			began = sys::now_ns();
	}
	const uint64_t ended = sys::now_ns();

	probing_.store(false, std::memory_order_release);
	return round > kRounds ? (ended - began) / kRounds : 0;
}

void Worker::answer_probe()
{
	const uint64_t deadline = sys::now_ns() + kProbeNs;

	for (uint32_t looks = 1; probing_.load(std::memory_order_relaxed); looks++) {
		uint32_t probe = probe_.load(std::memory_order_acquire);

		if (probe % 2)
			probe_.store(probe + 1, std::memory_order_release);
		else if (looks % kPollsPerClock == 0 && sys::now_ns() > deadline)
			return;
	}
}

void Worker::run()
{
	/* A thread inherits the rounding mode and flush-to-zero from the thread that starts it. */
	(void)fesetenv(FE_DFL_ENV);
	while (!stop_.load(std::memory_order_relaxed)) {
		if (inbox_.load(std::memory_order_relaxed))
			admit();
		if (probing_.load(std::memory_order_relaxed))
			answer_probe();
		if (idle())
			sleep();
		else if (!round())
			relax();
	}
}

void Worker::admit()
{
	Assignment *assignment = inbox_.exchange(nullptr, std::memory_order_acquire);

	while (assignment) {
		/* Read before admit() sets idle: then another thread can queue it again, or it can be freed. */
		Assignment *next = assignment->next_in_inbox;
		admit(*assignment);
		assignment = next;
	}
}

void Worker::admit(Assignment &assignment)
{
	/* Full barrier between this store and the following poll. A thread whose move to queued failed before this
	 * store does not queue the assignment; the poll must see the entry that it published before the move. */
	__atomic_exchange_n(&assignment.state, Assignment::idle, __ATOMIC_SEQ_CST);

	if (assignment.queue->leaving()) {
		/* The move below fails if it was queued again; then the inbox delivers it once more. */
		if (assignment.active)
			for (unsigned i = 0; i < active_count_; i++)
				if (active_[i] == &assignment)
					remove(i);
		if (assignment.move(Assignment::idle, Assignment::dropped))
			sys::futex_wake(&assignment.state,
					INT_MAX); /* destruction and exit may both wait */
		return;
	}
	if (assignment.active)
		return;
	assignment.active = true;
	assignment.reset_empty_polls();
	active_[active_count_] = &assignment;
	active_count_.store(active_count_ + 1, std::memory_order_relaxed);
	assignment.queue->join(assignment);
}

/* Polls every active queue once. False: all were empty. */
bool Worker::round()
{
	bool worked = false;

	for (unsigned i = 0; i < active_count_;) {
		Assignment &assignment = *active_[i];

		if (assignment.queue->serve(assignment)) {
			assignment.reset_empty_polls();
			worked = true;
		} else if (assignment.queue->leave(assignment)) {
			remove(i);
			continue;
		}
		i++;
	}
	return worked;
}

void Worker::remove(unsigned position)
{
	unsigned last = active_count_ - 1;

	active_[position]->active = false;
	active_[position] = active_[last];
	active_count_.store(last, std::memory_order_relaxed);
}

void Worker::sleep()
{
	__atomic_exchange_n(&sleeping_, 1, __ATOMIC_SEQ_CST);
	if (!inbox_.load(std::memory_order_seq_cst) && !stop_.load(std::memory_order_seq_cst) &&
	    !probing_.load(std::memory_order_seq_cst)) {
		sys::futex_wait(&sleeping_, 1, UINT64_MAX);
		wakes_.fetch_add(1, std::memory_order_relaxed);
	}
	__atomic_store_n(&sleeping_, 0, __ATOMIC_SEQ_CST);
}

} // namespace accel::core::softdev
