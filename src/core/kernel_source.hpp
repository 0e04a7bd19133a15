// SPDX-License-Identifier: MIT
// The source of the kernel's device nodes: udev, or the simulated machine of a test program.
#pragma once

#include "core/provider.hpp"

#include <optional>

namespace accel::core {

/// The event of a device node; the numbers are those of enum accel_device_action.
enum class NodeAction : uint32_t {
	add = ACCEL_DEVICE_ACTION_ADD,
	remove = ACCEL_DEVICE_ACTION_REMOVE,
	change = ACCEL_DEVICE_ACTION_CHANGE,
	online = ACCEL_DEVICE_ACTION_ONLINE,
	offline = ACCEL_DEVICE_ACTION_OFFLINE,
	overflow = ACCEL_DEVICE_ACTION_OVERFLOW,
};

/// An overflow has no device. A removal has only name and syspath for certain.
struct NodeEvent {
	NodeAction action;
	KernelDevice device;
};

/// Receives the kernel's events of accelerator nodes. One thread at a time.
class NodeMonitor {
public:
	virtual ~NodeMonitor() = default;

	/// Readable while next() has an event. Owned by the monitor.
	virtual int fd() const = 0;
	/// Returns the next event, or nothing if there is none now; never waits. After a failure an event may be lost.
	virtual Result<std::optional<NodeEvent>> next() = 0;
};

/// A machine, real or simulated.
struct KernelSource {
	/// Returns the present nodes.
	Result<std::vector<KernelDevice>> (*devices)();
	/// Watches from now on. Errors: EOPNOTSUPP (no events can be received here), EMFILE, ENOMEM.
	Result<std::unique_ptr<NodeMonitor>> (*watch)();
};

/// This machine: its nodes from sysfs, its events from libudev (udev_monitor.cpp), or none (no_monitor.cpp).
extern const KernelSource kThisMachine;
/// The source of the device list, accel_device_open() and watches. Only test programs change it, and only while no
/// other thread runs.
extern const KernelSource *kernel_source;

} // namespace accel::core
