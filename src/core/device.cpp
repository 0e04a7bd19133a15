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
		/* No lock: only the forking thread lives on here, and the lock may be held by
		 * another. */
		if (!closed_ && backend_)
			backend_->abandon();
		closed_ = true;
		return;
	}
	std::unique_lock lock(mutex_);

	if (!closed_.exchange(true) && backend_) {
		{
			std::lock_guard queues(queues_mutex_);

			/* All of them first: a wait in the kernel can take a while to end. */
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
	/* In a forked child another thread of the parent may have held the lock, and nobody walks the list. */
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
		    "process %d opened %.32s before it forked this one; open the device again here",
		    process_, name_.c_str())
		.error();
}

Failure Device::closed_failure() const noexcept
{
	return fail(ENODEV, ACCEL_REASON_UNPLUGGED,
		    "%.32s was closed; what was made from it can only be destroyed", name_.c_str())
		.error();
}

Failure Device::gone_failure() const noexcept
{
	return fail(ENODEV, ACCEL_REASON_UNPLUGGED,
		    "%.32s is gone: what was outstanding does not complete; destroy what was made "
		    "from it, close "
		    "it, and look at `accel list`",
		    name_.c_str())
		.error();
}

Result<void> same_device(const Device &device, const Device &other, const char *what)
{
	if (&device == &other)
		return {};
	return fail(
		ENOENT, ACCEL_REASON_NO_HANDLE,
		"the %s was made from another open device (%.24s) than this object (%.24s); make "
		"it from the same one",
		what, other.name().c_str(), device.name().c_str());
}

} // namespace accel::core
