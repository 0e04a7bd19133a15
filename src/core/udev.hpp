// SPDX-License-Identifier: MIT
// The device nodes of the kernel's accelerator subsystems, from udev and sysfs.
#pragma once

#include "core/provider.hpp"

namespace accel::core {

/// Every node that an accelerator of this machine shows, sorted by subsystem and name. Nodes of
/// accel are opened for a moment to ask for the driver's name. Errors: ENOMEM, EMFILE.
Result<std::vector<KernelDevice>> kernel_devices();

} // namespace accel::core
