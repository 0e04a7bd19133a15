// SPDX-License-Identifier: MIT
// Tracing of messages, and queues of the attribute uABI. The other operations are generated.
#include "core/attribute_backend.hpp"

#include "sys/sys.hpp"
#include "uabi/decode.hpp"

namespace accel::core {

namespace {

/* Room for one traced message as text; longer text is cut. */
constexpr size_t kTraceText = 2048;

int read_memory(void *, void *to, uint64_t from, size_t bytes)
{
	return sys::read_memory(to, from, bytes);
}

} // namespace

int AttributeBackend::traced(void *backend, accel_call *message) noexcept
{
	auto *self = static_cast<AttributeBackend *>(backend);
	uabi::CallTracer tracer;
	char text[kTraceText];

	/* A device that refuses a message may not have read all that it points to, so that may be inaccessible. */
	tracer.before(message, {.read = read_memory});
	int r = self->device_.call(self->device_.context, message);
	tracer.after(self->policy_, r, text, sizeof(text));
	self->trace_(self->trace_context_, text);
	return r;
}

Result<void> AttributeBackend::trace(accel_trace_fn fn, void *context)
{
	trace_ = fn;
	trace_context_ = context;
	transport_ = fn ? uabi::Transport{traced, this} : device_;
	return {};
}

Result<std::unique_ptr<QueueBackend>> AttributeBackend::create_queue(const QueueRequest &request)
{
	uabi::QueueCreate message;

	if (!request.driver.empty())
		return no_driver_options("queue options");
	return make_queue<AttributeQueue>(message, request);
}

Result<void> AttributeQueue::attach(uint64_t handle, const accel_ring_layout &layout,
				    uint64_t map_offset)
{
	handle_ = handle;
	layout_ = layout;
	if (const char *wrong =
		    ring::check_layout(layout_, layout_.size, ring::LayoutFrom::device)) {
		(void)destroy();
		return fail(EINVAL, ACCEL_REASON_MESSAGE_SHAPE,
			    "the ring that the device described cannot be used: %s", wrong);
	}
	int r = device_.map_memory(map_offset, layout_.size, &memory_);

	if (r < 0) {
		(void)destroy();
		return fail_call("mapping the ring", r);
	}
	return {};
}

AttributeQueue::~AttributeQueue()
{
	if (memory_)
		device_.unmap_memory(memory_, layout_.size);
}

void AttributeQueue::kick() noexcept
{
	Result<void> sent;

	do {
		uabi::QueueKick message;

		sent = device_.send(message.handle(handle_));
	} while (!sent && sent.error().code == -EINTR);
	if (sent)
		return;
	/* Publish has cleared the word already. The next publish must try again. */
	auto *control = reinterpret_cast<accel_ring_control *>(static_cast<std::byte *>(memory_) +
							       layout_.control_offset);
	__atomic_store_n(&control->device_sleeping, 1, __ATOMIC_RELEASE);
}

Result<void> AttributeQueue::resume()
{
	uabi::QueueResume message;

	return device_.send(message.handle(handle_));
}

Result<accel_queue_info> AttributeQueue::query()
{
	accel_queue_info info{};
	uabi::QueueQuery message;

	want_answer(message.handle(handle_), info);
	if (auto sent = device_.send(message); !sent)
		return std::unexpected(sent.error());
	take_answer(message, info);
	return info;
}

Result<void> AttributeQueue::destroy()
{
	uabi::QueueDestroy message;

	return device_.send(message.handle(handle_));
}

} // namespace accel::core
