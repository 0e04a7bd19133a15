// SPDX-License-Identifier: MIT
// Reads the kernel's accelerators from sysfs: nodes, drivers, identity, and who may open a node.
// No node is opened: closing the compute node of habanalabs can reset the card.
#include "core/sysfs.hpp"

#include "base/failure.hpp"
#include "sys/sys.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <climits>
#include <cstdlib>
#include <grp.h>
#include <sys/stat.h>
#include <tuple>
#include <unistd.h>

namespace accel::core {

namespace {

/* Of the nodes of a subsystem only these are accelerators: accel has others (accel_controlD0), misc mostly others. */
struct NameRule {
	std::string_view subsystem;
	std::string_view prefix; // of the name; "": any name
};
constexpr NameRule kNameRules[] = {
	{"accel", "accel"},   {"dsa", ""},	  {"uacce", ""}, {"fwctl", "fwctl"},
	{"misc", "fastrpc-"}, {"misc", "bcm-vk"}, {"ocxl", ""},
};
constexpr const char *kSubsystems[] = {"accel", "dsa", "uacce", "fwctl", "misc", "ocxl"};

/* Buses on which hardware has an address. Drivers create the devices between it and a node (auxiliary, dsa, rpmsg). */
constexpr std::string_view kHardwareBuses[] = {"pci", "platform", "amba", "usb"};

/* Appends the content of a file of sysfs to @text. 0 or a negative errno. */
int read_file(const std::string &path, std::string &text)
{
	std::array<char, 4096> buffer; // a page, which is the most that an attribute shows
	const auto got = sys::read_file(path.c_str(), buffer.data(), buffer.size());

	if (got < 0)
		return static_cast<int>(got);
	text.append(buffer.data(), static_cast<size_t>(got));
	return 0;
}

/* What means that a device has disappeared, or never had the file. */
bool is_absent(int code)
{
	return code == -ENOENT || code == -ENOTDIR || code == -ENODEV || code == -EACCES;
}

/* The last component of what a link of sysfs points to: the name of a driver or a subsystem; "": there is no link. */
std::string link_name(const std::string &path)
{
	std::array<char, PATH_MAX> target;
	const auto length = sys::readlink(path.c_str(), target.data(), target.size());

	if (length <= 0)
		return "";
	const std::string_view text(target.data(), static_cast<size_t>(length));
	return std::string(text.substr(text.rfind('/') + 1));
}

/* The value of @key in a file uevent, which has lines KEY=value; "": there is none. */
std::string value_of(std::string_view uevent, std::string_view key)
{
	for (size_t at = 0; at < uevent.size();) {
		const size_t end = std::min(uevent.find('\n', at), uevent.size());
		const std::string_view line = uevent.substr(at, end - at);

		if (line.size() > key.size() && line.starts_with(key) && line[key.size()] == '=')
			return std::string(line.substr(key.size() + 1));
		at = end + 1;
	}
	return "";
}

/* The number at the start of @text, such as "0x17cb\n"; -1: there is none, or it is negative. */
int number_of(const std::string &text)
{
	char *end = nullptr;
	const long number = strtol(text.c_str(), &end, 0);

	return end == text.c_str() || number < 0 || number > INT32_MAX ? -1 :
									 static_cast<int>(number);
}

int number_in(const std::string &path)
{
	std::string text;

	return read_file(path, text) < 0 ? -1 : number_of(text);
}

/* The device above @syspath, which is the next directory with a file uevent; "": there is none. */
std::string parent_of(std::string syspath)
{
	constexpr std::string_view kTop = "/sys/devices";

	for (;;) {
		syspath.resize(std::min(syspath.rfind('/'), syspath.size()));
		if (syspath.size() <= kTop.size())
			return "";
		if (sys::access((syspath + "/uevent").c_str(), F_OK) == 0)
			return syspath;
	}
}

/* The driver of the device itself, or of the nearest one above it that has one. */
std::string driver_of(const std::string &syspath)
{
	for (std::string at = syspath; !at.empty(); at = parent_of(at)) {
		std::string driver = link_name(at + "/driver");

		/* A work queue of idxd is bound to "user", which states its use. */
		if (!driver.empty() && driver != "user")
			return driver;
	}
	return "";
}

/* The hardware of a node: the nearest device above it on a bus of hardware; where there is none, on any bus; "" for
 * the node of a virtual device. */
std::string hardware_of(const std::string &syspath)
{
	std::string nearest;

	for (std::string at = parent_of(syspath); !at.empty(); at = parent_of(at)) {
		const std::string bus = link_name(at + "/subsystem");

		if (bus.empty())
			continue;
		if (std::ranges::find(kHardwareBuses, bus) != std::end(kHardwareBuses))
			return at;
		if (nearest.empty())
			nearest = at;
	}
	return nearest;
}

void identify(KernelDevice &device, const std::string &hardware)
{
	device.bus = link_name(hardware + "/subsystem");
	device.bus_address = hardware.substr(hardware.rfind('/') + 1);
	device.numa_node = number_in(hardware + "/numa_node");
	if (device.bus == "pci") {
		device.pci_vendor = number_in(hardware + "/vendor");
		device.pci_device = number_in(hardware + "/device");
	}
}

/* The group whose members may open @node; "": no group may. */
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

/* The kernel writes a slash within a name as an exclamation mark: "dsa!wq0.0". */
std::string name_of(const std::string &syspath)
{
	std::string name = syspath.substr(syspath.rfind('/') + 1);

	std::ranges::replace(name, '!', '/');
	return name;
}

/* Returns the directories to which the links in the directory @folder point. */
Result<std::vector<std::string>> directories_in(const std::string &folder)
{
	std::vector<std::string> names, directories;
	const int r = sys::list_directory(
		folder.c_str(),
		[](void *all, const char *name) {
			static_cast<std::vector<std::string> *>(all)->emplace_back(name);
		},
		&names);

	if (r < 0 && !is_absent(r))
		return fail_call("reading the list of devices in sysfs", r);
	for (const std::string &name : names) {
		std::array<char, PATH_MAX> path;

		/* The device may have disappeared meanwhile. */
		if (sys::realpath((folder + '/' + name).c_str(), path.data()) == 0)
			directories.emplace_back(path.data());
	}
	return directories;
}

} // namespace

std::span<const char *const> accelerator_subsystems()
{
	return kSubsystems;
}

bool is_accelerator(std::string_view subsystem, std::string_view name)
{
	return std::ranges::any_of(kNameRules, [&](const NameRule &rule) {
		if (subsystem != rule.subsystem || !name.starts_with(rule.prefix))
			return false;
		return rule.prefix.empty() || rule.prefix.ends_with('-') ||
		       (name.size() > rule.prefix.size() && isdigit(name[rule.prefix.size()]));
	});
}

Result<std::optional<KernelDevice>> sysfs_device(std::string syspath)
{
	KernelDevice device;
	std::string uevent;

	if (int r = read_file(syspath + "/uevent", uevent); r < 0 && !is_absent(r))
		return fail_call("reading a device in sysfs", r);
	const std::string node = value_of(uevent, "DEVNAME");

	device.subsystem = link_name(syspath + "/subsystem");
	device.name = name_of(syspath);
	if (node.empty() || !is_accelerator(device.subsystem, device.name))
		return std::nullopt;
	device.node = node.starts_with('/') ? node : "/dev/" + node;
	device.driver = driver_of(syspath);
	device.major = number_of(value_of(uevent, "MAJOR"));
	device.minor = number_of(value_of(uevent, "MINOR"));
	if (const std::string hardware = hardware_of(syspath); !hardware.empty())
		identify(device, hardware);
	device.access = sys::access(device.node.c_str(), R_OK | W_OK);
	if (device.access == -EACCES)
		device.group = group_of(device.node);
	device.syspath = std::move(syspath);
	return device;
}

/* Adds the accelerators to which the links in the directory @folder point. */
static Result<void> add_devices(const std::string &folder, std::vector<KernelDevice> &devices)
{
	auto directories = directories_in(folder);

	if (!directories)
		return std::unexpected(directories.error());
	for (std::string &directory : *directories) {
		auto device = sysfs_device(std::move(directory));
		if (!device)
			return std::unexpected(device.error());
		if (*device)
			devices.push_back(std::move(**device));
	}
	return {};
}

Result<std::vector<KernelDevice>> sysfs_devices()
{
	std::vector<KernelDevice> devices;

	for (const char *subsystem : kSubsystems)
		for (const char *folder : {"/sys/class/%", "/sys/bus/%/devices"}) {
			std::string path = folder;

			path.replace(path.find('%'), 1, subsystem);
			if (auto added = add_devices(path, devices); !added)
				return std::unexpected(added.error());
		}
	std::ranges::sort(devices, {}, [](const KernelDevice &device) {
		return std::tuple(device.subsystem, device.name.size(), device.name);
	});
	return devices;
}

} // namespace accel::core
