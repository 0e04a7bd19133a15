// SPDX-License-Identifier: MIT
// The devices of the process. A forked child has its own.
#include "soft/device/devices.hpp"

#include "soft/process/at_exit.hpp"
#include "soft/process/per_process.hpp"

#include <array>
#include <mutex>

namespace accel::core::softdev {

namespace {

struct Devices {
	std::mutex mutex;
	std::array<Device *, kDevices> devices{};
};

constinit PerProcess<Devices> of_process;

void stop_devices()
{
	Devices *all = of_process.find();

	if (!all)
		return;
	std::lock_guard lock(all->mutex);

	for (Device *device : all->devices)
		if (device)
			device->stop();
}

} // namespace

Device *open_device(unsigned index)
{
	if (index >= kDevices)
		return nullptr;

	Devices &all = of_process.get();
	std::lock_guard lock(all.mutex);
	Device *&device = all.devices[index];

	if (!device)
		device = new Device(index);
	device->open();
	return device;
}

void stop_devices_at_exit()
{
	stop_at_exit(stop_devices);
}

} // namespace accel::core::softdev
