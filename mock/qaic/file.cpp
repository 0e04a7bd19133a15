// SPDX-License-Identifier: MIT
// Buffers of the mock qaic driver: creation, mapping, export and import, release.
#include "mock/qaic/file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <linux/ioctl.h>

namespace accel::core::mock {

namespace {

constexpr uint64_t kPage = 4096;

/* The result of the null kernel: everything submitted has ended. Accesses nothing that threads share. */
int null_ioctl(unsigned long request, void *argument)
{
	if (request != ACCEL_QAIC_IOCTL_PERF_STATS_BO)
		return 0;
	const auto *stats = static_cast<const accel_qaic_perf_stats *>(argument);
	auto *entries = reinterpret_cast<accel_qaic_perf_stats_entry *>(stats->data);

	for (unsigned i = 0; i < stats->header.count; i++)
		entries[i].device_latency_us = 1;
	return 0;
}

} // namespace

QaicFile::~QaicFile()
{
	Lock lock(device_->mutex_);

	/* A channel that was disabled belongs to no file, and stays in use until a reset, as does the state in sysfs.
	 * */
	for (QaicChannel &channel : device_->bridge_.channels)
		if (channel.owner == this)
			device_->bridge_.release(channel);
	device_->changed();
}

int QaicFile::ioctl(unsigned long request, void *argument)
{
	if (device_->options_.null_execute) {
		switch (request) {
		case ACCEL_QAIC_IOCTL_EXECUTE_BO:
		case ACCEL_QAIC_IOCTL_PARTIAL_EXECUTE_BO:
		case ACCEL_QAIC_IOCTL_WAIT_BO:
		case ACCEL_QAIC_IOCTL_PERF_STATS_BO: return null_ioctl(request, argument);
		}
	}
	return QaicMock::ioctl(request, argument);
}

int QaicFile::serve(unsigned number, void *copy)
{
	if (number >= ACCEL_DRM_COMMAND_BASE) {
		Lock lock(device_->mutex_);

		if (!device_->online_)
			return -ENODEV;
	}
	return QaicMock::serve(number, copy);
}

QaicBufferRef QaicFile::find(uint32_t handle) const
{
	auto at = buffers_.find(handle);

	return at == buffers_.end() ? nullptr : at->second;
}

uint32_t QaicFile::add(const QaicBufferRef &buffer)
{
	uint32_t handle = 1;

	/* The smallest free number, as in the kernel's allocator of handles. */
	while (buffers_.contains(handle))
		handle++;
	buffers_.emplace(handle, buffer);
	return handle;
}

int QaicFile::create_bo(accel_qaic_create_bo &argument)
{
	const uint64_t size = (argument.size + kPage - 1) & ~(kPage - 1);
	Lock lock(device_->mutex_);

	if (!device_->online_)
		return -ENODEV;
	auto buffer = std::make_shared<QaicBuffer>();
	if (size <= device_->options_.most_buffer_bytes)
		buffer->memory = Memory::create("accel-mock-qaic", size);
	if (!buffer->memory)
		return -ENOMEM;
	buffer->map_offset = device_->next_map_offset_;
	device_->next_map_offset_ += size;
	std::erase_if(device_->by_offset_, [](const auto &one) { return one.second.expired(); });
	device_->by_offset_.emplace(buffer->map_offset, buffer);
	argument.handle = add(buffer);
	if (device_->lie_ == QaicLie::handle)
		argument.handle = 0;
	return 0;
}

int QaicFile::mmap_bo(accel_qaic_mmap_bo &argument)
{
	Lock lock(device_->mutex_);
	QaicBufferRef buffer = find(argument.handle);

	if (!device_->online_)
		return -ENODEV;
	if (!buffer)
		return -ENOENT;
	argument.offset = buffer->map_offset;
	if (device_->lie_ == QaicLie::map_offset)
		argument.offset |= 0x123;
	return 0;
}

int QaicFile::map(const MapRequest &request, MapTarget *target)
{
	Lock lock(device_->mutex_);
	auto at = device_->by_offset_.find(static_cast<uint64_t>(request.offset));
	QaicBufferRef buffer = at == device_->by_offset_.end() ? nullptr : at->second.lock();

	if (!buffer || request.length > buffer->memory->size() || buffer->imported)
		return -EINVAL;
	/* The offsets belong to the device, but only a file with a handle may map. */
	if (std::ranges::none_of(buffers_, [&](const auto &mine) { return mine.second == buffer; }))
		return -EACCES;
	*target = {buffer->memory, 0};
	return 0;
}

int QaicFile::gem_close(const accel_drm_gem_close &argument)
{
	Lock lock(device_->mutex_);

	/* A queue and slices hold a reference to the buffer; a mapping holds one to its memory. */
	return buffers_.erase(argument.handle) ? 0 : -EINVAL;
}

int QaicFile::prime_export(accel_drm_prime_export &argument)
{
	char path[32];
	Lock lock(device_->mutex_);
	QaicBufferRef buffer = find(argument.handle);

	if (!buffer)
		return -ENOENT;
	/* Another open file description of the same file, with the requested access rights. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", buffer->memory->fd());
	int flags = argument.flags & ACCEL_DRM_EXPORT_FLAGS_WRITABLE ? O_RDWR : O_RDONLY;
	if (argument.flags & ACCEL_DRM_EXPORT_FLAGS_CLOSE_ON_EXEC)
		flags |= O_CLOEXEC;
	argument.fd = ::open(path, flags);
	return argument.fd < 0 ? -errno : 0;
}

int QaicFile::prime_import(accel_drm_prime_import &argument)
{
	uint64_t identity = 0;

	if (int r = Memory::identify(argument.fd, &identity); r < 0)
		return r;
	std::shared_ptr<Memory> memory = Memory::find(identity);
	if (!memory)
		return -EINVAL;
	Lock lock(device_->mutex_);

	for (const auto &[handle, buffer] : buffers_) {
		if (buffer->memory != memory)
			continue;
		argument.handle = handle;
		return 0;
	}
	/* A buffer that this device has exported also becomes a new object: the driver has its own import, without the
	 * check of the DRM core. */
	auto buffer = std::make_shared<QaicBuffer>();
	buffer->memory = memory;
	buffer->imported = true;
	argument.handle = add(buffer);
	return 0;
}

} // namespace accel::core::mock
