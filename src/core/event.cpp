// SPDX-License-Identifier: MIT
// Events: creates the eventfd and registers it with the device.
#include "core/event.hpp"

#include <cstring>
#include <sys/eventfd.h>

namespace accel::core {

Result<Ref<Event>> Event::create(Device &device)
{
	Fd fd(sys::eventfd(0, EFD_NONBLOCK));

	if (!fd)
		return fail_call("creating an eventfd", fd.get());
	auto event = Ref<Event>::adopt(new Event(device, std::move(fd)));
	auto handle = device.use([&](Backend &b) { return b.event_create({.fd = event->fd()}); });
	if (!handle)
		return std::unexpected(handle.error());
	event->handle_ = *handle;
	return event;
}

Result<void> Event::destroy()
{
	return device_->destroy_object(
		[this](Backend &b) { return b.event_destroy({.handle = handle_}); });
}

} // namespace accel::core
