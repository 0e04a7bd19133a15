// SPDX-License-Identifier: MIT
// Queues: creation, waiting, removal of the device.
#include "core/queue.hpp"

namespace accel::core {

namespace {

QueueRequest request_of(const AddressSpace &space, const accel_queue_options &options,
			const Event *event)
{
	QueueRequest request{
		.space = space.handle(),
		.entries = options.entries,
		.flags = options.flags,
		.event = {},
		.completion_fence = {},
		.driver = {static_cast<const std::byte *>(options.driver), options.driver_size},
	};

	if (event)
		request.event = event->handle();
	if (options.completion_fence.kind != ACCEL_FENCE_KIND_NONE)
		request.completion_fence = options.completion_fence;
	return request;
}

/* A backend without fences ignores the one in the request, and a program must not wait for one that is never
 * signalled. */
Result<void> check_fence(Backend &backend, const QueueRequest &request)
{
	if (!request.completion_fence)
		return {};
	auto caps = backend.device_query();

	if (caps && caps->features & ACCEL_FEATURE_QUEUE_FENCES)
		return {};
	if (!caps && caps.error().code != -EOPNOTSUPP)
		return std::unexpected(caps.error());
	return fail(EOPNOTSUPP, ACCEL_REASON_UNSUPPORTED,
		    "the queues of this device signal no fences; leave "
		    "accel_queue_options.completion_fence zero and wait for completions");
}

} // namespace

Result<Ref<Queue>> Queue::create(AddressSpace &space, const accel_queue_options &options,
				 Event *event)
{
	if (event)
		if (auto same = same_device(space.device(), event->device(), "event"); !same)
			return std::unexpected(same.error());

	auto queue = Ref<Queue>::adopt(new Queue(space, event));
	Device &device = *queue->device_;
	/* All of it within use(), so that close() runs either before the creation or after add(). */
	auto made = device.use([&](Backend &backend) -> Result<void> {
		const QueueRequest request = request_of(space, options, event);

		if (auto checked = check_fence(backend, request); !checked)
			return checked;
		auto own = backend.create_queue(request);

		if (!own)
			return std::unexpected(own.error());
		auto ring = ring::UserRing::attach((*own)->ring(), (*own)->hooks());

		if (!ring) {
			(void)(*own)->destroy();
			return std::unexpected(ring.error());
		}
		queue->backend_ = std::move(*own);
		queue->ring_ = std::move(*ring);
		device.add(*queue);
		return {};
	});

	if (!made)
		return std::unexpected(made.error());
	return queue;
}

Queue::~Queue()
{
	device_->remove(*this);
	ring_.reset();
}

void Queue::set_gone() noexcept
{
	const uint32_t asked = ring::set_gone(ring()->control);

	if (asked & ACCEL_RING_WAITER_EVENT && event_)
		event_->signal();
}

Result<void> Queue::destroy()
{
	return device_->destroy_object([this](Backend &) {
		auto destroyed = backend_->destroy();

		if (destroyed || destroyed.error().code == -ENODEV)
			backend_->shut();
		return destroyed;
	});
}

Result<void> Queue::wait(uint64_t deadline_ns)
{
	if (auto r = device_->check(); !r)
		return r;
	switch (int r = ring::wait(ring(), deadline_ns)) {
	case 0: return {};
	case -ETIMEDOUT:
		return fail(ETIMEDOUT, ACCEL_REASON_DEADLINE,
			    "the deadline passed before a completion; the entries are still in "
			    "work: wait again or stop waiting");
	case -ENODEV:
		if (auto closed = device_->check(); !closed)
			return closed;
		return std::unexpected(device_->gone_failure());
	default: return fail_call("waiting for completions", r);
	}
}

Result<bool> Queue::arm()
{
	if (auto r = device_->check(); !r)
		return std::unexpected(r.error());
	if (!event_)
		return fail(EALREADY, ACCEL_REASON_STATE,
			    "the queue has no event; set accel_queue_options.event when it "
			    "is created, or use accel_queue_wait()");
	int r = ring::arm(ring());

	if (r == -ENODEV)
		return std::unexpected(device_->gone_failure());
	if (r < 0)
		return fail_call("arming the event", r);
	return r == 1;
}

Result<int> Queue::poll_fd()
{
	return device_->use([this](Backend &) { return backend_->poll_fd(); });
}

Result<accel_fence> Queue::fence(uint64_t sequence)
{
	return device_->use([=, this](Backend &) { return backend_->fence(sequence); });
}

Result<void> Queue::resume()
{
	return device_->use([this](Backend &) { return backend_->resume(); });
}

Result<accel_queue_info> Queue::query()
{
	return device_->use([this](Backend &) { return backend_->query(); });
}

} // namespace accel::core
