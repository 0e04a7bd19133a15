// SPDX-License-Identifier: MIT
// Buffers of DRM drivers.
#include "core/gem_backend.hpp"

#include "sys/sys.hpp"

#include <sys/mman.h>
#include <uapi/accel/drm.h>
#include <unistd.h>
#include <utility>

namespace accel::core {

namespace {

/* Limits of the common uABI. */
constexpr uint64_t kMostBytes = 0x10000000000;
constexpr uint64_t kBufferFlags = ACCEL_BUFFER_FLAGS_NO_MAP | ACCEL_BUFFER_FLAGS_WRITE_COMBINED |
				  ACCEL_BUFFER_FLAGS_DEVICE_MEMORY;

uint64_t page_bytes()
{
	return static_cast<uint64_t>(getpagesize());
}

int close_object(int fd, uint32_t handle)
{
	accel_drm_gem_close argument{handle, 0};

	return sys::ioctl(fd, ACCEL_DRM_IOCTL_GEM_CLOSE, &argument);
}

} // namespace

GemBackend::GemBackend(int fd, uint64_t flags, const char *lacks)
	: DriverBackend(fd,
			{.mode = ACCEL_ADDRESS_MODE_HANDLES,
			 .wrong_mode =
				 "this device accesses only buffers of its driver, which entries "
				 "name; use address mode handles",
			 .pasid_reason = "entries name buffers, so no process is identified"},
			lacks),
	  buffer_flags_(flags)
{}

std::unexpected<Failure> GemBackend::nonsense(const char *call)
{
	return fail(EIO, ACCEL_REASON_DEVICE, "the driver's answer to %s is inconsistent", call);
}

std::unexpected<Failure> GemBackend::failed(const char *doing, int code) const
{
	return fail_call(doing, is_there() ? code : -ENODEV);
}

int GemBackend::map_memory(uint64_t offset, uint64_t size, void **memory) noexcept
{
	return sys::mmap(memory, nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd_,
			 static_cast<off_t>(offset));
}

Result<BufferCreateOut> GemBackend::buffer_create(const BufferCreateIn &in)
{
	const uint64_t flags = in.flags.value_or(0);
	const uint64_t size = (in.size + page_bytes() - 1) / page_bytes() * page_bytes();
	BufferCreateOut out;

	if (flags & ~kBufferFlags)
		return fail_value({ACCEL_REASON_UNKNOWN_FLAG, "the set of buffer flags", flags,
				   "no-map, write-combined and device-memory",
				   ACCEL_BUFFER_CREATE_FLAGS, 0, kBufferFlags});
	if (flags & ~buffer_flags_ & ~uint64_t{ACCEL_BUFFER_FLAGS_NO_MAP})
		return fail(
			EOPNOTSUPP, ACCEL_REASON_UNSUPPORTED,
			"the driver does not support the buffer flags 0x%llx; leave write-combined "
			"and device-memory out",
			static_cast<unsigned long long>(flags));
	if (!in.size || in.size > kMostBytes)
		return fail_value({ACCEL_REASON_OUT_OF_RANGE, "the length of a buffer", in.size,
				   "1 to 0x10000000000", ACCEL_BUFFER_CREATE_SIZE, 1, kMostBytes});
	/* Allocate the record of the buffer before the buffer exists. */
	std::map<uint32_t, Buffer> one{{0, {size, flags}}};
	auto known = one.extract(one.begin());
	auto handle = make_object(size, flags);

	if (!handle)
		return std::unexpected(handle.error());
	if (!*handle)
		return nonsense("creating a buffer");
	if (!(flags & ACCEL_BUFFER_FLAGS_NO_MAP)) {
		auto offset = object_offset(*handle);

		if (offset && (*offset % page_bytes() || *offset > INT64_MAX))
			offset = nonsense("asking for the map offset of a buffer");
		if (!offset) {
			(void)close_object(fd_, *handle);
			return std::unexpected(offset.error());
		}
		out.map_offset = *offset;
	}
	out.handle = *handle;
	out.actual_size = size;
	known.key() = *handle;
	std::lock_guard lock(mutex_);
	buffers_.insert(std::move(known));
	return out;
}

Result<void> GemBackend::buffer_destroy(const BufferDestroyIn &in)
{
	const auto handle = static_cast<uint32_t>(in.handle);
	std::lock_guard lock(mutex_);
	auto at = buffers_.find(handle);

	/* This thread increments destroyed_ and then reads the names; a thread that completes the last entry with this
	 * name removes the name and then loads destroyed_ in free_destroyed(). Excluded: this thread reads the name and
	 * the other loads 0, so that neither frees the buffer. If the other loads 1, it waits for the lock. */
	destroyed_.fetch_add(1);
	if (at != buffers_.end() && is_named(handle)) {
		at->second.destroyed = true;
		return {};
	}
	destroyed_.fetch_sub(1);
	/* Under the lock: after the call the kernel may assign the handle to a buffer of another thread. */
	if (int r = close_object(fd_, handle); r < 0)
		return failed("freeing the buffer", r);
	if (at != buffers_.end())
		buffers_.erase(at);
	return {};
}

void GemBackend::free_destroyed() noexcept
{
	if (!destroyed_.load())
		return;
	std::lock_guard lock(mutex_);

	std::erase_if(buffers_, [this](const auto &one) {
		if (!one.second.destroyed || is_named(one.first) ||
		    close_object(fd_, one.first) < 0)
			return false;
		destroyed_.fetch_sub(1);
		return true;
	});
}

Result<accel_buffer_info> GemBackend::buffer_query(const BufferQueryIn &in)
{
	std::lock_guard lock(mutex_);
	auto at = buffers_.find(static_cast<uint32_t>(in.handle));
	accel_buffer_info info{};

	if (at == buffers_.end() || at->second.destroyed)
		return fail(ENOENT, ACCEL_REASON_NO_HANDLE, "no such buffer");
	info.kind = ACCEL_MEMORY_KIND_ALLOCATED;
	info.buffer_size = at->second.size;
	info.flags = at->second.flags;
	info.given = ACCEL_BUFFER_INFO_GIVEN_KIND | ACCEL_BUFFER_INFO_GIVEN_BUFFER_SIZE |
		     ACCEL_BUFFER_INFO_GIVEN_FLAGS | ACCEL_BUFFER_INFO_GIVEN_MAPPINGS;
	return info;
}

} // namespace accel::core
