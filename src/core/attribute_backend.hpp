// SPDX-License-Identifier: MIT
// Every operation of a device that implements the attribute uABI, with any transport. A provider derives from this
// class, delivers messages, maps memory, and adds what is specific to its device.
#pragma once

#include "core/backend.hpp"
#include "uabi/policy.hpp"

#include <accel/uabi/accel_client.hpp>
#include <accel/uabi/attribute_operations.hpp>

namespace accel::core {

/// The generated AttributeOperations creates messages and a transport delivers them: an ioctl of an accelerator node,
/// or a call into the soft accelerator. The device checks every value; its error record is the failure.
class AttributeBackend : public AttributeOperations<Backend> {
public:
	int call(accel_call &message) noexcept final
	{
		return transport_.call(transport_.context, &message);
	}
	Result<void> trace(accel_trace_fn fn, void *context) override;

	/// A driver with attributes of its own overrides this: it fills in its own message, then calls make_queue().
	Result<std::unique_ptr<QueueBackend>> create_queue(const QueueRequest &request) override;

protected:
	/// @device  delivers a message to the device and waits for its answer
	/// @policy  of the driver's uABI, as this library knows it: for trace()
	/// @lacks   see Operations
	AttributeBackend(uabi::Transport device, const uabi::Policy &policy, const char *lacks)
		: AttributeOperations(device, lacks), policy_(policy), device_(device)
	{}

	/// Fills in the common part of a queue.create message, delivers it and maps the ring. @Made derives from
	/// AttributeQueue and has the same constructor.
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

/// A queue of the attribute uABI: the device itself completes entries in the shared ring.
class AttributeQueue : public QueueBackend {
public:
	explicit AttributeQueue(AttributeBackend &device) : device_(device) {}
	~AttributeQueue() override;
	/// Takes ownership of the queue that queue.create returned, and maps its ring. On failure destroys the queue.
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
	/* queue.create has no attribute for a fence. */
	if (request.completion_fence)
		return fail(EOPNOTSUPP, ACCEL_REASON_UNSUPPORTED,
			    "this library cannot pass a fence to the device; leave "
			    "accel_queue_options.completion_fence zero");
	/* Allocate before the device creates the queue: later an allocation failure would lose the handle. */
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
