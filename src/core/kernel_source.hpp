// SPDX-License-Identifier: MIT
// Where the kernel's device nodes come from: udev, or the made-up machine of a test program.
#pragma once

#include "core/provider.hpp"

#include <optional>

namespace accel::core {

/// What happened to a device node; the numbers are those of enum accel_device_action.
enum class NodeAction : uint32_t {
	add = ACCEL_DEVICE_ACTION_ADD,
	remove = ACCEL_DEVICE_ACTION_REMOVE,
	change = ACCEL_DEVICE_ACTION_CHANGE,
	online = ACCEL_DEVICE_ACTION_ONLINE,
	offline = ACCEL_DEVICE_ACTION_OFFLINE,
	overflow = ACCEL_DEVICE_ACTION_OVERFLOW,
};

/// With overflow there is no device. With remove only name and syspath of it are certain.
struct NodeEvent {
	NodeAction action;
	KernelDevice device;
};

/// Receives the kernel's events of accelerator nodes. One thread at a time.
class NodeMonitor {
public:
	virtual ~NodeMonitor() = default;

	/// Readable while next() has something. Stays the monitor's.
	virtual int fd() const = 0;
	/// The next event, or nothing if there is none now; never waits. After a failure an event may be
	/// lost.
	virtual Result<std::optional<NodeEvent>> next() = 0;
};

/// A machine.
struct KernelSource {
	/// The nodes that there are now.
	Result<std::vector<KernelDevice>> (*devices)();
	/// Events from now on. Errors: EOPNOTSUPP (none can be received here), EMFILE, ENOMEM.
	Result<std::unique_ptr<NodeMonitor>> (*watch)();
};

/// This machine (udev.cpp).
extern const KernelSource kUdev;
/// What the device list, accel_device_open() and watches use. Only test programs change it, and only
/// while nothing else runs.
extern const KernelSource *kernel_source;

} // namespace accel::core
