// SPDX-License-Identifier: MIT
// From operations to messages of the attribute uABI and back.
#include "core/attribute_backend.hpp"

#include "ring/user_ring.hpp"
#include "uabi/decode.hpp"

#include <accel/uabi/errors.hpp>
#include <cstring>

namespace accel::core {

namespace {

/* Room for one traced message as text; what is longer is cut. */
constexpr size_t kTraceText = 2048;

/* Ends the text that the device wrote to @room. */
template <size_t N>
void end_text(char (&room)[N], const std::optional<std::string_view> &text)
{
	room[text ? std::min(text->size(), N - 1) : 0] = 0;
}

} // namespace

std::unexpected<Failure> AttributeBackend::failed(int code, Failure record)
{
	record.code = code;
	record.text[sizeof(record.text) - 1] = 0;
	if (!record.text[0]) {
		const uabi::ReasonInfo *reason = uabi::find_reason(record.reason);

		snprintf(record.text, sizeof(record.text), "the device refused: %s",
			 reason && record.reason ? reason->meaning : strerrordesc_np(-code));
	}
	return std::unexpected(record);
}

int AttributeBackend::carry(void *self, accel_call *message)
{
	return static_cast<AttributeBackend *>(self)->call(*message);
}

int AttributeBackend::call(accel_call &message) noexcept
{
	if (!trace_)
		return deliver(message);

	uabi::CallTracer tracer;
	char text[kTraceText];

	tracer.before(&message, {});
	int r = deliver(message);
	tracer.after(policy_, r, text, sizeof(text));
	trace_(trace_context_, text);
	return r;
}

Result<void> AttributeBackend::trace(accel_trace_fn fn, void *context)
{
	trace_ = fn;
	trace_context_ = context;
	return {};
}

Result<accel_device_caps> AttributeBackend::query()
{
	accel_device_caps caps{};
	uabi::DeviceQuery message;

	message.want_driver({caps.driver, sizeof(caps.driver) - 1})
		.want_model({caps.model, sizeof(caps.model) - 1})
		.want_features()
		.want_max_queues()
		.want_max_entries()
		.want_max_transfer()
		.want_queues()
		.want_clients();
	if (auto sent = send(message); !sent)
		return std::unexpected(sent.error());
	end_text(caps.driver, message.driver());
	end_text(caps.model, message.model());
	caps.features = message.features().value_or(0);
	caps.max_queues = message.max_queues().value_or(0);
	caps.max_entries = message.max_entries().value_or(0);
	caps.max_transfer = message.max_transfer().value_or(0);
	caps.queues = message.queues().value_or(0);
	caps.clients = message.clients().value_or(0);
	return caps;
}

Result<uint64_t> AttributeBackend::create_address_space(uint32_t mode)
{
	uabi::AddressSpaceCreate message;

	message.mode(mode);
	if (auto sent = send(message); !sent)
		return std::unexpected(sent.error());
	return message.handle();
}

Result<void> AttributeBackend::destroy_address_space(uint64_t space)
{
	uabi::AddressSpaceDestroy message;

	return send(message.handle(space));
}

Result<uint64_t> AttributeBackend::map(const MapRequest &request)
{
	uabi::AddressSpaceMap message;
	accel_buffer_range range{request.buffer, request.offset, request.length};

	message.handle(request.space).access(request.access);
	if (request.address)
		message.address(reinterpret_cast<uintptr_t>(request.address))
			.length(request.length);
	else
		message.range(range);
	if (request.fixed_iova)
		message.fixed_iova(request.fixed_iova);
	if (auto sent = send(message); !sent)
		return std::unexpected(sent.error());
	return message.iova();
}

Result<void> AttributeBackend::unmap(uint64_t space, uint64_t iova, uint64_t length)
{
	uabi::AddressSpaceUnmap message;

	return send(message.handle(space).iova(iova).length(length));
}

Result<accel_address_space_info> AttributeBackend::query_address_space(uint64_t space)
{
	accel_address_space_info info{};
	uabi::AddressSpaceQuery message;

	message.handle(space)
		.want_mode()
		.want_pasid()
		.want_pasid_reason({info.pasid_reason, sizeof(info.pasid_reason) - 1})
		.want_mappings()
		.want_mapped_bytes();
	if (auto sent = send(message); !sent)
		return std::unexpected(sent.error());
	info.mode = static_cast<accel_address_mode>(message.mode().value_or(0));
	info.has_pasid = message.pasid().has_value();
	info.pasid = message.pasid().value_or(0);
	end_text(info.pasid_reason, message.pasid_reason());
	info.mappings = message.mappings().value_or(0);
	info.mapped_bytes = message.mapped_bytes().value_or(0);
	return info;
}

Result<BufferMemory> AttributeBackend::map_buffer(uint64_t buffer, uint64_t offset, uint64_t size)
{
	BufferMemory memory{buffer, nullptr, size};
	int r = map_memory(offset, size, &memory.address);

	if (r < 0) {
		(void)destroy_buffer(buffer);
		return fail_call("mapping the buffer", r);
	}
	return memory;
}

Result<BufferMemory> AttributeBackend::create_buffer(uint64_t size)
{
	uabi::BufferCreate message;

	message.size(size).want_actual_size();
	if (auto sent = send(message); !sent)
		return std::unexpected(sent.error());
	return map_buffer(message.handle(), message.map_offset(),
			  message.actual_size().value_or(size));
}

Result<BufferMemory> AttributeBackend::register_buffer(void *address, uint64_t length,
						       uint64_t access)
{
	uabi::BufferRegister message;

	message.address(reinterpret_cast<uintptr_t>(address)).length(length).access(access);
	if (auto sent = send(message); !sent)
		return std::unexpected(sent.error());
	return BufferMemory{message.handle(), nullptr, length};
}

Result<BufferMemory> AttributeBackend::import_buffer(int fd)
{
	uabi::BufferImport message;

	message.fd(fd).want_size(uabi::Need::mandatory);
	if (auto sent = send(message); !sent)
		return std::unexpected(sent.error());
	return map_buffer(message.handle(), message.map_offset(), message.size().value_or(0));
}

Result<Backend::File> AttributeBackend::export_buffer(uint64_t buffer)
{
	uabi::BufferExport message;

	message.handle(buffer).want_kind();
	if (auto sent = send(message); !sent)
		return std::unexpected(sent.error());
	return File{message.fd(), message.kind().value_or(0)};
}

Result<void> AttributeBackend::destroy_buffer(uint64_t buffer)
{
	uabi::BufferDestroy message;

	return send(message.handle(buffer));
}

Result<uint64_t> AttributeBackend::create_event(int fd)
{
	uabi::EventCreate message;

	message.fd(fd);
	if (auto sent = send(message); !sent)
		return std::unexpected(sent.error());
	return message.handle();
}

Result<void> AttributeBackend::destroy_event(uint64_t event)
{
	uabi::EventDestroy message;

	return send(message.handle(event));
}

Result<QueueMemory> AttributeBackend::create_queue(const QueueRequest &request)
{
	uabi::QueueCreate message;

	if (request.parallel > 1)
		return fail(
			EOPNOTSUPP, ACCEL_REASON_UNSUPPORTED,
			"accel_queue_options.parallel is %u; this device serves a queue with one "
			"worker, leave it 0",
			request.parallel);
	if (request.inline_limit)
		return fail(EOPNOTSUPP, ACCEL_REASON_UNSUPPORTED,
			    "accel_queue_options.inline_limit is %u; this device executes every "
			    "descriptor itself, leave it 0",
			    request.inline_limit);
	return make_queue(message, request);
}

Result<QueueMemory> AttributeBackend::map_ring(uint64_t queue, uint64_t offset,
					       const accel_ring_layout &layout)
{
	QueueMemory memory{
		.handle = queue, .memory = nullptr, .size = layout.size, .layout = layout};

	if (const char *wrong = ring::check_layout(layout, layout.size, ring::LayoutFrom::device)) {
		(void)destroy_queue(queue);
		return fail(EINVAL, ACCEL_REASON_MESSAGE_SHAPE,
			    "the device described a ring that cannot be used: %s", wrong);
	}
	int r = map_memory(offset, layout.size, &memory.memory);

	if (r < 0) {
		(void)destroy_queue(queue);
		return fail_call("mapping the ring", r);
	}
	return memory;
}

Result<void> AttributeBackend::destroy_queue(uint64_t queue)
{
	uabi::QueueDestroy message;

	return send(message.handle(queue));
}

void AttributeBackend::kick(uint64_t queue) noexcept
{
	uabi::QueueKick message;

	(void)send(message.handle(queue));
}

Result<void> AttributeBackend::resume_queue(uint64_t queue)
{
	uabi::QueueResume message;

	return send(message.handle(queue));
}

Result<accel_queue_info> AttributeBackend::query_queue(uint64_t queue)
{
	uabi::QueueQuery message;

	message.handle(queue)
		.want_state()
		.want_submitted()
		.want_completed()
		.want_faults()
		.want_kicks()
		.want_wakes();
	if (auto sent = send(message); !sent)
		return std::unexpected(sent.error());
	return accel_queue_info{
		.state = static_cast<accel_queue_state>(message.state().value_or(0)),
		.submitted = message.submitted().value_or(0),
		.completed = message.completed().value_or(0),
		.faults = message.faults().value_or(0),
		.kicks = message.kicks().value_or(0),
		.wakes = message.wakes().value_or(0),
	};
}

Result<uint64_t> AttributeBackend::create_command(uint32_t scope)
{
	uabi::CommandCreate message;

	message.scope(scope);
	if (auto sent = send(message); !sent)
		return std::unexpected(sent.error());
	return message.handle();
}

Result<void> AttributeBackend::destroy_command(uint64_t command)
{
	uabi::CommandDestroy message;

	return send(message.handle(command));
}

Result<uint64_t> AttributeBackend::execute(uint64_t command, std::span<const std::byte> request,
					   std::span<std::byte> response)
{
	uabi::CommandExecute message;

	message.handle(command).request(request).want_response(response);
	if (auto sent = send(message); !sent) {
		sent.error().maximum = sent.error().code == -EMSGSIZE ? message.response_length() :
									sent.error().maximum;
		return std::unexpected(sent.error());
	}
	return message.response_length();
}

} // namespace accel::core
