// SPDX-License-Identifier: MIT
// The C interface: arrival and removal of devices.
#include "core/device_watch.hpp"
#include "capi/boundary.hpp"
#include "capi/device_info.hpp"
#include "capi/providers.hpp"

using namespace accel::core;
using namespace accel::core::capi;

struct accel_device_watch {
	std::unique_ptr<DeviceWatch> watch;
	/* The last event; the next one overwrites it. */
	DeviceEntry entry;
	accel_device_info info;
	accel_device_event event;
};

namespace {

constexpr Operation kWatch{ACCEL_OBJECT_DEVICE, 0};

/* Stores the event that next() returns. */
void keep(accel_device_watch *watch, DeviceEvent event)
{
	bool has_device = event.action != NodeAction::overflow;

	watch->entry = std::move(event.entry);
	watch->info = info_of(watch->entry);
	watch->event = {
		.size = sizeof(watch->event),
		.action = static_cast<uint32_t>(event.action),
		.device = has_device ? &watch->info : nullptr,
	};
}

} // namespace

int accel_device_watch_create(accel_device_watch **watch, accel_error *error)
{
	return run(kWatch, error, {{"watch", watch}}, [&]() -> Result<void> {
		auto made = DeviceWatch::create(providers(), *kernel_source);

		if (!made)
			return std::unexpected(made.error());
		auto handle = std::make_unique<accel_device_watch>();
		handle->watch = std::move(*made);
		*watch = handle.release();
		return {};
	});
}

void accel_device_watch_destroy(accel_device_watch *watch)
{
	sys::NoCancellation whole;

	delete watch;
}

int accel_device_watch_fd(const accel_device_watch *watch)
{
	return watch ? watch->watch->fd() : -1;
}

int accel_device_watch_next(accel_device_watch *watch, const accel_device_event **event,
			    accel_error *error)
{
	bool has_event = false;
	int r = run(kWatch, error, {{"watch", watch}, {"event", event}}, [&]() -> Result<void> {
		auto next = watch->watch->next();

		if (!next)
			return std::unexpected(next.error());
		has_event = next->has_value();
		if (has_event) {
			keep(watch, std::move(**next));
			*event = &watch->event;
		}
		return {};
	});
	return r < 0 ? r : has_event;
}

const char *accel_device_action_name(unsigned action)
{
	switch (action) {
	case ACCEL_DEVICE_ACTION_ADD: return "add";
	case ACCEL_DEVICE_ACTION_REMOVE: return "remove";
	case ACCEL_DEVICE_ACTION_CHANGE: return "change";
	case ACCEL_DEVICE_ACTION_ONLINE: return "online";
	case ACCEL_DEVICE_ACTION_OFFLINE: return "offline";
	case ACCEL_DEVICE_ACTION_OVERFLOW: return "overflow";
	default: return "unknown";
	}
}
