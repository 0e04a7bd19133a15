// SPDX-License-Identifier: MIT
// The handlers of buffers.
#include "soft/objects/buffer.hpp"
#include "soft/service/service.hpp"

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

} // namespace accel::core::softdev
