// SPDX-License-Identifier: MIT
// Execution on a channel: submission to the driver, and the ways to detect completion.
#include "providers/qaic/queue.hpp"

#include "providers/qaic/backend.hpp"
#include "sys/sys.hpp"

#include <algorithm>
#include <array>

namespace accel::core::qaic {

namespace {

/* The most entries of one query. More can be in flight, but the ring's completions are in order. */
constexpr uint32_t kMostQueried = 64;
/* No event of this process ends a wait in the kernel, so it is split into pieces. */
constexpr uint64_t kLongestWaitMs = 100;
/* The shortest time between two polls with the call that can block. */
constexpr uint64_t kCheckAgainNs = 100'000'000;

uint32_t whole_ms(uint64_t ns)
{
	/* Never 0, which means the driver's default of seconds. */
	return static_cast<uint32_t>(
		std::clamp<uint64_t>(ns / 1'000'000 + (ns % 1'000'000 != 0), 1, kLongestWaitMs));
}

} // namespace

bool is_there(int fd) noexcept
{
	accel_qaic_mmap_bo argument{};

	return sys::ioctl(fd, ACCEL_QAIC_IOCTL_MMAP_BO, &argument) != -ENODEV;
}

bool Names::has(uint32_t handle) const noexcept
{
	return std::ranges::any_of(handles_, [=](const auto &one) {
		return one.load(std::memory_order_acquire) == handle;
	});
}

uint32_t QaicQueue::handle_at(uint64_t sequence) const noexcept
{
	/* Both kinds of entries start with the handle. */
	return static_cast<const accel_qaic_execute_entry *>(ring_.entry(sequence))->handle;
}

/* A run contains all published entries, so those that wait for room are named, too. */
void QaicQueue::name(const Run &run) noexcept
{
	for (uint32_t i = 0; i < run.count; i++)
		names_->set(run.sequence + i, handle_at(run.sequence + i));
}

/* Clears the name first: when the completion is visible, a producer may reuse the slot for another entry. */
bool QaicQueue::end(uint64_t sequence, uint8_t status, const accel_ring_record *record) noexcept
{
	names_->clear(sequence);
	return complete(sequence, status, record);
}

/* The kernel takes the whole run or nothing. A run that is refused has no effect on the device; one refused entry
 * completes. */
int QaicQueue::submit(const Run &run) noexcept
{
	const unsigned long request =
		place_.partial ? ACCEL_QAIC_IOCTL_PARTIAL_EXECUTE_BO : ACCEL_QAIC_IOCTL_EXECUTE_BO;
	accel_qaic_execute argument{{run.count, place_.channel},
				    reinterpret_cast<uint64_t>(run.entries)};
	name(run);
	const int r = sys::ioctl(place_.fd, request, &argument);

	if (r >= 0)
		return static_cast<int>(run.count);
	if ((r == -EPERM || r == -EIO) && !is_there())
		return -ENODEV;
	if (run.count == 1 && r != -EAGAIN && r != -EINTR) {
		names_->clear(run.sequence);
		backend_.free_destroyed();
	}
	return r;
}

/* Stores the oldest entries that have not ended; returns how many. */
uint32_t QaicQueue::queued(std::span<Queued> entries) const noexcept
{
	uint32_t count = 0;
	uint64_t at = ring_.oldest();

	for (const uint64_t end = ring_.end(); at < end && count < entries.size(); at++) {
		if (ring_.has_ended(at))
			continue;
		entries[count++] = {at, handle_at(at)};
	}
	return count;
}

int QaicQueue::times_of(std::span<const Queued> entries,
			accel_qaic_perf_stats_entry *times) const noexcept
{
	accel_qaic_perf_stats argument{{static_cast<uint16_t>(entries.size()), 0, place_.channel},
				       reinterpret_cast<uint64_t>(times)};

	for (size_t i = 0; i < entries.size(); i++)
		times[i] = {.handle = entries[i].handle};
	const int r = sys::ioctl(place_.fd, ACCEL_QAIC_IOCTL_PERF_STATS_BO, &argument);

	return r == 0 || r == -ENODEV || qaic::is_there(place_.fd) ? r : -ENODEV;
}

/* Asks for @entry with the call that waits, at most @ms. It returns at once for an entry that has ended. */
int QaicQueue::wait_for(const Queued &entry, uint32_t ms) noexcept
{
	accel_qaic_wait argument{entry.handle, ms, place_.channel, 0};
	const int r = sys::ioctl(place_.fd, ACCEL_QAIC_IOCTL_WAIT_BO, &argument);

	switch (r) {
	case 0: return end(entry.sequence, ACCEL_RING_STATUS_SUCCESS, nullptr);
	case -ETIMEDOUT:
	case -EINTR: return 0;
	case -ENODEV:
	case -ENOMEM: return r;
	default: break;
	}
	/* A deactivated channel and a removed device have the same errno. */
	if (!is_there())
		return -ENODEV;
	accel_ring_record record{};

	record.detail = static_cast<uint64_t>(r < 0 ? -r : EPROTO);
	record.status = ACCEL_RING_STATUS_ENGINE_ERROR;
	return end(entry.sequence, ACCEL_RING_STATUS_ENGINE_ERROR, &record);
}

/* One of @entries is refused, and the driver does not report which: its buffer was detached or destroyed. Then only the
 * call that waits reports how it ended; for such a buffer it does not block. */
int QaicQueue::poll_each(std::span<const Queued> entries) noexcept
{
	int ended = 0;

	for (const Queued &entry : entries) {
		accel_qaic_perf_stats_entry times;
		int r = times_of({&entry, 1}, &times);

		if (r == -ENODEV)
			return r;
		if (r == 0 && !times.device_latency_us)
			continue;
		if (r == 0 || r == -EINVAL || r == -ENOENT)
			r = wait_for(entry, 1);
		if (r == -ENODEV)
			return r;
		if (r == 0)
			break;
		ended += r > 0;
	}
	return ended;
}

/* Queries many entries at once without waiting. A nonzero time means that the entry has ended; the other call, which
 * does not block in this case, confirms it. If it does block, the times are wrong, and the rest of them is ignored. */
int QaicQueue::poll_all() noexcept
{
	std::array<Queued, kMostQueried> room;
	const std::span entries = std::span(room).first(queued(room));
	std::array<accel_qaic_perf_stats_entry, kMostQueried> times;
	int ended = 0;

	if (entries.empty())
		return 0;
	int r = times_of(entries, times.data());

	if (r == -EINVAL || r == -ENOENT)
		return poll_each(entries);
	if (r != 0)
		return r < 0 ? r : -EIO;
	for (size_t i = 0; i < entries.size(); i++) {
		if (!times[i].device_latency_us)
			continue;
		r = wait_for(entries[i], 1);
		if (r == -ENODEV)
			return r;
		if (r == 0)
			break;
		ended += r > 0;
	}
	return ended;
}

/* An entry that took less than a microsecond has no time. For a thread that polls and never waits, the oldest entry is
 * checked at intervals with the call that blocks for a tick of the kernel's clock. */
int QaicQueue::poll_oldest(const Queued &oldest) noexcept
{
	const uint64_t now = sys::now_ns();

	if (oldest.sequence != untimed_) {
		untimed_ = oldest.sequence;
		check_again_ns_ = now + kCheckAgainNs;
		return 0;
	}
	if (now < check_again_ns_)
		return 0;
	check_again_ns_ = now + kCheckAgainNs;
	return wait_for(oldest, 1);
}

int QaicQueue::reap(uint64_t deadline_ns) noexcept
{
	Queued oldest;
	int r = 0;

	while (r == 0) {
		const uint64_t now = sys::now_ns();

		if (!queued({&oldest, 1}))
			return -EAGAIN;
		if (is_gone())
			return -ENODEV;
		if (now < deadline_ns) {
			r = wait_for(oldest, whole_ms(deadline_ns - now));
			if (r > 0)
				(void)poll_all();
			continue;
		}
		r = poll_all();
		if (r != -ENODEV && r <= 0)
			r = poll_oldest(oldest);
		break;
	}
	/* Retire also entries that ended before the removal. */
	if (r != 0)
		retire();
	backend_.free_destroyed();
	return r;
}

/* The channel continues with its queued buffers; the program deactivates it by a message to the firmware. */
Result<void> QaicQueue::destroy()
{
	backend_.end_queue(place_.channel, place_.space);
	backend_.free_destroyed();
	return {};
}

} // namespace accel::core::qaic
