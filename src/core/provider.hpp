// SPDX-License-Identifier: MIT
// The interface that a provider implements for discovery (Provider). An open device is a Backend (core/backend.hpp).
// providers/README.md is the guide, providers/null the template.
#pragma once

#include "core/backend.hpp"

#include <span>
#include <string>
#include <vector>

namespace accel::core {

/// A device node of an accelerator subsystem of the kernel, as udev and sysfs describe it. A missing text is "", a
/// missing number is -1.
struct KernelDevice {
	std::string subsystem;	 // "accel", "uacce", "dsa", "fwctl", "misc"
	std::string name;	 // "accel0", "dsa/wq0.0": the node's name below /dev
	std::string node;	 // "/dev/accel/accel0"
	std::string syspath;	 // its directory in sysfs
	std::string driver;	 // as sysfs names it: that of the PCI or platform driver
	std::string group;	 // that may open the node, besides its owner
	int access = 0;		 // 0, or the negative errno with which opening it would fail
	std::string bus;	 // of the hardware: "pci", "platform"
	std::string bus_address; // "0000:3b:00.0"; the name of the device on other buses
	int pci_vendor = -1;
	int pci_device = -1;
	int numa_node = -1;
	int major = -1;
	int minor = -1;
};

/// One entry of the device list: the content of struct accel_device_info, and the argument of open().
struct DeviceEntry {
	std::string name;
	std::string provider;
	std::string driver = "none";
	std::string path;
	std::string description;
	std::string tested;
	std::string reason; // why it cannot be used, and what to do; "" if it can
	/// The errno of opening it in that case; 0: the reason is only probable, and open() is tried.
	int code = ENODEV;
	/// False: it can be opened by name, but is not in any list.
	bool listed = true;
	/// Its node, for open(): limits in sysfs, address, ids. Empty for a device without one.
	KernelDevice kernel = {};
};

/// Collects the devices of the machine at one moment. Each provider gets it once, in the order of the list.
class Discovery {
public:
	explicit Discovery(std::vector<KernelDevice> kernel) : kernel_(std::move(kernel)) {}

	/// The kernel's device nodes, for a provider to recognise its own.
	std::span<const KernelDevice> kernel() const { return kernel_; }
	/// Adds a device that has no node in the kernel. core fills in provider and tested.
	void add(DeviceEntry entry) { found_.push_back(std::move(entry)); }
	/// Assigns @device, which is one of kernel(), to the calling provider.
	void claim(const KernelDevice &device, std::string description);

private:
	friend class DeviceFinder;

	std::vector<KernelDevice> kernel_;
	std::vector<const KernelDevice *> claimed_;
	std::vector<DeviceEntry> found_;
};

/// One kind of hardware. Exists as long as the library, has no state, and is used by several threads at once.
class Provider {
public:
	/// "soft"
	virtual const char *name() const = 0;
	/// How it was tested: "hardware", "emulated device", "soft", "mock", "layout only".
	virtual const char *tested() const = 0;
	/// Reports the present devices with Discovery::add() and claim(). Opens no device node: for some devices,
	/// closing it again is a reset.
	virtual void discover(Discovery &discovery) const = 0;
	/// Opens a device that discover() reported.
	virtual Result<std::unique_ptr<Backend>> open(const DeviceEntry &device) const = 0;

protected:
	~Provider() = default;
};

} // namespace accel::core
