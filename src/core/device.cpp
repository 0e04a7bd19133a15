// SPDX-License-Identifier: MIT
// Opening and closing a device.
#include "core/device.hpp"

#include "core/queue.hpp"

#include <mutex>
#include <unistd.h>

namespace accel::core {

Device::Device(const Provider &provider, const DeviceEntry &entry)
	: provider_(provider),
	  name_(entry.name),
	  generation_(sys::process_generation()),
	  process_(getpid())
{}

Result<Ref<Device>> Device::open(const Provider &provider, const DeviceEntry &entry)
{
	auto device = Ref<Device>::adopt(new Device(provider, entry));
	auto backend = provider.open(entry);

	if (!backend)
		return std::unexpected(backend.error());
	device->backend_ = std::move(*backend);
	return device;
}

void Device::close() noexcept
{
	if (forked()) {
		/* No lock: only the thread that called fork() exists here, and another thread of the parent may
		 * have held the lock. */
		if (!closed_ && backend_)
			backend_->abandon();
		closed_ = true;
		return;
	}
	std::unique_lock lock(mutex_);

	if (!closed_.exchange(true) && backend_) {
		{
			std::lock_guard queues(queues_mutex_);

			/* Mark all queues before waiting for one: a wait in the kernel can take a while to end. */
			for (Queue *queue = queues_; queue; queue = queue->next_)
				queue->set_gone();
			for (Queue *queue = queues_; queue; queue = queue->next_)
				queue->shut();
		}
		backend_->close();
	}
}

void Device::add(Queue &queue)
{
	std::lock_guard lock(queues_mutex_);

	queue.next_ = queues_;
	queues_ = &queue;
}

void Device::remove(Queue &queue) noexcept
{
	/* In a forked child a thread of the parent may have held the lock, and no thread reads the list. */
	if (forked())
		return;
	std::lock_guard lock(queues_mutex_);

	for (Queue **at = &queues_; *at; at = &(*at)->next_) {
		if (*at == &queue) {
			*at = queue.next_;
			return;
		}
	}
}

int Device::fd() noexcept
{
	auto r = use([](Backend &backend) -> Result<int> { return backend.fd(); });

	return r ? *r : -1;
}

int Device::call(accel_call &message) noexcept
{
	auto r = use([&](Backend &backend) -> Result<int> { return backend.call(message); });

	return r ? *r : answer(message, r.error());
}

Failure Device::forked_failure() const noexcept
{
	return fail(ESTALE, ACCEL_REASON_FORKED,
		    "process %d opened %.32s before fork(); open the device again in this process",
		    process_, name_.c_str())
		.error();
}

Failure Device::closed_failure() const noexcept
{
	return fail(ENODEV, ACCEL_REASON_UNPLUGGED,
		    "%.32s was closed; its objects can only be destroyed", name_.c_str())
		.error();
}

Failure Device::gone_failure() const noexcept
{
	return fail(ENODEV, ACCEL_REASON_UNPLUGGED,
		    "%.32s is gone and completes nothing more; destroy its objects, close it, "
		    "and see `accel list`",
		    name_.c_str())
		.error();
}

Result<void> same_device(const Device &device, const Device &other, const char *what)
{
	if (&device == &other)
		return {};
	return fail(ENOENT, ACCEL_REASON_NO_HANDLE,
		    "the %s belongs to another open device (%.24s) than this object (%.24s); "
		    "create both from the same one",
		    what, other.name().c_str(), device.name().c_str());
}

} // namespace accel::core
