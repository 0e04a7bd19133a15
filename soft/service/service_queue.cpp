// SPDX-License-Identifier: MIT
// The handlers of queues, events and streams.
#include "soft/device/devices.hpp"
#include "soft/objects/event.hpp"
#include "soft/objects/stream.hpp"
#include "soft/queue/queue.hpp"
#include "soft/service/service.hpp"

namespace accel::core::softdev {

using namespace uabi::soft;

int Service::queue_create(QueueCreateView &view)
{
	auto handle = made_.reserve(file_.objects());

	if (!handle)
		return refuse(handle.error());
	auto space = file_.objects().use(view.address_space(), ACCEL_OBJECT_ADDRESS_SPACE);
	if (!space)
		return refuse(space.error(), ACCEL_QUEUE_CREATE_ADDRESS_SPACE);
	Use event;
	if (view.event()) {
		auto used = file_.objects().use(*view.event(), ACCEL_OBJECT_EVENT);
		if (!used)
			return refuse(used.error(), ACCEL_QUEUE_CREATE_EVENT);
		event = std::move(*used);
	}
	stop_devices_at_exit();
	auto queue = Queue::create(file_.device().resources(), file_.objects(),
				   {.space = std::move(*space),
				    .event = std::move(event),
				    .entries = view.entries(),
				    .flags = view.flags().value_or(0),
				    .parallel = view.parallel().value_or(1),
				    .inline_limit = view.inline_limit()});
	if (!queue)
		return refuse(queue.error());
	made_.hold(*queue);
	view.put_handle(*handle);
	view.put_map_offset((*queue)->make_mappable(file_.offsets()));
	view.put_layout((*queue)->layout());
	return 0;
}

int Service::queue_destroy(QueueDestroyView &view)
{
	return destroy(view.handle(), ACCEL_OBJECT_QUEUE, ACCEL_QUEUE_DESTROY_HANDLE, "nothing");
}

int Service::queue_kick(QueueKickView &view)
{
	auto queue = find<Queue>(view.handle(), ACCEL_OBJECT_QUEUE);

	if (!queue)
		return refuse(queue.error(), ACCEL_QUEUE_KICK_HANDLE);
	(*queue)->kick();
	return 0;
}

int Service::queue_resume(QueueResumeView &view)
{
	auto queue = find<Queue>(view.handle(), ACCEL_OBJECT_QUEUE);

	if (!queue)
		return refuse(queue.error(), ACCEL_QUEUE_RESUME_HANDLE);
	if (!(*queue)->resume())
		return call_.fail(ACCEL_REASON_STATE, ACCEL_QUEUE_RESUME_HANDLE, view.handle(), 0,
				  0, "the queue is running; it was not stopped by a fault");
	return 0;
}

int Service::queue_query(QueueQueryView &view)
{
	auto queue = find<Queue>(view.handle(), ACCEL_OBJECT_QUEUE);

	if (!queue)
		return refuse(queue.error(), ACCEL_QUEUE_QUERY_HANDLE);
	Queue::Info info = (*queue)->info();

	view.put_state(info.state);
	view.put_submitted(info.submitted);
	view.put_completed(info.completed);
	view.put_faults(info.faults);
	view.put_kicks(info.kicks);
	view.put_wakes(info.wakes);
	view.put_inline_limit(info.inline_limit);
	view.put_inlined(info.inlined);
	return 0;
}

int Service::event_create(EventCreateView &view)
{
	auto handle = made_.reserve(file_.objects());

	if (!handle)
		return refuse(handle.error());
	auto event = Event::create(view.fd());
	if (!event)
		return refuse(event.error());
	made_.hold(std::move(*event));
	view.put_handle(*handle);
	return 0;
}

int Service::event_destroy(EventDestroyView &view)
{
	return destroy(view.handle(), ACCEL_OBJECT_EVENT, ACCEL_EVENT_DESTROY_HANDLE, "queue");
}

int Service::stream_create(StreamCreateView &view)
{
	auto handle = made_.reserve(file_.objects());

	if (!handle)
		return refuse(handle.error());
	made_.hold(std::make_shared<Stream>(), true);
	view.put_handle(*handle);
	return 0;
}

int Service::stream_destroy(StreamDestroyView &view)
{
	return destroy(view.handle(), ACCEL_SOFT_OBJECT_STREAM, ACCEL_SOFT_STREAM_DESTROY_HANDLE,
		       "running descriptor");
}

int Service::stream_reset(StreamResetView &view)
{
	const uint64_t handle = view.handle();
	auto stream = find<Stream>(handle, ACCEL_SOFT_OBJECT_STREAM);
	bool busy = false;

	if (!stream)
		return refuse(stream.error(), ACCEL_SOFT_STREAM_RESET_HANDLE);
	if (file_.objects().pin(handle, busy)) {
		(*stream)->inflate.reset();
		file_.objects().unpin(handle);
	} else if (busy) {
		return call_.fail(ACCEL_REASON_IN_USE, ACCEL_SOFT_STREAM_RESET_HANDLE, handle, 0, 0,
				  "a running descriptor uses the stream");
	}
	return 0;
}

} // namespace accel::core::softdev
