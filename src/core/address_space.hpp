// SPDX-License-Identifier: MIT
// What the addresses in descriptors mean.
#pragma once

#include "core/device.hpp"

namespace accel::core {

/// An address space of a device. Thread-safe.
class AddressSpace final : public Counted {
public:
	static Result<Ref<AddressSpace>> create(Device &device, uint32_t mode);
	/// On success the object is of no use any more; on failure nothing has changed.
	Result<void> destroy();

	Device &device() const { return *device_; }
	uint64_t handle() const { return handle_; }

private:
	explicit AddressSpace(Device &device) : device_(Ref<Device>::share(&device)) {}

	Ref<Device> device_;
	uint64_t handle_ = 0;
};

} // namespace accel::core
