// SPDX-License-Identifier: MIT
// What the addresses in descriptors mean.
#pragma once

#include "core/device.hpp"

namespace accel::core {

class Buffer;

/// An address space of a device. Thread-safe.
class AddressSpace final : public Counted {
public:
	static Result<Ref<AddressSpace>> create(Device &device, uint32_t mode);
	/// On success the object is of no use any more; on failure nothing has changed.
	Result<void> destroy();

	/// Returns where the device sees the memory; @iova is the wanted place, 0 for any.
	Result<uint64_t> map(void *address, uint64_t length, uint64_t access, uint64_t iova);
	Result<uint64_t> map(const Buffer &buffer, uint64_t offset, uint64_t length,
			     uint64_t access, uint64_t iova);
	Result<void> unmap(uint64_t iova, uint64_t length);
	Result<accel_address_space_info> query();

	Device &device() const { return *device_; }
	uint64_t handle() const { return handle_; }

private:
	explicit AddressSpace(Device &device) : device_(Ref<Device>::share(&device)) {}

	Ref<Device> device_;
	uint64_t handle_ = 0;
};

} // namespace accel::core
