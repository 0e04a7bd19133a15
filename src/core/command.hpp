// SPDX-License-Identifier: MIT
// A channel for commands to the firmware of the device.
#pragma once

#include "core/device.hpp"

namespace accel::core {

/// A command channel of a device. Thread-safe.
class CommandChannel final : public Counted {
public:
	static Result<Ref<CommandChannel>> create(Device &device, uint32_t scope);
	/// On success the object can no longer be used; on failure it is unchanged.
	Result<void> destroy();

	Device &device() const { return *device_; }
	uint64_t handle() const { return handle_; }

private:
	explicit CommandChannel(Device &device) : device_(Ref<Device>::share(&device)) {}

	Ref<Device> device_;
	uint64_t handle_ = 0;
};

} // namespace accel::core
