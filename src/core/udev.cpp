// SPDX-License-Identifier: MIT
// Reads the machine: nodes from udev, driver and identity from sysfs, permissions from the node.
// Opens no node: closing habanalabs' compute node can reset the card.
#include "core/udev.hpp"

#include "base/failure.hpp"
#include "sys/sys.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <cstring>
#include <grp.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <tuple>
#include <unistd.h>

namespace accel::core {

const KernelSource kUdev = {.devices = udev_devices, .watch = udev_watch};

namespace {

/* Only these nodes of a subsystem are accelerators: accel has others (accel_controlD0), misc has mostly others. */
struct NameRule {
	const char *subsystem;
	const char *prefix; // of the device's name, "" for any
};
constexpr NameRule kNameRules[] = {
	{"accel", "accel"},   {"dsa", ""},	  {"uacce", ""}, {"fwctl", "fwctl"},
	{"misc", "fastrpc-"}, {"misc", "bcm-vk"}, {"ocxl", ""},
};
constexpr const char *kSubsystems[] = {"accel", "dsa", "uacce", "fwctl", "misc", "ocxl"};

/* Buses on which hardware has an address. Drivers create the other buses between it and a node (auxiliary, dsa,
 * rpmsg). */
constexpr const char *kHardwareBuses[] = {"pci", "platform", "amba", "usb"};

using Enumerate = std::unique_ptr<udev_enumerate, UdevUnref<udev_enumerate, udev_enumerate_unref>>;

std::string text(const char *value)
{
	return value ? value : "";
}

/* Returns the driver of the device itself, or of its nearest ancestor that has one. */
std::string driver_of(udev_device *device)
{
	for (udev_device *at = device; at; at = udev_device_get_parent(at)) {
		const char *driver = udev_device_get_driver(at);

		/* A work queue of idxd is bound to "user", which is its purpose, not its driver. */
		if (driver && strcmp(driver, "user") != 0)
			return driver;
	}
	return "";
}

/* Returns the hardware of a node: its nearest ancestor on a bus of hardware, else on any bus; null for a virtual
 * device. Owned by the node. */
udev_device *hardware_of(udev_device *node)
{
	udev_device *nearest = nullptr;

	for (udev_device *at = udev_device_get_parent(node); at; at = udev_device_get_parent(at)) {
		const char *bus = udev_device_get_subsystem(at);

		if (!bus)
			continue;
		if (std::ranges::any_of(kHardwareBuses,
					[=](const char *b) { return !strcmp(b, bus); }))
			return at;
		if (!nearest)
			nearest = at;
	}
	return nearest;
}

/* Returns the number in a file of sysfs ("0x17cb", "-1"); -1 if there is none. */
int number_in(udev_device *device, const char *file)
{
	const char *value = udev_device_get_sysattr_value(device, file);
	char *end = nullptr;
	long number = value ? strtol(value, &end, 0) : -1;

	return end == value || number < 0 || number > INT32_MAX ? -1 : static_cast<int>(number);
}

void identify(KernelDevice *device, udev_device *hardware)
{
	device->bus = text(udev_device_get_subsystem(hardware));
	device->bus_address = text(udev_device_get_sysname(hardware));
	device->numa_node = number_in(hardware, "numa_node");
	if (device->bus == "pci") {
		device->pci_vendor = number_in(hardware, "vendor");
		device->pci_device = number_in(hardware, "device");
	}
}

std::string group_of(const std::string &node)
{
	struct stat status;
	char buffer[1024];
	group entry;
	group *found = nullptr;

	if (sys::stat(node.c_str(), &status) < 0 || !(status.st_mode & S_IWGRP))
		return "";
	if (getgrgid_r(status.st_gid, &entry, buffer, sizeof(buffer), &found) || !found)
		return std::to_string(status.st_gid);
	return found->gr_name;
}

int scan(udev_enumerate *enumerate)
{
	int r = 0;

	for (const char *subsystem : kSubsystems)
		if (r >= 0)
			r = udev_enumerate_add_match_subsystem(enumerate, subsystem);
	return r < 0 ? r : udev_enumerate_scan_devices(enumerate);
}

} // namespace

std::span<const char *const> accelerator_subsystems()
{
	return kSubsystems;
}

bool is_accelerator(udev_device *device)
{
	const char *name = udev_device_get_sysname(device);
	const char *subsystem = udev_device_get_subsystem(device);

	if (!name || !subsystem || !udev_device_get_devnode(device))
		return false;
	return std::ranges::any_of(kNameRules, [&](const NameRule &rule) {
		size_t length = strlen(rule.prefix);

		if (strcmp(subsystem, rule.subsystem) != 0 ||
		    strncmp(name, rule.prefix, length) != 0)
			return false;
		return !length || rule.prefix[length - 1] == '-' || isdigit(name[length]);
	});
}

KernelDevice kernel_device(udev_device *from)
{
	KernelDevice device{
		.subsystem = text(udev_device_get_subsystem(from)),
		.name = text(udev_device_get_sysname(from)),
		.node = text(udev_device_get_devnode(from)),
		.syspath = text(udev_device_get_syspath(from)),
		.driver = driver_of(from),
		.group = "",
		.bus = "",
		.bus_address = "",
	};

	if (udev_device *hardware = hardware_of(from))
		identify(&device, hardware);
	if (dev_t number = udev_device_get_devnum(from)) {
		device.major = static_cast<int>(major(number));
		device.minor = static_cast<int>(minor(number));
	}
	device.access = sys::access(device.node.c_str(), R_OK | W_OK);
	if (device.access == -EACCES)
		device.group = group_of(device.node);
	return device;
}

Result<std::vector<KernelDevice>> udev_devices()
{
	std::vector<KernelDevice> devices;
	Udev udev(udev_new());
	Enumerate enumerate(udev ? udev_enumerate_new(udev.get()) : nullptr);

	if (!enumerate)
		return fail_memory("the list of devices");
	if (int r = scan(enumerate.get()); r < 0)
		return fail_call("reading the devices in sysfs", r);

	udev_list_entry *entry;
	udev_list_entry_foreach(entry, udev_enumerate_get_list_entry(enumerate.get()))
	{
		/* Null means that the device is missing or that there is no memory; errno distinguishes them. */
		errno = 0;
		UdevDevice device(
			udev_device_new_from_syspath(udev.get(), udev_list_entry_get_name(entry)));

		if (device && is_accelerator(device.get()))
			devices.push_back(kernel_device(device.get()));
		if (errno == ENOMEM)
			return fail_memory("the list of devices");
	}
	std::ranges::sort(devices, {}, [](const KernelDevice &device) {
		return std::tuple(device.subsystem, device.name.size(), device.name);
	});
	return devices;
}

} // namespace accel::core
