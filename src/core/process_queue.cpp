// SPDX-License-Identifier: MIT
// Handing entries to a kernel that has no room, or refuses one of them, or is gone.
#include "core/process_queue.hpp"

#include "sys/cancellation.hpp"
#include "sys/sys.hpp"

#include <algorithm>

namespace accel::core {

namespace {

/* More signals than this during one submission are as good as no room. */
constexpr int kTries = 8;
/* How long a wait may leave it unnoticed that the kernel has room again. */
constexpr uint64_t kStalledNs = 1'000'000;

} // namespace

bool ProcessQueue::publish(void *context, uint64_t sequence, uint32_t count) noexcept
{
	auto *self = static_cast<ProcessQueue *>(context);

	sys::NoCancellation whole;

	/* Entries of a queue that is shut go nowhere; nobody waits for them any more. */
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
	/* A register takes the entries without a call. */
	return {.submit = ring_.has_register() ? nullptr : publish,
		.submit_context = this,
		.doorbell = doorbell,
		.progress = enter_progress,
		.context = static_cast<QueueBackend *>(this)};
}

/* Where a register publishes, a doorbell says that there is something to wait for. */
void ProcessQueue::kick() noexcept
{
	if (ring_.has_register()) {
		kicks_.fetch_add(1, std::memory_order_relaxed);
		return ring_.wake_for_work();
	}
	std::lock_guard lock(submit_mutex_);

	submit_published();
}

/* Where the kernel refuses a run as a whole, half of it is tried: entries before the bad one pass, and the bad one is
 * found alone. Until then runs do not grow again, which would find it once more for each entry before it. Where there
 * is no room, fewer may fit; what is left waits for completions. */
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
			stalled_.store(true, std::memory_order_relaxed);
			return;
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

/* The kernel refused the oldest entry that it has not. */
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

/* What finished before the removal is delivered, whichever thread noticed that first. */
int ProcessQueue::end_gone() noexcept
{
	set_gone();
	reap_rest();
	retire();
	return -ENODEV;
}

int ProcessQueue::progress(uint64_t deadline_ns) noexcept
{
	if (is_gone())
		return end_gone();
	/* The room may be another client's, and come without a completion here. */
	if (is_stalled())
		kick();
	const int r = reap(deadline_ns);

	if (r == -ENODEV || (r == -EAGAIN && deadline_ns && !is_there()))
		return end_gone();
	if (!is_stalled())
		return r;
	if (r > 0)
		kick();
	if (r != -EAGAIN)
		return r;
	/* Nothing of this queue is in flight, and the wait must not sleep until something is. */
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
