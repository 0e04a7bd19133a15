// SPDX-License-Identifier: MIT
// Opening and closing a device.
#include "core/device.hpp"

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

	if (!closed_ && backend_)
		backend_->close();
	closed_ = true;
}

int Device::call(accel_call &message) noexcept
{
	auto r = use([&](Backend &backend) -> Result<int> { return backend.call(message); });

	return r ? *r : answer(message, r.error());
}

void Device::kick(uint64_t queue) noexcept
{
	(void)use([=](Backend &backend) -> Result<void> {
		backend.kick(queue);
		return {};
	});
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
