// SPDX-License-Identifier: MIT
// An eventfd that the device signals.
#pragma once

#include "core/device.hpp"
#include "sys/fd.hpp"

namespace accel::core {

/// An event of a device. Thread-safe.
class Event final : public Counted {
public:
	static Result<Ref<Event>> create(Device &device);
	/// On success the object can no longer be used; on failure it is unchanged.
	Result<void> destroy();

	int fd() const { return fd_.get(); }
	/// Signals from this process: a program that polls the file then polls the queue, and finds that it is gone.
	void signal() const noexcept
	{
		const uint64_t one = 1;

		(void)sys::write(fd_.get(), &one, sizeof(one));
	}
	Device &device() const { return *device_; }
	uint64_t handle() const { return handle_; }

private:
	Event(Device &device, Fd fd) : device_(Ref<Device>::share(&device)), fd_(std::move(fd)) {}

	Ref<Device> device_;
	Fd fd_;
	uint64_t handle_ = 0;
};

} // namespace accel::core
