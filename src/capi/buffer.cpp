// SPDX-License-Identifier: MIT
// The C interface: buffers.
#include "capi/boundary.hpp"
#include "capi/handles.hpp"

using namespace accel::core;
using namespace accel::core::capi;

namespace {

constexpr Operation kCreate{ACCEL_OBJECT_BUFFER, ACCEL_BUFFER_CREATE};
constexpr Operation kRegister{ACCEL_OBJECT_BUFFER, ACCEL_BUFFER_REGISTER};
constexpr Operation kImport{ACCEL_OBJECT_BUFFER, ACCEL_BUFFER_IMPORT};
constexpr Operation kExport{ACCEL_OBJECT_BUFFER, ACCEL_BUFFER_EXPORT};
constexpr Operation kDestroy{ACCEL_OBJECT_BUFFER, ACCEL_BUFFER_DESTROY};

} // namespace

int accel_buffer_create(accel_device *device, uint64_t size, accel_buffer **buffer,
			accel_error *error)
{
	return run(kCreate, error, {{"device", device}, {"buffer", buffer}},
		   [&] { return put(buffer, Buffer::create(*object(device), size)); });
}

int accel_buffer_register(accel_device *device, void *address, uint64_t length, uint64_t access,
			  accel_buffer **buffer, accel_error *error)
{
	return run(kRegister, error, {{"device", device}, {"address", address}, {"buffer", buffer}},
		   [&] {
			   return put(buffer, Buffer::from_memory(*object(device), address, length,
								  access));
		   });
}

int accel_buffer_import(accel_device *device, int fd, accel_buffer **buffer, accel_error *error)
{
	return run(kImport, error, {{"device", device}, {"buffer", buffer}},
		   [&] { return put(buffer, Buffer::from_file(*object(device), fd)); });
}

int accel_buffer_export(accel_buffer *buffer, int *fd, uint32_t *kind, accel_error *error)
{
	return run(kExport, error, {{"buffer", buffer}, {"fd", fd}}, [&]() -> Result<void> {
		auto file = object(buffer)->export_file();

		if (!file)
			return std::unexpected(file.error());
		*fd = file->fd;
		if (kind)
			*kind = file->kind;
		return {};
	});
}

int accel_buffer_destroy(accel_buffer *buffer, accel_error *error)
{
	return run(kDestroy, error, {}, [&] { return destroy(object(buffer)); });
}

void *accel_buffer_address(const accel_buffer *buffer)
{
	return buffer ? object(buffer)->address() : nullptr;
}

uint64_t accel_buffer_size(const accel_buffer *buffer)
{
	return buffer ? object(buffer)->size() : 0;
}
