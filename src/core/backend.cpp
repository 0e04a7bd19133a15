// SPDX-License-Identifier: MIT
// Default answers for the operations that a device lacks, and the hooks of the ring.
#include "core/backend.hpp"

#include "sys/cancellation.hpp"
#include "sys/sys.hpp"
#include "uabi/header.hpp"

namespace accel::core {

void QueueBackend::doorbell(void *context) noexcept
{
	auto *self = static_cast<QueueBackend *>(context);

	sys::NoCancellation whole;

	if (!self->gate_.enter())
		return;
	self->kick();
	self->gate_.leave();
}

int QueueBackend::enter_progress(void *context, uint64_t deadline_ns) noexcept
{
	auto *self = static_cast<QueueBackend *>(context);

	sys::NoCancellation whole;

	if (!self->gate_.enter())
		return -ENODEV;
	int r = self->progress(deadline_ns);
	self->gate_.leave();
	return r;
}

ring::Hooks QueueBackend::hooks() noexcept
{
	return {.doorbell = doorbell, .context = this};
}

int QueueBackend::progress(uint64_t) noexcept
{
	return -EAGAIN;
}

Result<int> QueueBackend::poll_fd()
{
	return fail(EOPNOTSUPP, ACCEL_REASON_UNSUPPORTED,
		    "the kernel has no file to poll for completions of this queue; use "
		    "accel_queue_wait(), or an event if the device supports events");
}

Result<accel_fence> QueueBackend::fence(uint64_t)
{
	return fail(EOPNOTSUPP, ACCEL_REASON_UNSUPPORTED,
		    "the queues of this device signal no fences; wait for the completion");
}

Result<void> QueueBackend::resume()
{
	return fail(EOPNOTSUPP, ACCEL_REASON_UNSUPPORTED,
		    "the queues of this device do not stop at a fault, so none can be resumed");
}

int Backend::map_memory(uint64_t, uint64_t, void **) noexcept
{
	return -EOPNOTSUPP;
}

void Backend::unmap_memory(void *address, uint64_t size) noexcept
{
	sys::munmap(address, size);
}

int Backend::call(accel_call &message) noexcept
{
	return answer(message, unsupported(ACCEL_OBJECT_DEVICE, 0, "the attribute uABI").error());
}

Result<void> Backend::trace(accel_trace_fn, void *)
{
	return unsupported(ACCEL_OBJECT_DEVICE, 0, "messages to trace");
}

std::unexpected<Failure> Backend::no_driver_options(const char *what) const
{
	return fail(EOPNOTSUPP, ACCEL_REASON_UNSUPPORTED,
		    "this device has no %s of its own; leave the member `driver` NULL", what);
}

Result<BufferCreateOut> Backend::create_buffer(const BufferCreateIn &in,
					       std::span<const std::byte> driver)
{
	if (!driver.empty())
		return no_driver_options("buffer options");
	return buffer_create(in);
}

Result<std::unique_ptr<QueueBackend>> Backend::create_queue(const QueueRequest &)
{
	return unsupported(ACCEL_OBJECT_QUEUE, ACCEL_QUEUE_CREATE, "queue.create");
}

int answer(const accel_call &message, const Failure &failure) noexcept
{
	accel_error_record record = failure;
	accel_call header;

	/* The header can be shorter than the structure; the bytes after it are not accessed. */
	if (int r = uabi::read_header({}, reinterpret_cast<uintptr_t>(&message), header))
		return r;
	record.object = header.object;
	record.method = header.method;
	uabi::write_record({}, header, record);
	return failure.code;
}

} // namespace accel::core
