// SPDX-License-Identifier: MIT
// Address spaces: the meaning of addresses in descriptors.
#pragma once

#include "core/device.hpp"

namespace accel::core {

/// An address space of a device. Thread-safe.
class AddressSpace final : public Counted {
public:
	static Result<Ref<AddressSpace>> create(Device &device, uint32_t mode);
	/// On success the object can no longer be used; on failure it is unchanged.
	Result<void> destroy();

	Device &device() const { return *device_; }
	uint64_t handle() const { return handle_; }

private:
	explicit AddressSpace(Device &device) : device_(Ref<Device>::share(&device)) {}

	Ref<Device> device_;
	uint64_t handle_ = 0;
};

} // namespace accel::core
