// SPDX-License-Identifier: MIT
// Which piece of hardware a device is, for people and as JSON: `accel list` and `accel info`.
#pragma once

#include "output.hpp"

#include <accel/accel.hpp>

namespace cli {

/// "pci 0000:3b:00.0, 17cb:a100"; "" for a device without hardware of its own.
std::string hardware_text(const accel::DeviceInfo &info);

/// Adds bus, address, ids, NUMA node, sysfs path, and numbers of the node; null for what the device does not have.
void add_identity(Json *json, const accel::DeviceInfo &info);

} // namespace cli
