// SPDX-License-Identifier: MIT
// The device nodes of the kernel's accelerator subsystems, as sysfs shows them.
#pragma once

#include "core/provider.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace accel::core {

/// The subsystems that contain accelerators: "accel", "dsa".
std::span<const char *const> accelerator_subsystems();
/// Whether a node of this subsystem and name belongs to an accelerator: not "accel_controlD0".
bool is_accelerator(std::string_view subsystem, std::string_view name);

/// Reads what sysfs shows of the device in the directory @syspath, and which group may open its node; does not open it.
/// Nothing: the device disappeared, has no node, or is not an accelerator. Errors: EMFILE; ENOMEM, also by exception.
Result<std::optional<KernelDevice>> sysfs_device(std::string syspath);

/// Returns every accelerator of this machine that has a node, sorted by subsystem and name. Errors: EMFILE; ENOMEM, also
/// by exception.
Result<std::vector<KernelDevice>> sysfs_devices();

} // namespace accel::core
