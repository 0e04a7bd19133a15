// SPDX-License-Identifier: MIT
// What a provider implements to be found: the devices it knows (Provider). An open device is a Backend
// (core/backend.hpp). providers/README.md is the guide, providers/null the one to copy.
#pragma once

#include "core/backend.hpp"

#include <span>
#include <string>
#include <vector>

namespace accel::core {

/// A device node of an accelerator subsystem of the kernel, as udev and sysfs show it.
struct KernelDevice {
	std::string subsystem; // "accel", "uacce", "dsa", "fwctl", "misc"
	std::string name;      // "accel0", "dsa/wq0.0": the node's name below /dev
	std::string node;      // "/dev/accel/accel0"
	std::string syspath;   // its directory in sysfs
	std::string driver;    // of the kernel; "" if it cannot be told
	std::string group;     // who may open the node, besides its owner
	int access = 0;	       // 0, or the negative errno with which opening it would fail
};

/// One line of the device list; what struct accel_device_info shows.
struct DeviceEntry {
	std::string name;
	std::string provider;
	std::string driver = "none";
	std::string path;
	std::string description;
	std::string tested;
	std::string reason; // why it cannot be used, and what to do; "" if it can
	/// The errno that opening it answers then; 0: the reason is a guess, and open() is tried.
	int code = ENODEV;
};

/// Collects the devices of one look at the machine. Each provider sees it once, in the order of the
/// list.
class Discovery {
public:
	explicit Discovery(std::vector<KernelDevice> kernel) : kernel_(std::move(kernel)) {}

	/// The kernel's device nodes, for a provider to recognise its own.
	std::span<const KernelDevice> kernel() const { return kernel_; }
	/// A device that is there without a node in the kernel. provider and tested are filled in
	/// by core.
	void add(DeviceEntry entry) { found_.push_back(std::move(entry)); }
	/// @device, which is one of kernel(), belongs to the provider that says so.
	void claim(const KernelDevice &device, std::string description);

private:
	friend class DeviceFinder;

	std::vector<KernelDevice> kernel_;
	std::vector<const KernelDevice *> claimed_;
	std::vector<DeviceEntry> found_;
};

/// One kind of hardware. Lives as long as the library, has no state, and is used by several threads
/// at once.
class Provider {
public:
	/// "soft"
	virtual const char *name() const = 0;
	/// How it was tested: "hardware", "emulated device", "soft", "mock", "layout only".
	virtual const char *tested() const = 0;
	/// Report the devices there are: Discovery::add() and claim(). Opens nothing for long,
	/// changes nothing.
	virtual void discover(Discovery &discovery) const = 0;
	/// Open a device that discover() reported.
	virtual Result<std::unique_ptr<Backend>> open(const DeviceEntry &device) const = 0;

protected:
	~Provider() = default;
};

} // namespace accel::core
