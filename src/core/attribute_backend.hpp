// SPDX-License-Identifier: MIT
// Every operation of a device that speaks the attribute uABI, whatever carries the messages. A provider derives from
// it, delivers messages, maps memory, and adds only what its device alone has.
#pragma once

#include "core/backend.hpp"
#include "uabi/policy.hpp"

#include <accel/uabi/accel_client.hpp>
#include <accel/uabi/attribute_operations.hpp>

namespace accel::core {

/// Messages are made by the generated AttributeOperations and delivered by a transport: an ioctl of an accelerator node,
/// or a call into the soft accelerator. The device checks every value, and its error record is the failure.
class AttributeBackend : public AttributeOperations<Backend> {
public:
	int call(accel_call &message) noexcept final
	{
		return transport_.call(transport_.context, &message);
	}
	Result<void> trace(accel_trace_fn fn, void *context) override;

	/// A driver with attributes of its own overrides it: fills its own message, then make_queue().
	Result<std::unique_ptr<QueueBackend>> create_queue(const QueueRequest &request) override;

protected:
	/// @device  brings a message to the device and waits for its answer
	/// @policy  of the uABI that the driver speaks, as this library knows it: for trace()
	/// @lacks   see Operations
	AttributeBackend(uabi::Transport device, const uabi::Policy &policy, const char *lacks)
		: AttributeOperations(device, lacks), policy_(policy), device_(device)
	{}

	/// Fills in the common part of a queue.create message, delivers it and maps the ring. @Made derives from
	/// AttributeQueue; its constructor takes what AttributeQueue's takes.
	template <class Made, class Create>
	Result<std::unique_ptr<Made>> make_queue(Create &message, const QueueRequest &request);

private:
	friend class AttributeQueue;

	static int traced(void *self, accel_call *message) noexcept;

	const uabi::Policy &policy_;
	const uabi::Transport device_;
	accel_trace_fn trace_ = nullptr;
	void *trace_context_ = nullptr;
};

/// A queue behind the attribute uABI: the device completes by itself in the ring that it shares.
class AttributeQueue : public QueueBackend {
public:
	explicit AttributeQueue(AttributeBackend &device) : device_(device) {}
	~AttributeQueue() override;
	/// Takes over what queue.create made, and maps its ring. If that fails the queue is destroyed.
	Result<void> attach(uint64_t handle, const accel_ring_layout &layout, uint64_t map_offset);

	ring::RingMemory ring() const override
	{
		return {.memory = memory_, .size = layout_.size, .layout = layout_};
	}
	uint64_t handle() const override { return handle_; }

	void kick() noexcept override;
	Result<void> resume() override;
	Result<accel_queue_info> query() override;
	Result<void> destroy() override;

private:
	AttributeBackend &device_;
	uint64_t handle_ = 0;
	accel_ring_layout layout_{};
	void *memory_ = nullptr;
};

template <class Made, class Create>
Result<std::unique_ptr<Made>> AttributeBackend::make_queue(Create &message,
							   const QueueRequest &request)
{
	/* queue.create has no attribute for it. */
	if (request.completion_fence)
		return fail(EOPNOTSUPP, ACCEL_REASON_UNSUPPORTED,
			    "this library cannot hand a fence to the device; leave "
			    "accel_queue_options.completion_fence zero");
	/* Before the device makes the queue, so that no memory is needed for what must not be lost. */
	auto queue = std::make_unique<Made>(*this);

	message.address_space(request.space).entries(request.entries);
	if (request.flags)
		message.flags(request.flags);
	if (request.event)
		message.event(*request.event);
	if (int r = message.deliver(this->transport_); r < 0)
		return refused(r, message.error());
	if (auto r = queue->attach(message.handle(), message.layout(), message.map_offset()); !r)
		return std::unexpected(r.error());
	return queue;
}

} // namespace accel::core
