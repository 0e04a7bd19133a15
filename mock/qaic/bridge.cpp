// SPDX-License-Identifier: MIT
// Queues of the mock DMA bridge, as qaic_data.c of the driver keeps them, and a stand-in for the device.
#include "mock/qaic/bridge.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace accel::core::mock {

void DeviceMemory::write(uint64_t address, std::span<const std::byte> from)
{
	while (!from.empty()) {
		auto &page = pages_[address / kPage];
		const size_t size = std::min<size_t>(from.size(), kPage - address % kPage);

		if (!page)
			page = std::make_unique<Page>();
		memcpy(&(*page)[address % kPage], from.data(), size);
		from = from.subspan(size);
		address += size;
	}
}

void DeviceMemory::read(uint64_t address, std::span<std::byte> to) const
{
	while (!to.empty()) {
		const size_t size = std::min<size_t>(to.size(), kPage - address % kPage);
		auto page = pages_.find(address / kPage);

		if (page == pages_.end())
			memset(to.data(), 0, size);
		else
			memcpy(to.data(), &(*page->second)[address % kPage], size);
		to = to.subspan(size);
		address += size;
	}
}

int QaicBridge::enqueue(QaicChannel &channel, const QaicBufferRef &buffer, uint64_t moved)
{
	if (!buffer->sliced || buffer->queued)
		return -EINVAL;
	if (moved != UINT64_MAX && moved > buffer->memory->size())
		return -EINVAL;
	if (channel.entries - 1 - channel.used < buffer->slices.size())
		return -EAGAIN;
	buffer->moved = moved;
	buffer->queued = true;
	buffer->done = false;
	channel.used += static_cast<uint32_t>(buffer->slices.size());
	channel.queue.push_back(buffer);
	return 0;
}

void QaicBridge::undo(QaicChannel &channel, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		QaicBufferRef buffer = channel.queue.back();

		buffer->queued = false;
		channel.used -= static_cast<uint32_t>(buffer->slices.size());
		channel.queue.pop_back();
	}
}

void QaicBridge::commit(QaicChannel &channel, size_t count, uint64_t received_ns, uint64_t now_ns)
{
	uint32_t level = channel.used;

	for (auto at = channel.queue.end() - static_cast<ptrdiff_t>(count);
	     at != channel.queue.end(); ++at)
		level -= static_cast<uint32_t>((*at)->slices.size());
	for (auto at = channel.queue.end() - static_cast<ptrdiff_t>(count);
	     at != channel.queue.end(); ++at) {
		QaicBuffer &buffer = **at;

		buffer.received_ns = received_ns;
		buffer.submitted_ns = now_ns;
		buffer.level = level;
		level += static_cast<uint32_t>(buffer.slices.size());
		buffer.finish_ns = std::max(now_ns, channel.last_finish_ns) + buffer_ns_;
		channel.last_finish_ns = buffer.finish_ns;
	}
}

bool QaicBridge::progress(uint64_t now_ns)
{
	bool any = false;

	for (QaicChannel &channel : channels) {
		while (!paused_ && !channel.queue.empty() &&
		       channel.queue.front()->finish_ns <= now_ns) {
			QaicBufferRef buffer = channel.queue.front();

			execute(*buffer);
			buffer->processed_ns = buffer->finish_ns;
			buffer->queued = false;
			buffer->done = true;
			channel.used -= static_cast<uint32_t>(buffer->slices.size());
			channel.queue.pop_front();
			any = true;
		}
	}
	return any;
}

uint64_t QaicBridge::next_finish() const
{
	uint64_t next = UINT64_MAX;

	for (const QaicChannel &channel : channels)
		if (!paused_ && !channel.queue.empty())
			next = std::min(next, channel.queue.front()->finish_ns);
	return next;
}

void QaicBridge::pause(uint64_t now_ns)
{
	progress(now_ns);
	paused_ = true;
}

void QaicBridge::resume(uint64_t now_ns)
{
	paused_ = false;
	for (QaicChannel &channel : channels) {
		channel.last_finish_ns = now_ns;
		for (const QaicBufferRef &buffer : channel.queue) {
			buffer->finish_ns = channel.last_finish_ns + buffer_ns_;
			channel.last_finish_ns = buffer->finish_ns;
		}
	}
}

void QaicBridge::execute(const QaicBuffer &buffer)
{
	for (const accel_qaic_slice &slice : buffer.slices) {
		const uint64_t begin = std::min<uint64_t>(slice.offset, buffer.moved);

		move(buffer, slice, std::min<uint64_t>(slice.size, buffer.moved - begin));
		if (slice.db_len)
			memory.write(slice.db_addr, std::as_bytes(std::span(&slice.db_data, 1))
							    .first(slice.db_len / 8));
	}
}

void QaicBridge::move(const QaicBuffer &buffer, const accel_qaic_slice &slice, uint64_t bytes)
{
	std::vector<std::byte> chunk;

	for (uint64_t at = 0; at < bytes; at += chunk.size()) {
		chunk.resize(std::min<uint64_t>(bytes - at, 1u << 16));
		if (buffer.direction == ACCEL_QAIC_DATA_DIRECTION_TO_DEVICE) {
			buffer.memory->read(slice.offset + at, chunk);
			memory.write(slice.dev_addr + at, chunk);
			continue;
		}
		memory.read(slice.dev_addr + at, chunk);
		if (transform_)
			transform_(slice.dev_addr + at, chunk);
		buffer.memory->write(slice.offset + at, chunk);
	}
}

void QaicBridge::detach(const QaicBufferRef &buffer)
{
	QaicChannel &channel = channels[buffer->channel];

	/* The caller's reference may be the one in the list. */
	QaicBufferRef kept = buffer;
	std::erase(channel.sliced, kept);
	kept->sliced = false;
	kept->slices.clear();
	kept->done = true;
}

void QaicBridge::empty(QaicChannel &channel)
{
	for (const QaicBufferRef &buffer : channel.queue) {
		buffer->queued = false;
		buffer->done = true;
		buffer->received_ns = buffer->submitted_ns = buffer->processed_ns = 0;
		buffer->level = 0;
	}
	channel.queue.clear();
	channel.used = 0;
}

void QaicBridge::release(QaicChannel &channel)
{
	channel.owner = nullptr;
	channel.in_use = false;
	empty(channel);
	while (!channel.sliced.empty())
		detach(channel.sliced.back());
	channel.entries = 0;
	channel.last_finish_ns = 0;
}

} // namespace accel::core::mock
