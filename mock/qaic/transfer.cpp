// SPDX-License-Identifier: MIT
// Slices, execution and waiting of the mock qaic driver, as in qaic_data.c.
#include "mock/qaic/file.hpp"
#include "sys/sys.hpp"

#include <algorithm>
#include <cerrno>
#include <type_traits>

namespace accel::core::mock {

namespace {

constexpr uint64_t kPage = 4096;

/* Checks of a slice that the description cannot express: its range in the buffer, and rules across fields. */
bool fits(const accel_qaic_slice &slice, uint64_t size)
{
	uint64_t end = 0;

	return !__builtin_add_overflow(slice.offset, slice.size, &end) && end <= size;
}

/* A slice that moves no data gets the addresses of a page. */
bool is_described(const accel_qaic_slice &slice, uint64_t size)
{
	return slice.size || (size >= kPage && slice.offset <= size - kPage);
}

bool consistent(const accel_qaic_slice &slice)
{
	const int before =
		slice.sem0.presync + slice.sem1.presync + slice.sem2.presync + slice.sem3.presync;

	return before <= 1 && (!slice.db_len || slice.db_addr % (slice.db_len / 8) == 0);
}

uint32_t latency_us(uint64_t from_ns, uint64_t to_ns)
{
	return to_ns < from_ns ? 0 : static_cast<uint32_t>((to_ns - from_ns) / 1000);
}

} // namespace

int QaicFile::usable(uint32_t channel) const
{
	if (!device_->online_)
		return -ENODEV;
	if (device_->bridge_.channels[channel].owner != this)
		return -EPERM;
	return channel == device_->crashed_ ? -EPIPE : 0;
}

int QaicFile::attach_slice_bo(const accel_qaic_attach_slice &argument,
			      std::span<const accel_qaic_slice> data)
{
	Lock lock(device_->mutex_);
	QaicBufferRef buffer = find(argument.header.handle);
	QaicChannel &channel = device_->bridge_.channels[argument.header.dbc_id];

	if (!device_->online_)
		return -ENODEV;
	if (!buffer)
		return -ENOENT;
	if (!std::ranges::all_of(data, [&](const accel_qaic_slice &slice) {
		    return fits(slice, buffer->memory->size());
	    }))
		return -EINVAL;
	if (buffer->sliced)
		return -EINVAL;
	/* Unlike the other calls this one returns EINVAL for a channel of another file. */
	if (int r = usable(argument.header.dbc_id); r < 0)
		return r == -EPERM ? -EINVAL : r;
	if (!std::ranges::all_of(data, [&](const accel_qaic_slice &slice) {
		    return consistent(slice) && is_described(slice, buffer->memory->size());
	    }))
		return -EINVAL;
	if (data.size() > channel.entries)
		return -ENOSPC;
	buffer->sliced = true;
	buffer->channel = argument.header.dbc_id;
	buffer->direction = argument.header.dir;
	buffer->slices.assign(data.begin(), data.end());
	channel.sliced.push_back(buffer);
	return 0;
}

template <class Entry>
int QaicFile::execute(uint32_t number, std::span<const Entry> entries)
{
	const uint64_t received = sys::now_ns();
	Lock lock(device_->mutex_);
	QaicBridge &bridge = device_->bridge_;
	QaicChannel &channel = bridge.channels[number];

	if (int r = usable(number); r < 0)
		return r;
	if (bridge.progress(sys::now_ns()))
		device_->changed();
	for (size_t i = 0; i < entries.size(); i++) {
		QaicBufferRef buffer = find(entries[i].handle);
		uint64_t moved = UINT64_MAX;
		int r = -ENOENT;

		if constexpr (std::is_same_v<Entry, accel_qaic_partial_execute_entry>)
			moved = entries[i].resize;
		if (buffer)
			r = bridge.enqueue(channel, buffer, moved);
		if (r < 0) {
			bridge.undo(channel, i);
			return r;
		}
	}
	bridge.commit(channel, entries.size(), received, sys::now_ns());
	/* Sleeping threads may have to check the state earlier now. */
	device_->changed();
	return 0;
}

int QaicFile::execute_bo(const accel_qaic_execute &argument,
			 std::span<const accel_qaic_execute_entry> data)
{
	return execute(argument.header.dbc_id, data);
}

int QaicFile::partial_execute_bo(const accel_qaic_partial_execute &argument,
				 std::span<const accel_qaic_partial_execute_entry> data)
{
	return execute(argument.header.dbc_id, data);
}

int QaicFile::wait_bo(const accel_qaic_wait &argument)
{
	const QaicOptions &options = device_->options_;
	Lock lock(device_->mutex_);
	QaicBridge &bridge = device_->bridge_;
	QaicChannel &channel = bridge.channels[argument.dbc_id];
	QaicBufferRef buffer = find(argument.handle);

	if (int r = usable(argument.dbc_id); r < 0)
		return r;
	if (!buffer)
		return -ENOENT;
	if (device_->lie_ == QaicLie::wait_result)
		return 7;
	const uint64_t ns =
		(argument.timeout ? argument.timeout : options.default_timeout_ms) * 1000000;
	/* The kernel's timers end at a tick; the tick in progress does not count. */
	const uint64_t ticks = (ns + options.jiffy_ns - 1) / options.jiffy_ns;
	const uint64_t deadline = (sys::now_ns() / options.jiffy_ns + ticks + 1) * options.jiffy_ns;
	int r = 0;

	channel.waiters++;
	for (;;) {
		if (bridge.progress(sys::now_ns()))
			device_->changed();
		if (r < 0 || buffer->done)
			break;
		const uint64_t finish = bridge.next_finish();
		r = device_->wait_until(lock, deadline, finish, [&] {
			return buffer->done || bridge.next_finish() < finish;
		});
	}
	channel.waiters--;
	device_->changed();
	if (r == -ENODEV)
		return options.removal_as_driver ? -EPERM : -ENODEV;
	if (r == -ETIMEDOUT && !buffer->done)
		return r;
	if (argument.dbc_id == device_->crashed_)
		return -EPIPE;
	if (!channel.owner)
		return -EPERM;
	return buffer->done ? 0 : r;
}

int QaicFile::perf_stats_bo(accel_qaic_perf_stats &argument,
			    std::span<accel_qaic_perf_stats_entry> data)
{
	Lock lock(device_->mutex_);

	if (!device_->online_)
		return -ENODEV;
	if (device_->bridge_.progress(sys::now_ns()))
		device_->changed();
	for (accel_qaic_perf_stats_entry &entry : data) {
		QaicBufferRef buffer = find(entry.handle);

		if (!buffer)
			return -ENOENT;
		if (!buffer->sliced || buffer->channel != argument.header.dbc_id)
			return -EINVAL;
		entry.device_latency_us = latency_us(buffer->submitted_ns, buffer->processed_ns);
		entry.submit_latency_us = latency_us(buffer->received_ns, buffer->submitted_ns);
		entry.queue_level_before = buffer->level;
		entry.num_queue_element = static_cast<uint32_t>(buffer->slices.size());
		if (device_->lie_ == QaicLie::latency)
			entry.device_latency_us = entry.submit_latency_us =
				entry.queue_level_before = entry.num_queue_element = UINT32_MAX;
	}
	return 0;
}

int QaicFile::detach_slice_bo(const accel_qaic_detach_slice &argument)
{
	Lock lock(device_->mutex_);
	QaicBufferRef buffer = find(argument.handle);

	if (!device_->online_)
		return -ENODEV;
	if (!buffer)
		return -ENOENT;
	if (device_->bridge_.progress(sys::now_ns()))
		device_->changed();
	if (!buffer->sliced || device_->bridge_.channels[buffer->channel].owner != this)
		return -EINVAL;
	if (buffer->queued)
		return -EBUSY;
	device_->bridge_.detach(buffer);
	device_->changed();
	return 0;
}

} // namespace accel::core::mock
