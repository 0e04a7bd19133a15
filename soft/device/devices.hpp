// SPDX-License-Identifier: MIT
// The devices of the process: created when first opened, stopped when the process exits.
#pragma once

#include "soft/device/device.hpp"

namespace accel::core::softdev {

inline constexpr unsigned kDevices = 2;

/// Returns the device for one more client, which calls close(); null if @index does not exist. ENOMEM by exception. A
/// forked child gets its own device, because the threads of the parent's device do not exist in it.
Device *open_device(unsigned index);

/// Makes exit() stop all devices before the objects that their threads use are destroyed. Call before a thread of a
/// device is started.
void stop_devices_at_exit();

} // namespace accel::core::softdev
