// SPDX-License-Identifier: MIT
// An entry of the device list as C programs get it.
#pragma once

#include "core/provider.hpp"

#include <accel/accel.h>

namespace accel::core::capi {

/// The strings point into @entry, which must outlive the result.
inline accel_device_info info_of(const DeviceEntry &entry)
{
	return {
		.size = sizeof(accel_device_info),
		.usable = entry.reason.empty(),
		.name = entry.name.c_str(),
		.provider = entry.provider.c_str(),
		.driver = entry.driver.c_str(),
		.path = entry.path.c_str(),
		.description = entry.description.c_str(),
		.tested = entry.tested.c_str(),
		.reason = entry.reason.c_str(),
		.bus = entry.kernel.bus.c_str(),
		.address = entry.kernel.bus_address.c_str(),
		.syspath = entry.kernel.syspath.c_str(),
		.pci_vendor = entry.kernel.pci_vendor,
		.pci_device = entry.kernel.pci_device,
		.numa_node = entry.kernel.numa_node,
		.node_major = entry.kernel.major,
		.node_minor = entry.kernel.minor,
		.reserved = 0,
	};
}

} // namespace accel::core::capi
