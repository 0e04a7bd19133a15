// SPDX-License-Identifier: MIT
// The identity of the hardware of a device, as text and as JSON, for `accel list` and `accel info`.
#pragma once

#include "terminal/output.hpp"

#include <accel/accel.hpp>

namespace cli {

/// "pci 0000:3b:00.0, 17cb:a100"; "" for a device without hardware of its own.
std::string hardware_text(const accel::DeviceInfo &info);

/// Adds bus, address, ids, NUMA node, sysfs path, and numbers of the device node; null for those that do not exist.
void add_identity(Json *json, const accel::DeviceInfo &info);

} // namespace cli
