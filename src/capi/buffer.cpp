// SPDX-License-Identifier: MIT
// The C interface: buffers.
#include "capi/boundary.hpp"
#include "capi/handles.hpp"
#include "core/sized.hpp"

using namespace accel::core;
using namespace accel::core::capi;

namespace {

constexpr Operation kCreate{ACCEL_OBJECT_BUFFER, ACCEL_BUFFER_CREATE};
constexpr Operation kRegister{ACCEL_OBJECT_BUFFER, ACCEL_BUFFER_REGISTER};
constexpr Operation kImport{ACCEL_OBJECT_BUFFER, ACCEL_BUFFER_IMPORT};
constexpr Operation kExport{ACCEL_OBJECT_BUFFER, ACCEL_BUFFER_EXPORT};
constexpr Operation kDestroy{ACCEL_OBJECT_BUFFER, ACCEL_BUFFER_DESTROY};
constexpr Operation kQuery{ACCEL_OBJECT_BUFFER, ACCEL_BUFFER_QUERY};
constexpr Operation kSync{ACCEL_OBJECT_BUFFER, ACCEL_BUFFER_SYNC};

/* The size in the first version of the library. */
constexpr size_t kLeastOptions = sizeof(accel_buffer_options);

} // namespace

int accel_buffer_create(accel_device *device, const accel_buffer_options *options,
			accel_buffer **buffer, accel_error *error)
{
	return run(kCreate, error, {{"device", device}, {"options", options}, {"buffer", buffer}},
		   [&]() -> Result<void> {
			   auto known =
				   read_options(options, kLeastOptions, "accel_buffer_options");

			   if (!known)
				   return std::unexpected(known.error());
			   if (known->reserved)
				   return fail_value({ACCEL_REASON_OUT_OF_RANGE,
						      "accel_buffer_options.reserved",
						      known->reserved, "0"});
			   if (auto checked = check_driver(known->driver, known->driver_size);
			       !checked)
				   return checked;
			   return put(buffer, Buffer::create(*object(device), *known));
		   });
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
		auto file = use(object(buffer), [&](Backend &b) {
			return b.buffer_export({.handle = object(buffer)->handle()});
		});

		if (!file)
			return std::unexpected(file.error());
		*fd = file->fd;
		if (kind)
			*kind = file->kind.value_or(0);
		return {};
	});
}

int accel_buffer_sync(accel_buffer *buffer, accel_sync_phase phase, uint64_t access,
		      uint64_t deadline_ns, accel_error *error)
{
	return run(kSync, error, {{"buffer", buffer}}, [&] {
		BufferSyncIn in{.handle = object(buffer)->handle(),
				.phase = number(phase),
				.access = access,
				.deadline = {}};

		if (deadline_ns != ACCEL_DEADLINE_FOREVER)
			in.deadline = deadline_ns;
		return use(object(buffer), [&](Backend &b) { return b.buffer_sync(in); });
	});
}

int accel_buffer_query(accel_buffer *buffer, accel_buffer_info *info, accel_error *error)
{
	return run(kQuery, error, {{"buffer", buffer}, {"info", info}}, [&] {
		return put_answer(info, "accel_buffer_info", [&] {
			return use(object(buffer), [&](Backend &b) {
				return b.buffer_query({.handle = object(buffer)->handle()});
			});
		});
	});
}

uint64_t accel_buffer_handle(const accel_buffer *buffer)
{
	return buffer ? object(buffer)->handle() : 0;
}

int accel_buffer_device_address(const accel_buffer *buffer, uint64_t *address)
{
	auto found = buffer ? object(buffer)->device_address() : std::nullopt;

	if (found && address)
		*address = *found;
	return found.has_value();
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
