// SPDX-License-Identifier: MIT
// Submission to a kernel that has no room, refuses an entry, or has lost the device.
#include "core/process_queue.hpp"

#include "sys/cancellation.hpp"
#include "sys/sys.hpp"

#include <algorithm>

namespace accel::core {

namespace {

/* A submission that signals interrupt this many times is treated as refused for lack of room. */
constexpr int kTries = 8;
/* How long a wait sleeps before it checks for room again. */
constexpr uint64_t kStalledNs = 1'000'000;

} // namespace

bool ProcessQueue::publish(void *context, uint64_t sequence, uint32_t count) noexcept
{
	auto *self = static_cast<ProcessQueue *>(context);

	sys::NoCancellation whole;

	/* A queue that is shut drops entries: no thread waits for them. */
	if (!self->gate_.enter())
		return true;
	{
		std::lock_guard lock(self->submit_mutex_);

		self->ring_.publish(sequence, count);
		self->submit_published();
	}
	self->gate_.leave();
	return true;
}

ring::Hooks ProcessQueue::hooks() noexcept
{
	/* A producer that publishes with a doorbell register needs no submit hook. */
	return {.submit = ring_.has_register() ? nullptr : publish,
		.submit_context = this,
		.doorbell = doorbell,
		.progress = enter_progress,
		.context = static_cast<QueueBackend *>(this)};
}

/* With a doorbell register the producer has already published: kick() only wakes the consumer, which sleeps until an
 * entry is in flight. */
void ProcessQueue::kick() noexcept
{
	if (ring_.has_register()) {
		kicks_.fetch_add(1, std::memory_order_relaxed);
		return ring_.wake_for_work();
	}
	std::lock_guard lock(submit_mutex_);

	submit_published();
}

/* If the kernel refuses a run as a whole, half of it is tried, until the refused entry is alone. Runs do not grow again
 * before that entry is found; otherwise each entry before it would cause another refusal. If there is no room, a
 * smaller run may fit; the rest waits for completions. */
void ProcessQueue::submit_published() noexcept
{
	uint32_t most = most_;

	kicks_.fetch_add(1, std::memory_order_relaxed);
	stalled_.store(false, std::memory_order_relaxed);
	for (;;) {
		const Run run = ring_.pending(most);

		if (!run.count || is_gone())
			return;
		const int r = submit_run(run);

		if (r > 0) {
			ring_.submitted(static_cast<uint32_t>(r));
			submitted_.fetch_add(static_cast<uint32_t>(r), std::memory_order_relaxed);
		} else if (r == -ENODEV) {
			return set_gone();
		} else if (run.count > 1) {
			most = run.count / 2;
		} else if (r == -EAGAIN) {
			/* A consumer that goes to sleep sets its bit and then loads `stalled_`; this thread stores
			 * `stalled_` and then loads the bit. Excluded: both load the old value, and the consumer
			 * sleeps because nothing is in flight, although entries wait for room. */
			stalled_.store(true, std::memory_order_relaxed);
			return ring_.wake_for_work();
		} else {
			refuse(-r);
			most = most_;
		}
	}
}

int ProcessQueue::submit(const Run &) noexcept
{
	return -EOPNOTSUPP;
}

int ProcessQueue::submit_run(const Run &run) noexcept
{
	int r = submit(run);

	for (int tries = 1; r == -EINTR && tries < kTries; tries++)
		r = submit(run);
	return r == -EINTR ? -EAGAIN : r;
}

/* Completes the first entry that is not submitted, which the kernel refused. */
void ProcessQueue::refuse(int error) noexcept
{
	completed_.fetch_add(1, std::memory_order_relaxed);
	faults_.fetch_add(1, std::memory_order_relaxed);
	(void)ring_.refuse(error);
}

bool ProcessQueue::complete(uint64_t sequence, uint8_t status,
			    const accel_ring_record *record) noexcept
{
	if (!ring_.complete(sequence, status, record))
		return false;
	completed_.fetch_add(1, std::memory_order_relaxed);
	if (status != ACCEL_RING_STATUS_SUCCESS)
		faults_.fetch_add(1, std::memory_order_relaxed);
	return true;
}

/* Delivers what finished before the removal, whether a producer or the consumer noticed the removal first. */
int ProcessQueue::handle_removal() noexcept
{
	set_gone();
	reap_rest();
	retire();
	return -ENODEV;
}

int ProcessQueue::progress(uint64_t deadline_ns) noexcept
{
	if (is_gone())
		return handle_removal();
	/* Another client may have made room, without a completion here. */
	if (is_stalled())
		kick();
	const int r = reap(deadline_ns);

	if (r == -ENODEV || (r == -EAGAIN && deadline_ns && !is_there()))
		return handle_removal();
	if (!is_stalled())
		return r;
	if (r > 0)
		kick();
	if (r != -EAGAIN)
		return r;
	/* Nothing of this queue is in flight, but published entries wait for room. After -EAGAIN the consumer would
	 * sleep until a producer submits, and no producer may do so: the consumer sleeps here and tries again. */
	if (deadline_ns)
		(void)sys::futex_wait(&nap_word_, 0,
				      std::min(deadline_ns, sys::now_ns() + kStalledNs));
	return 0;
}

Result<accel_queue_info> ProcessQueue::query()
{
	accel_queue_info info{};

	info.given = ACCEL_QUEUE_INFO_GIVEN_STATE | ACCEL_QUEUE_INFO_GIVEN_SUBMITTED |
		     ACCEL_QUEUE_INFO_GIVEN_COMPLETED | ACCEL_QUEUE_INFO_GIVEN_FAULTS |
		     ACCEL_QUEUE_INFO_GIVEN_KICKS;
	info.state = is_gone() ? ACCEL_QUEUE_STATE_GONE : ACCEL_QUEUE_STATE_RUNNING;
	info.submitted = submitted_.load(std::memory_order_relaxed);
	info.completed = completed_.load(std::memory_order_relaxed);
	info.faults = faults_.load(std::memory_order_relaxed);
	info.kicks = kicks_.load(std::memory_order_relaxed);
	return info;
}

} // namespace accel::core
