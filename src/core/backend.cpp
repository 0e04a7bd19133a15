// SPDX-License-Identifier: MIT
// The default of every operation: "not supported", with the reason that the provider gave.
#include "core/backend.hpp"

#include "sys/sys.hpp"

#include <algorithm>
#include <cstring>

namespace accel::core {

std::unexpected<Failure> Backend::unsupported(unsigned object, unsigned method,
					      const char *operation) const
{
	auto failure = fail(EOPNOTSUPP, ACCEL_REASON_UNSUPPORTED,
			    "this device does not have %s: %s", operation, lacks_);

	failure.error().object = static_cast<uint16_t>(object);
	failure.error().method = static_cast<uint16_t>(method);
	return failure;
}

void Backend::unmap_memory(void *address, uint64_t size) noexcept
{
	sys::munmap(address, size);
}

int Backend::call(accel_call &message) noexcept
{
	return answer(message,
		      unsupported(message.object, message.method, "the attribute uABI").error());
}

Result<accel_device_caps> Backend::query()
{
	return unsupported(ACCEL_OBJECT_DEVICE, ACCEL_DEVICE_QUERY, "device.query");
}

Result<uint64_t> Backend::create_address_space(uint32_t)
{
	return unsupported(ACCEL_OBJECT_ADDRESS_SPACE, ACCEL_ADDRESS_SPACE_CREATE,
			   "address-space.create");
}

Result<void> Backend::destroy_address_space(uint64_t)
{
	return unsupported(ACCEL_OBJECT_ADDRESS_SPACE, ACCEL_ADDRESS_SPACE_DESTROY,
			   "address-space.destroy");
}

Result<uint64_t> Backend::map(const MapRequest &)
{
	return unsupported(ACCEL_OBJECT_ADDRESS_SPACE, ACCEL_ADDRESS_SPACE_MAP,
			   "address-space.map");
}

Result<void> Backend::unmap(uint64_t, uint64_t, uint64_t)
{
	return unsupported(ACCEL_OBJECT_ADDRESS_SPACE, ACCEL_ADDRESS_SPACE_UNMAP,
			   "address-space.unmap");
}

Result<accel_address_space_info> Backend::query_address_space(uint64_t)
{
	return unsupported(ACCEL_OBJECT_ADDRESS_SPACE, ACCEL_ADDRESS_SPACE_QUERY,
			   "address-space.query");
}

Result<BufferMemory> Backend::create_buffer(uint64_t)
{
	return unsupported(ACCEL_OBJECT_BUFFER, ACCEL_BUFFER_CREATE, "buffer.create");
}

Result<BufferMemory> Backend::register_buffer(void *, uint64_t, uint64_t)
{
	return unsupported(ACCEL_OBJECT_BUFFER, ACCEL_BUFFER_REGISTER, "buffer.register");
}

Result<BufferMemory> Backend::import_buffer(int)
{
	return unsupported(ACCEL_OBJECT_BUFFER, ACCEL_BUFFER_IMPORT, "buffer.import");
}

Result<Backend::File> Backend::export_buffer(uint64_t)
{
	return unsupported(ACCEL_OBJECT_BUFFER, ACCEL_BUFFER_EXPORT, "buffer.export");
}

Result<void> Backend::destroy_buffer(uint64_t)
{
	return unsupported(ACCEL_OBJECT_BUFFER, ACCEL_BUFFER_DESTROY, "buffer.destroy");
}

Result<uint64_t> Backend::create_event(int)
{
	return unsupported(ACCEL_OBJECT_EVENT, ACCEL_EVENT_CREATE, "event.create");
}

Result<void> Backend::destroy_event(uint64_t)
{
	return unsupported(ACCEL_OBJECT_EVENT, ACCEL_EVENT_DESTROY, "event.destroy");
}

Result<QueueMemory> Backend::create_queue(const QueueRequest &)
{
	return unsupported(ACCEL_OBJECT_QUEUE, ACCEL_QUEUE_CREATE, "queue.create");
}

Result<void> Backend::destroy_queue(uint64_t)
{
	return unsupported(ACCEL_OBJECT_QUEUE, ACCEL_QUEUE_DESTROY, "queue.destroy");
}

void Backend::kick(uint64_t) noexcept {}

Result<void> Backend::resume_queue(uint64_t)
{
	return unsupported(ACCEL_OBJECT_QUEUE, ACCEL_QUEUE_RESUME, "queue.resume");
}

Result<accel_queue_info> Backend::query_queue(uint64_t)
{
	return unsupported(ACCEL_OBJECT_QUEUE, ACCEL_QUEUE_QUERY, "queue.query");
}

Result<uint64_t> Backend::create_command(uint32_t)
{
	return unsupported(ACCEL_OBJECT_COMMAND, ACCEL_COMMAND_CREATE, "command.create");
}

Result<void> Backend::destroy_command(uint64_t)
{
	return unsupported(ACCEL_OBJECT_COMMAND, ACCEL_COMMAND_DESTROY, "command.destroy");
}

Result<uint64_t> Backend::execute(uint64_t, std::span<const std::byte>, std::span<std::byte>)
{
	return unsupported(ACCEL_OBJECT_COMMAND, ACCEL_COMMAND_EXECUTE, "command.execute");
}

Result<void> Backend::trace(accel_trace_fn, void *)
{
	return unsupported(ACCEL_OBJECT_DEVICE, 0, "messages to trace");
}

int answer(const accel_call &message, const Failure &failure) noexcept
{
	auto *record = reinterpret_cast<void *>(static_cast<uintptr_t>(message.error));
	size_t room = std::min<size_t>(message.error_size, sizeof(failure));

	if (record)
		memcpy(record, &failure, room);
	return failure.code;
}

} // namespace accel::core
