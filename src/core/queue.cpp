// SPDX-License-Identifier: MIT
// Queues: options, creation, waiting.
#include "core/queue.hpp"

#include <algorithm>
#include <cstring>

namespace accel::core {

namespace {

/* Nobody wakes a waiter whose device was closed or unplugged, so it looks up from its sleep this
 * often. */
constexpr uint64_t kLookUpNs = 250'000'000;

/* What the first version of the library knew; no caller can know less. What no version will ever know is a
 * size that was not set. */
constexpr uint32_t kLeastOptions = offsetof(accel_queue_options, flags);
constexpr uint32_t kMostOptions = 4096;

} // namespace

Result<accel_queue_options> read_options(const accel_queue_options *given)
{
	accel_queue_options options{};
	uint32_t size = given->size;

	if (size < kLeastOptions || size > kMostOptions)
		return fail(EINVAL, ACCEL_REASON_WRONG_LENGTH,
			    "accel_queue_options.size is %u; set it to sizeof(struct "
			    "accel_queue_options), here %zu",
			    size, sizeof(options));
	memcpy(&options, given, std::min<size_t>(size, sizeof(options)));
	auto *bytes = reinterpret_cast<const unsigned char *>(given);
	for (size_t i = sizeof(options); i < size; i++) {
		if (bytes[i])
			return fail(
				E2BIG, ACCEL_REASON_NONZERO_TAIL,
				"byte %zu of the queue options is set, but this library knows %zu; "
				"use a newer one, or leave it zero",
				i, sizeof(options));
	}
	options.size = sizeof(options);
	return options;
}

Result<Ref<Queue>> Queue::create(AddressSpace &space, const accel_queue_options &options,
				 Event *event)
{
	if (event)
		if (auto same = same_device(space.device(), event->device(), "event"); !same)
			return std::unexpected(same.error());

	auto queue = Ref<Queue>::adopt(new Queue(space, event));
	QueueRequest request{
		.space = space.handle(),
		.entries = options.entries,
		.flags = options.flags,
		.has_event = event != nullptr,
		.event = event ? event->handle() : 0,
		.parallel = options.parallel,
		.inline_limit = options.inline_limit,
	};
	auto memory = queue->device_->use([&](Backend &b) { return b.create_queue(request); });

	if (!memory)
		return std::unexpected(memory.error());
	if (auto attached = queue->attach(*memory); !attached) {
		(void)queue->destroy();
		return std::unexpected(attached.error());
	}
	return queue;
}

Result<void> Queue::attach(const QueueMemory &memory)
{
	handle_ = memory.handle;
	memory_ = memory.memory;
	size_ = memory.size;
	auto ring =
		ring::UserRing::attach({.memory = memory_, .size = size_, .layout = memory.layout},
				       {.submit = memory.submit,
					.submit_context = memory.submit_context,
					.doorbell = doorbell,
					.context = this});

	if (!ring)
		return std::unexpected(ring.error());
	ring_ = std::move(*ring);
	return {};
}

Queue::~Queue()
{
	ring_.reset();
	if (memory_)
		device_->unmap_memory(memory_, size_);
}

void Queue::doorbell(void *queue) noexcept
{
	auto *self = static_cast<Queue *>(queue);

	self->device_->kick(self->handle_);
}

Result<void> Queue::destroy()
{
	return device_->end([this](Backend &b) { return b.destroy_queue(handle_); });
}

Result<void> Queue::wait(uint64_t deadline_ns)
{
	for (;;) {
		if (auto r = device_->check(); !r)
			return r;
		uint64_t look_up = deadline_ns ? sys::now_ns() + kLookUpNs : 0;
		int r = ring::wait(ring(), std::min(deadline_ns, look_up));

		if (r == 0)
			return {};
		if (r != -ETIMEDOUT)
			return fail_call("waiting for completions", r);
		if (look_up >= deadline_ns)
			return fail(
				ETIMEDOUT, ACCEL_REASON_DEADLINE,
				"the deadline passed before a completion came; the work goes on, "
				"wait again or give up");
	}
}

Result<bool> Queue::arm()
{
	if (auto r = device_->check(); !r)
		return std::unexpected(r.error());
	if (!event_)
		return fail(EALREADY, ACCEL_REASON_STATE,
			    "the queue has no event; name one in accel_queue_options.event when it "
			    "is created, or use accel_queue_wait()");
	int r = ring::arm(ring());

	if (r < 0)
		return fail_call("asking for the event", r);
	return r == 1;
}

Result<void> Queue::resume()
{
	return device_->use([this](Backend &b) { return b.resume_queue(handle_); });
}

Result<accel_queue_info> Queue::query()
{
	return device_->use([this](Backend &b) { return b.query_queue(handle_); });
}

} // namespace accel::core
