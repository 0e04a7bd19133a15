// SPDX-License-Identifier: MIT
// The device nodes of the kernel's accelerator subsystems, from udev and sysfs: what udev.cpp and
// udev_monitor.cpp share.
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

/// The subsystems that have accelerators.
std::span<const char *const> accelerator_subsystems();
/// Whether @device has a node, and a name of which its subsystem has accelerators.
bool is_accelerator(udev_device *device);
/// What sysfs says of @device; and of its node who may open it, which is not opened.
KernelDevice kernel_device(udev_device *device);

/// Every node that an accelerator of this machine shows, sorted by subsystem and name. Errors: ENOMEM,
/// EMFILE.
Result<std::vector<KernelDevice>> udev_devices();
/// The events of such nodes: from udev where it runs, else from the kernel. Errors: EOPNOTSUPP, EMFILE,
/// ENOMEM.
Result<std::unique_ptr<NodeMonitor>> udev_watch();

} // namespace accel::core
