// SPDX-License-Identifier: MIT
// Buffers and address spaces of DRM drivers.
#include "core/gem_backend.hpp"

#include "sys/sys.hpp"

#include <bit>
#include <cstring>
#include <sys/mman.h>
#include <uapi/accel/drm.h>
#include <unistd.h>
#include <utility>

namespace accel::core {

namespace {

/* As the common uABI has it. */
constexpr uint64_t kMostBytes = 0x10000000000;
constexpr uint64_t kBufferFlags = ACCEL_BUFFER_FLAGS_NO_MAP | ACCEL_BUFFER_FLAGS_WRITE_COMBINED |
				  ACCEL_BUFFER_FLAGS_DEVICE_MEMORY;

uint64_t page_bytes()
{
	return static_cast<uint64_t>(getpagesize());
}

void close_object(int fd, uint32_t handle)
{
	accel_drm_gem_close argument{handle, 0};

	(void)sys::ioctl(fd, ACCEL_DRM_IOCTL_GEM_CLOSE, &argument);
}

} // namespace

std::unexpected<Failure> GemBackend::wrong(unsigned reason, const char *what, uint64_t value,
					   const char *allowed)
{
	auto failure = fail(EINVAL, reason, "%s is %llu; allowed: %s", what,
			    static_cast<unsigned long long>(value), allowed);

	failure.error().value = value;
	return failure;
}

std::unexpected<Failure> GemBackend::nonsense(const char *call)
{
	return fail(EIO, ACCEL_REASON_DEVICE, "the driver's answer to %s makes no sense", call);
}

std::unexpected<Failure> GemBackend::failed(const char *doing, int code) const
{
	return fail_call(doing, is_there() ? code : -ENODEV);
}

void GemBackend::close() noexcept
{
	if (fd_ >= 0)
		sys::close(std::exchange(fd_, -1));
}

int GemBackend::map_memory(uint64_t offset, uint64_t size, void **memory) noexcept
{
	return sys::mmap(memory, nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd_,
			 static_cast<off_t>(offset));
}

Result<AddressSpaceCreateOut> GemBackend::address_space_create(const AddressSpaceCreateIn &in)
{
	if (in.mode == ACCEL_ADDRESS_MODE_SHARED || in.mode == ACCEL_ADDRESS_MODE_MAPPED)
		return fail(EOPNOTSUPP, ACCEL_REASON_UNSUPPORTED,
			    "this device sees only buffers of its driver, and entries name them; "
			    "use address mode handles");
	if (in.mode != ACCEL_ADDRESS_MODE_HANDLES)
		return wrong(ACCEL_REASON_UNKNOWN_MEMBER, "the address mode", in.mode,
			     "3 (handles)");
	std::lock_guard lock(mutex_);

	spaces_.emplace(next_space_, 0);
	return AddressSpaceCreateOut{.handle = next_space_++, .pasid = {}};
}

Result<void> GemBackend::address_space_destroy(const AddressSpaceDestroyIn &in)
{
	std::lock_guard lock(mutex_);
	auto at = spaces_.find(in.handle);

	if (at == spaces_.end())
		return fail(ENOENT, ACCEL_REASON_NO_HANDLE, "there is no such address space");
	if (at->second)
		return fail(EBUSY, ACCEL_REASON_IN_USE,
			    "%u queues use the address space; destroy them first", at->second);
	spaces_.erase(at);
	return {};
}

Result<accel_address_space_info> GemBackend::address_space_query(const AddressSpaceQueryIn &)
{
	accel_address_space_info info{};

	info.mode = ACCEL_ADDRESS_MODE_HANDLES;
	strcpy(info.pasid_reason, "entries name buffers, so that no process has to be told");
	info.given = ACCEL_ADDRESS_SPACE_INFO_GIVEN_MODE |
		     ACCEL_ADDRESS_SPACE_INFO_GIVEN_PASID_REASON |
		     ACCEL_ADDRESS_SPACE_INFO_GIVEN_MAPPINGS |
		     ACCEL_ADDRESS_SPACE_INFO_GIVEN_MAPPED_BYTES;
	return info;
}

Result<void> GemBackend::check_request(const QueueRequest &request, uint32_t most, uint64_t flags)
{
	constexpr uint64_t kKnown = ACCEL_QUEUE_FLAGS_MULTI_PRODUCER |
				    ACCEL_QUEUE_FLAGS_STOP_ON_FAULT |
				    ACCEL_QUEUE_FLAGS_STATUS_PHASE;

	if (!std::has_single_bit(request.entries) || request.entries < 2 ||
	    request.entries > most) {
		auto failure = wrong(ACCEL_REASON_OUT_OF_RANGE, "the number of entries",
				     request.entries, "a power of two that is in the range");

		failure.error().attribute = ACCEL_QUEUE_CREATE_ENTRIES;
		failure.error().minimum = 2;
		failure.error().maximum = most;
		return failure;
	}
	if (request.flags & ~kKnown) {
		auto failure = wrong(ACCEL_REASON_UNKNOWN_FLAG, "the set of queue flags",
				     request.flags, "multi-producer, where the device has it");

		failure.error().attribute = ACCEL_QUEUE_CREATE_FLAGS;
		return failure;
	}
	if (request.flags & ~flags)
		return fail(EOPNOTSUPP, ACCEL_REASON_UNSUPPORTED,
			    "queues of this device have no flags 0x%llx",
			    static_cast<unsigned long long>(request.flags & ~flags));
	if (request.event || request.completion_fence)
		return fail(EOPNOTSUPP, ACCEL_REASON_UNSUPPORTED,
			    "queues of this device signal no events and no fences; use "
			    "accel_queue_wait()");
	return {};
}

Result<void> GemBackend::count_queue(uint64_t space)
{
	std::lock_guard lock(mutex_);
	auto at = spaces_.find(space);

	if (at == spaces_.end())
		return fail(ENOENT, ACCEL_REASON_NO_HANDLE, "there is no such address space");
	at->second++;
	return {};
}

void GemBackend::forget_queue(uint64_t space) noexcept
{
	std::lock_guard lock(mutex_);

	spaces_.find(space)->second--;
}

Result<BufferCreateOut> GemBackend::buffer_create(const BufferCreateIn &in)
{
	const uint64_t flags = in.flags.value_or(0);
	const uint64_t size = (in.size + page_bytes() - 1) / page_bytes() * page_bytes();
	BufferCreateOut out;

	if (flags & ~kBufferFlags)
		return wrong(ACCEL_REASON_UNKNOWN_FLAG, "the set of buffer flags", flags,
			     "no-map, write-combined and device-memory");
	if (flags & ~buffer_flags_ & ~uint64_t{ACCEL_BUFFER_FLAGS_NO_MAP})
		return fail(EOPNOTSUPP, ACCEL_REASON_UNSUPPORTED,
			    "the driver has no buffers with the flags 0x%llx; leave write-combined "
			    "and device-memory out",
			    static_cast<unsigned long long>(flags));
	if (!in.size || in.size > kMostBytes)
		return wrong(ACCEL_REASON_OUT_OF_RANGE, "the length of a buffer", in.size,
			     "1 to 0x10000000000");
	/* What is needed to remember it, before there is something to remember. */
	std::map<uint32_t, Buffer> one{{0, {size, flags}}};
	auto known = one.extract(one.begin());
	auto handle = make_object(size, flags);

	if (!handle)
		return std::unexpected(handle.error());
	if (!*handle)
		return nonsense("making a buffer");
	if (!(flags & ACCEL_BUFFER_FLAGS_NO_MAP)) {
		auto offset = object_offset(*handle);

		if (offset && (*offset % page_bytes() || *offset > INT64_MAX))
			offset = nonsense("asking where a buffer can be mapped");
		if (!offset) {
			close_object(fd_, *handle);
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
	accel_drm_gem_close argument{static_cast<uint32_t>(in.handle), 0};
	std::lock_guard lock(mutex_);

	/* Under the lock: right after the call the kernel may give the number to another thread's buffer. */
	if (int r = sys::ioctl(fd_, ACCEL_DRM_IOCTL_GEM_CLOSE, &argument); r < 0)
		return failed("freeing the buffer", r);
	buffers_.erase(argument.handle);
	return {};
}

Result<accel_buffer_info> GemBackend::buffer_query(const BufferQueryIn &in)
{
	std::lock_guard lock(mutex_);
	auto at = buffers_.find(static_cast<uint32_t>(in.handle));
	accel_buffer_info info{};

	if (at == buffers_.end())
		return fail(ENOENT, ACCEL_REASON_NO_HANDLE, "there is no such buffer");
	info.kind = ACCEL_MEMORY_KIND_ALLOCATED;
	info.buffer_size = at->second.size;
	info.flags = at->second.flags;
	info.given = ACCEL_BUFFER_INFO_GIVEN_KIND | ACCEL_BUFFER_INFO_GIVEN_BUFFER_SIZE |
		     ACCEL_BUFFER_INFO_GIVEN_FLAGS | ACCEL_BUFFER_INFO_GIVEN_MAPPINGS;
	return info;
}

Result<void> GemBackend::buffer_sync(const BufferSyncIn &in)
{
	constexpr uint64_t kAccess = ACCEL_ACCESS_READ | ACCEL_ACCESS_WRITE;

	if (in.phase != ACCEL_SYNC_PHASE_BEGIN && in.phase != ACCEL_SYNC_PHASE_END)
		return wrong(ACCEL_REASON_UNKNOWN_MEMBER, "the phase", in.phase,
			     "1 (begin) and 2 (end)");
	if (in.access & ~kAccess)
		return wrong(ACCEL_REASON_UNKNOWN_FLAG, "the access", in.access,
			     "1 (read), 2 (write) and 3");
	return {};
}

} // namespace accel::core
