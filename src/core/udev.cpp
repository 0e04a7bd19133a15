// SPDX-License-Identifier: MIT
// Asking the machine: udev for the nodes, sysfs and DRM for the driver, the node for who may open
// it.
#include "core/udev.hpp"

#include "core/failure.hpp"
#include "sys/fd.hpp"

#include <algorithm>
#include <cctype>
#include <cstring>
#include <fcntl.h>
#include <grp.h>
#include <libudev.h>
#include <sys/stat.h>
#include <tuple>
#include <unistd.h>
#include <xf86drm.h>

namespace accel::core {

namespace {

struct Subsystem {
	const char *name;
	const char *prefix; // of the device's name, "" for any
};

/* accel has nodes that are no accelerators (accel_controlD0), misc has mostly others. */
constexpr Subsystem kSubsystems[] = {
	{"accel", "accel"},   {"dsa", ""},	  {"uacce", ""}, {"fwctl", "fwctl"},
	{"misc", "fastrpc-"}, {"misc", "bcm-vk"}, {"ocxl", ""},
};

template <class T, T *(*Unref)(T *)>
struct Unreferenced {
	void operator()(T *object) const { Unref(object); }
};
using Udev = std::unique_ptr<udev, Unreferenced<udev, udev_unref>>;
using Enumerate =
	std::unique_ptr<udev_enumerate, Unreferenced<udev_enumerate, udev_enumerate_unref>>;
using UdevDevice = std::unique_ptr<udev_device, Unreferenced<udev_device, udev_device_unref>>;

std::string text(const char *value)
{
	return value ? value : "";
}

/* The driver of the device itself, or of the nearest one above it that has one. */
std::string driver_of(udev_device *device)
{
	for (udev_device *at = device; at; at = udev_device_get_parent(at)) {
		const char *driver = udev_device_get_driver(at);

		/* A work queue of idxd is bound to "user", which says what it is for. */
		if (driver && strcmp(driver, "user") != 0)
			return driver;
	}
	return "";
}

/* What the driver calls itself, which for accel nodes names the uABI; "" if it does not answer. */
std::string drm_driver_of(int fd)
{
	drmVersionPtr version = drmGetVersion(fd);

	if (!version)
		return "";
	std::string name = text(version->name);
	drmFreeVersion(version);
	return name;
}

std::string group_of(const std::string &node)
{
	Fd fd(sys::open(node.c_str(), O_PATH));
	struct stat status;
	char buffer[1024];
	group entry;
	group *found = nullptr;

	if (!fd || sys::fstat(fd.get(), &status) < 0 || !(status.st_mode & S_IWGRP))
		return "";
	if (getgrgid_r(status.st_gid, &entry, buffer, sizeof(buffer), &found) || !found)
		return std::to_string(status.st_gid);
	return found->gr_name;
}

KernelDevice look_at(udev_device *from)
{
	KernelDevice device{
		.subsystem = text(udev_device_get_subsystem(from)),
		.name = text(udev_device_get_sysname(from)),
		.node = text(udev_device_get_devnode(from)),
		.syspath = text(udev_device_get_syspath(from)),
		.driver = driver_of(from),
	};

	device.access = sys::access(device.node.c_str(), R_OK | W_OK);
	if (device.access < 0)
		device.group = group_of(device.node);
	if (device.access == 0 && device.subsystem == "accel") {
		Fd fd(sys::open(device.node.c_str(), O_RDWR | O_NONBLOCK));
		std::string name = fd ? drm_driver_of(fd.get()) : "";

		device.access = fd ? 0 : fd.get();
		if (!name.empty())
			device.driver = name;
	}
	return device;
}

/* Whether it has a node, and a name of which its subsystem has accelerators. */
bool is_accelerator(udev_device *device)
{
	const char *name = udev_device_get_sysname(device);
	const char *subsystem = udev_device_get_subsystem(device);

	if (!name || !subsystem || !udev_device_get_devnode(device))
		return false;
	return std::ranges::any_of(kSubsystems, [&](const Subsystem &known) {
		size_t length = strlen(known.prefix);

		if (strcmp(subsystem, known.name) != 0 || strncmp(name, known.prefix, length) != 0)
			return false;
		return !length || known.prefix[length - 1] == '-' || isdigit(name[length]);
	});
}

int scan(udev_enumerate *enumerate)
{
	int r = 0;

	for (const Subsystem &subsystem : kSubsystems)
		if (r >= 0)
			r = udev_enumerate_add_match_subsystem(enumerate, subsystem.name);
	return r < 0 ? r : udev_enumerate_scan_devices(enumerate);
}

} // namespace

Result<std::vector<KernelDevice>> kernel_devices()
{
	std::vector<KernelDevice> devices;
	Udev udev(udev_new());
	Enumerate enumerate(udev ? udev_enumerate_new(udev.get()) : nullptr);

	if (!enumerate)
		return fail_memory("the list of devices");
	if (int r = scan(enumerate.get()); r < 0)
		return fail_call("looking for devices in sysfs", r);

	udev_list_entry *entry;
	udev_list_entry_foreach(entry, udev_enumerate_get_list_entry(enumerate.get()))
	{
		/* Null means that it is not there, or that there is no memory: errno tells. */
		errno = 0;
		UdevDevice device(
			udev_device_new_from_syspath(udev.get(), udev_list_entry_get_name(entry)));

		if (device && is_accelerator(device.get()))
			devices.push_back(look_at(device.get()));
		if (errno == ENOMEM)
			return fail_memory("the list of devices");
	}
	std::ranges::sort(devices, {}, [](const KernelDevice &device) {
		return std::tuple(device.subsystem, device.name.size(), device.name);
	});
	return devices;
}

} // namespace accel::core
