// SPDX-License-Identifier: MIT
// The device nodes of the kernel's accelerator subsystems, from udev and sysfs: shared by udev.cpp and
// udev_monitor.cpp.
#pragma once

#include "core/kernel_source.hpp"

#include <libudev.h>
#include <memory>

namespace accel::core {

template <class T, T *(*Unref)(T *)>
struct UdevUnref {
	void operator()(T *object) const { Unref(object); }
};
using Udev = std::unique_ptr<udev, UdevUnref<udev, udev_unref>>;
using UdevDevice = std::unique_ptr<udev_device, UdevUnref<udev_device, udev_device_unref>>;

/// Returns the subsystems that have accelerators.
std::span<const char *const> accelerator_subsystems();
/// Returns whether @device has a node, and a name that its subsystem uses for accelerators.
bool is_accelerator(udev_device *device);
/// Returns the properties of @device in sysfs, and whether its node may be opened. Does not open it.
KernelDevice kernel_device(udev_device *device);

/// Returns every node of an accelerator of this machine, sorted by subsystem and name. Errors: ENOMEM, EMFILE.
Result<std::vector<KernelDevice>> udev_devices();
/// Watches such nodes: by udev where it runs, else by the kernel. Errors: EOPNOTSUPP, EMFILE, ENOMEM.
Result<std::unique_ptr<NodeMonitor>> udev_watch();

} // namespace accel::core
