// SPDX-License-Identifier: MIT
// The devices of the process: created when first opened, stopped when the process exits. A forked child has its own.
#include "soft/device.hpp"
#include "soft/per_process.hpp"

#include <array>
#include <mutex>

namespace accel::core::softdev {

namespace {

struct Devices {
	std::mutex mutex;
	std::array<Device *, Device::kCount> devices{};
};

constinit PerProcess<Devices> of_process;

} // namespace

Device *Device::open(unsigned index)
{
	if (index >= kCount)
		return nullptr;

	Devices &all = of_process.get();
	std::lock_guard lock(all.mutex);
	Device *&device = all.devices[index];

	if (!device)
		device = new Device(index);
	std::lock_guard device_lock(device->mutex_);
	device->clients_++;
	return device;
}

void Device::close()
{
	std::unique_ptr<CounterFile> last;
	{
		/* Both locks: another client that opens the device and turns counters on between the two steps would
		 * lose them. */
		std::scoped_lock lock(counters_mutex_, mutex_);

		if (--clients_)
			return;
		last = std::move(counters_);
	}
	/* After the locks: the destructor joins a thread that takes mutex_. */
	last.reset();
}

void Device::stop_all()
{
	Devices *all = of_process.find();

	if (!all)
		return;
	std::lock_guard lock(all->mutex);

	for (Device *device : all->devices)
		if (device)
			device->stop();
}

} // namespace accel::core::softdev
