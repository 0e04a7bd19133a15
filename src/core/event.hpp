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
	/// On success the object is of no use any more; on failure nothing has changed.
	Result<void> destroy();

	int fd() const { return fd_.get(); }
	/// For the process itself: a program that polls the file looks at the queue, and learns that it is gone.
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
