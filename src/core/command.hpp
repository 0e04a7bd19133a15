// SPDX-License-Identifier: MIT
// A channel for bytes straight to the device's firmware.
#pragma once

#include "core/device.hpp"

namespace accel::core {

/// A command channel of a device. Thread-safe.
class CommandChannel final : public Counted {
public:
	static Result<Ref<CommandChannel>> create(Device &device, uint32_t scope);
	/// On success the object is of no use any more; on failure nothing has changed.
	Result<void> destroy();

	Device &device() const { return *device_; }
	uint64_t handle() const { return handle_; }

private:
	explicit CommandChannel(Device &device) : device_(Ref<Device>::share(&device)) {}

	Ref<Device> device_;
	uint64_t handle_ = 0;
};

} // namespace accel::core
