// SPDX-License-Identifier: MIT
// The handlers of buffers, queues, events and streams.
#include "soft/buffer.hpp"
#include "soft/device.hpp"
#include "soft/event.hpp"
#include "soft/queue.hpp"
#include "soft/service.hpp"
#include "soft/stream.hpp"

namespace accel::core::softdev {

using namespace uabi::soft;

/* Makes a new buffer mappable and the pending object of the call. */
int Service::keep_mappable(Result<std::shared_ptr<Buffer>> buffer, uint64_t &map_offset)
{
	if (!buffer)
		return refuse(buffer.error());
	map_offset = (*buffer)->make_mappable(file_.offsets());
	made_.hold(std::move(*buffer));
	return 0;
}

int Service::buffer_create(BufferCreateView &view)
{
	auto handle = made_.reserve(file_.objects());
	uint64_t offset;

	if (!handle)
		return refuse(handle.error());
	/* Other flags request device memory or write-combined memory, which soft does not have. */
	const uint64_t flags = view.flags().value_or(0);

	if (uint64_t other = flags & ~uint64_t{ACCEL_BUFFER_FLAGS_NO_MAP})
		return call_.fail(ACCEL_REASON_UNSUPPORTED, ACCEL_BUFFER_CREATE_FLAGS, other, 0,
				  ACCEL_BUFFER_FLAGS_NO_MAP,
				  "the soft accelerator has ordinary memory only; omit %s",
				  other & ACCEL_BUFFER_FLAGS_DEVICE_MEMORY ? "device-memory" :
									     "write-combined");
	if (int r = keep_mappable(Buffer::create(view.size()), offset))
		return r;
	view.put_handle(*handle);
	view.put_map_offset(offset);
	auto *buffer = static_cast<Buffer *>(made_.object());
	buffer->set_flags(flags);
	view.put_actual_size(buffer->size());
	return 0;
}

int Service::buffer_register(BufferRegisterView &view)
{
	auto handle = made_.reserve(file_.objects());

	if (!handle)
		return refuse(handle.error());
	if (!view.access())
		return call_.fail(ACCEL_REASON_OUT_OF_RANGE, ACCEL_BUFFER_REGISTER_ACCESS, 0, 1,
				  ACCEL_ACCESS_READ | ACCEL_ACCESS_WRITE,
				  "access is 0; give read (0x1), write (0x2) or both");
	auto buffer = Buffer::wrap(view.address(), view.length(), view.access());
	if (!buffer)
		return refuse(buffer.error());
	made_.hold(std::move(*buffer));
	view.put_handle(*handle);
	return 0;
}

int Service::buffer_import(BufferImportView &view)
{
	auto handle = made_.reserve(file_.objects());
	uint64_t offset;

	if (!handle)
		return refuse(handle.error());
	if (int r = keep_mappable(Buffer::import(view.fd()), offset))
		return r;
	view.put_handle(*handle);
	view.put_map_offset(offset);
	view.put_size(static_cast<const Buffer *>(made_.object())->size());
	return 0;
}

int Service::buffer_export(BufferExportView &view)
{
	auto buffer = find<Buffer>(view.handle(), ACCEL_OBJECT_BUFFER);

	if (!buffer)
		return refuse(buffer.error(), ACCEL_BUFFER_EXPORT_HANDLE);
	auto exported = (*buffer)->export_file();
	if (!exported)
		return refuse(exported.error(), ACCEL_BUFFER_EXPORT_HANDLE);
	made_fd_ = std::move(exported->fd);
	view.put_fd(made_fd_.get());
	view.put_kind(exported->kind);
	return 0;
}

int Service::buffer_destroy(BufferDestroyView &view)
{
	return destroy(view.handle(), ACCEL_OBJECT_BUFFER, ACCEL_BUFFER_DESTROY_HANDLE,
		       "mapping of an address-space");
}

int Service::buffer_query(BufferQueryView &view)
{
	auto buffer = find<Buffer>(view.handle(), ACCEL_OBJECT_BUFFER);

	if (!buffer)
		return refuse(buffer.error(), ACCEL_BUFFER_QUERY_HANDLE);
	view.put_kind((*buffer)->kind());
	view.put_size((*buffer)->size());
	view.put_mappings(file_.objects().users(**buffer));
	view.put_flags((*buffer)->flags());
	return 0;
}

/* No effect: workers are threads of the process, and its memory is coherent. */
int Service::buffer_sync(BufferSyncView &view)
{
	auto buffer = find<Buffer>(view.handle(), ACCEL_OBJECT_BUFFER);

	if (!buffer)
		return refuse(buffer.error(), ACCEL_BUFFER_SYNC_HANDLE);
	return 0;
}

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
	auto queue = Queue::create(file_.device(), file_.objects(),
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
