// SPDX-License-Identifier: MIT
// Events: the eventfd is made here, the device gets to know it.
#include "core/event.hpp"

#include <cstring>
#include <sys/eventfd.h>

namespace accel::core {

Result<Ref<Event>> Event::create(Device &device)
{
	Fd fd(sys::eventfd(0, EFD_NONBLOCK));

	if (!fd)
		return fail_call("making an eventfd", fd.get());
	auto event = Ref<Event>::adopt(new Event(device, std::move(fd)));
	auto handle = device.use([&](Backend &b) { return b.event_create({.fd = event->fd()}); });
	if (!handle)
		return std::unexpected(handle.error());
	event->handle_ = *handle;
	return event;
}

Result<void> Event::destroy()
{
	return device_->end([this](Backend &b) { return b.event_destroy({.handle = handle_}); });
}

} // namespace accel::core
