// SPDX-License-Identifier: MIT
// Address spaces of the library, and the checks of requests that no kernel driver makes.
#include "core/driver_backend.hpp"

#include "sys/sys.hpp"

#include <bit>
#include <cstring>
#include <utility>

namespace accel::core {

namespace {

std::unexpected<Failure> no_space(uint64_t handle)
{
	return fail(ENOENT, ACCEL_REASON_NO_HANDLE,
		    "no address space of this device has the handle %llu",
		    static_cast<unsigned long long>(handle));
}

} // namespace

void DriverBackend::close() noexcept
{
	if (fd_ >= 0)
		sys::close(std::exchange(fd_, -1));
}

Result<AddressSpaceCreateOut> DriverBackend::address_space_create(const AddressSpaceCreateIn &in)
{
	if (in.mode < ACCEL_ADDRESS_MODE_SHARED || in.mode > ACCEL_ADDRESS_MODE_HANDLES)
		return fail_value(
			{ACCEL_REASON_UNKNOWN_MEMBER, "the address mode", in.mode,
			 "1 (shared), 2 (mapped) and 3 (handles), where the device has it",
			 ACCEL_ADDRESS_SPACE_CREATE_MODE, ACCEL_ADDRESS_MODE_SHARED,
			 ACCEL_ADDRESS_MODE_HANDLES});
	if (in.mode != kind_.mode)
		return fail(EOPNOTSUPP, ACCEL_REASON_UNSUPPORTED, "%s", kind_.wrong_mode);
	std::lock_guard lock(mutex_);

	spaces_.emplace(next_, 0);
	return AddressSpaceCreateOut{.handle = next_++, .pasid = {}};
}

Result<void> DriverBackend::address_space_destroy(const AddressSpaceDestroyIn &in)
{
	std::lock_guard lock(mutex_);
	auto at = spaces_.find(in.handle);

	if (at == spaces_.end())
		return no_space(in.handle);
	if (at->second)
		return fail(EBUSY, ACCEL_REASON_IN_USE,
			    "%u queues use the address space; destroy them first", at->second);
	spaces_.erase(at);
	return {};
}

Result<accel_address_space_info> DriverBackend::address_space_query(const AddressSpaceQueryIn &in)
{
	std::lock_guard lock(mutex_);
	accel_address_space_info info{};

	if (!spaces_.contains(in.handle))
		return no_space(in.handle);
	info.mode = kind_.mode;
	snprintf(info.pasid_reason, sizeof(info.pasid_reason), "%s", kind_.pasid_reason);
	info.given = ACCEL_ADDRESS_SPACE_INFO_GIVEN_MODE |
		     ACCEL_ADDRESS_SPACE_INFO_GIVEN_PASID_REASON |
		     ACCEL_ADDRESS_SPACE_INFO_GIVEN_MAPPINGS |
		     ACCEL_ADDRESS_SPACE_INFO_GIVEN_MAPPED_BYTES;
	return info;
}

Result<void> DriverBackend::buffer_sync(const BufferSyncIn &in)
{
	constexpr uint64_t kAccess = ACCEL_ACCESS_READ | ACCEL_ACCESS_WRITE;

	if (in.phase != ACCEL_SYNC_PHASE_BEGIN && in.phase != ACCEL_SYNC_PHASE_END)
		return fail_value({ACCEL_REASON_UNKNOWN_MEMBER, "the phase", in.phase,
				   "1 (begin) and 2 (end)", ACCEL_BUFFER_SYNC_PHASE, 1, 2});
	if (in.access & ~kAccess)
		return fail_value({ACCEL_REASON_UNKNOWN_FLAG, "the access", in.access,
				   "1 (read), 2 (write) and 3", ACCEL_BUFFER_SYNC_ACCESS, 0,
				   kAccess});
	return {};
}

Result<void> DriverBackend::check_request(const QueueRequest &request, uint32_t most,
					  uint64_t flags)
{
	constexpr uint64_t kKnown = ACCEL_QUEUE_FLAGS_MULTI_PRODUCER |
				    ACCEL_QUEUE_FLAGS_STOP_ON_FAULT |
				    ACCEL_QUEUE_FLAGS_STATUS_PHASE;
	constexpr uint32_t kLeast = 2;
	const bool in_range = request.entries >= kLeast && request.entries <= most;

	if (!in_range || !std::has_single_bit(request.entries))
		return fail_value(
			{in_range ? ACCEL_REASON_NOT_POWER_OF_TWO : ACCEL_REASON_OUT_OF_RANGE,
			 "the number of entries", request.entries,
			 "a power of two from 2 to max_entries of the device",
			 ACCEL_QUEUE_CREATE_ENTRIES, kLeast, most});
	if (request.flags & ~kKnown)
		return fail_value({ACCEL_REASON_UNKNOWN_FLAG, "the set of queue flags",
				   request.flags, "multi-producer, where the device has it",
				   ACCEL_QUEUE_CREATE_FLAGS, 0, flags});
	if (request.flags & ~flags)
		return fail(EOPNOTSUPP, ACCEL_REASON_UNSUPPORTED,
			    "queues of this device do not support the flags 0x%llx; leave them out",
			    static_cast<unsigned long long>(request.flags & ~flags));
	if (request.event || request.completion_fence)
		return fail(EOPNOTSUPP, ACCEL_REASON_UNSUPPORTED,
			    "queues of this device signal no events and no fences; use "
			    "accel_queue_wait()");
	return {};
}

Result<void> DriverBackend::count_queue(uint64_t space)
{
	std::lock_guard lock(mutex_);
	auto at = spaces_.find(space);

	if (at == spaces_.end())
		return no_space(space);
	at->second++;
	return {};
}

void DriverBackend::forget_queue(uint64_t space) noexcept
{
	std::lock_guard lock(mutex_);

	spaces_.find(space)->second--;
}

} // namespace accel::core
