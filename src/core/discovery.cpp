// SPDX-License-Identifier: MIT
// Matches devices with providers, and finds the reasons. Does not access the machine: sysfs.cpp does.
#include "core/discovery.hpp"

#include <algorithm>
#include <cstring>

namespace accel::core {

namespace {

std::string describe(const KernelDevice &device)
{
	return "device of the kernel's " + device.subsystem + " subsystem";
}

DeviceEntry entry_of(const KernelDevice &device)
{
	DeviceEntry entry;

	entry.name = device.name;
	entry.driver = device.driver.empty() ? "unknown" : device.driver;
	entry.path = device.node;
	entry.description = describe(device);
	entry.kernel = device;
	entry.reason = access_reason(device);
	entry.code = device.access == -EACCES || device.access == -EPERM ? EACCES : ENODEV;
	return entry;
}

/* The reason for a device without a provider; names a second one if its node cannot be opened. */
std::string no_provider(const KernelDevice &device)
{
	std::string reason = device.driver.empty() ?
				     "its kernel driver is unknown, so no provider of this "
				     "library can take it" :
				     "no provider for driver " + device.driver + " in this library";
	std::string access = access_reason(device);

	return access.empty() ? reason : reason + "; and " + access;
}

/* The failure of opening a device that the list reports as unusable. */
std::unexpected<Failure> unusable(const FoundDevice &found)
{
	unsigned reason = found.entry.code == EOPNOTSUPP ? ACCEL_REASON_UNSUPPORTED :
			  found.entry.code == EACCES	 ? ACCEL_REASON_PERMISSION :
							   ACCEL_REASON_NO_DEVICE;

	return fail(found.entry.code, reason, "%.24s cannot be opened: %s",
		    found.entry.name.c_str(), found.entry.reason.c_str());
}

/* "soft0, accel0, and more": as many names of the list as fit into the text. */
std::string names_of(const std::vector<FoundDevice> &devices)
{
	constexpr size_t kMost = 64;
	std::string names;

	for (const FoundDevice &device : devices) {
		if (!device.entry.listed)
			continue;
		if (names.size() + device.entry.name.size() > kMost)
			return names + ", and more";
		names += (names.empty() ? "" : ", ") + device.entry.name;
	}
	return names.empty() ? "none" : names;
}

const FoundDevice *by_name(const std::vector<FoundDevice> &devices, std::string_view name)
{
	auto at = std::ranges::find_if(devices, [&](const FoundDevice &device) {
		return device.entry.name == name ||
		       (!device.entry.path.empty() && device.entry.path == name);
	});
	return at == devices.end() ? nullptr : &*at;
}

} // namespace

std::string access_reason(const KernelDevice &device)
{
	switch (-device.access) {
	case 0: return "";
	case EACCES:
		if (device.group.empty())
			return "permission denied on " + device.node + "; ask the administrator";
		return "permission denied on " + device.node + "; group " + device.group +
		       " has access: `sudo usermod -aG " + device.group +
		       " $USER`, then log in again";
	case EPERM: /* A device cgroup forbids it, not the mode of the node. */
		return "this container has no access to " + device.node +
		       "; give it the device (--device " + device.node + ")";
	case ENOENT:
		return device.node +
		       " is missing, but the kernel has the device; give the container the node "
		       "(--device " +
		       device.node + ")";
	default:
		return "opening " + device.node + " fails with \"" +
		       strerrordesc_np(-device.access) + "\"; see the kernel log (dmesg)";
	}
}

void Discovery::claim(const KernelDevice &device, std::string description)
{
	DeviceEntry entry = entry_of(device);

	entry.description = std::move(description);
	claimed_.push_back(&device);
	found_.push_back(std::move(entry));
}

std::vector<FoundDevice> DeviceFinder::all(ProviderList providers, std::vector<KernelDevice> kernel)
{
	Discovery discovery(std::move(kernel));
	std::vector<FoundDevice> devices;

	for (const Provider *provider : providers) {
		provider->discover(discovery);
		for (DeviceEntry &entry : discovery.found_) {
			entry.provider = provider->name();
			entry.tested = provider->tested();
			devices.push_back({std::move(entry), provider});
		}
		discovery.found_.clear();
	}
	for (const KernelDevice &device : discovery.kernel_) {
		if (std::ranges::find(discovery.claimed_, &device) != discovery.claimed_.end())
			continue;
		devices.push_back({entry_of(device), nullptr});
		devices.back().entry.reason = no_provider(device);
		devices.back().entry.code = EOPNOTSUPP;
	}
	return devices;
}

Result<FoundDevice> find_device(ProviderList providers, std::string_view name,
				const KernelSource &kernel)
{
	std::vector<FoundDevice> devices = DeviceFinder::all(providers, {});
	const FoundDevice *found = by_name(devices, name);

	if (!found) {
		auto nodes = kernel.devices();

		if (!nodes)
			return std::unexpected(nodes.error());
		devices = DeviceFinder::all(providers, std::move(*nodes));
		found = by_name(devices, name);
	}
	if (!found)
		return fail(ENODEV, ACCEL_REASON_NO_DEVICE,
			    "no device is named \"%.*s\"; the devices are: %s",
			    static_cast<int>(std::min<size_t>(name.size(), 32)), name.data(),
			    names_of(devices).c_str());
	if (!found->entry.reason.empty() && found->entry.code)
		return unusable(*found);
	return *found;
}

} // namespace accel::core
