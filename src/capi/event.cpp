// SPDX-License-Identifier: MIT
// The C interface: events.
#include "capi/boundary.hpp"
#include "capi/handles.hpp"

using namespace accel::core;
using namespace accel::core::capi;

namespace {

constexpr Operation kCreate{ACCEL_OBJECT_EVENT, ACCEL_EVENT_CREATE};
constexpr Operation kDestroy{ACCEL_OBJECT_EVENT, ACCEL_EVENT_DESTROY};

} // namespace

int accel_event_create(accel_device *device, accel_event **event, accel_error *error)
{
	return run(kCreate, error, {{"device", device}, {"event", event}},
		   [&] { return put(event, Event::create(*object(device))); });
}

int accel_event_destroy(accel_event *event, accel_error *error)
{
	return run(kDestroy, error, {}, [&] { return destroy(object(event)); });
}

int accel_event_fd(const accel_event *event)
{
	return event ? object(event)->fd() : -1;
}
