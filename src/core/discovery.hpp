// SPDX-License-Identifier: MIT
// The devices of this machine, the provider that opens each, and why a device cannot be used.
#pragma once

#include "core/kernel_source.hpp"

namespace accel::core {

using ProviderList = std::span<const Provider *const>;

/// A device and its provider; without a provider, entry.reason tells why.
struct FoundDevice {
	DeviceEntry entry;
	const Provider *provider = nullptr;
};

/// Runs a Discovery over the providers.
class DeviceFinder {
public:
	/// Returns every device, also unlisted ones: the devices of the providers, in the order of the list, then the
	/// nodes of @kernel that no provider claimed.
	static std::vector<FoundDevice> all(ProviderList providers,
					    std::vector<KernelDevice> kernel);
};

/// Returns the device with the name or node @name. Reads the kernel's devices only if no built-in device has the name.
/// Errors: ENODEV (no such device, or it cannot be used: see entry.reason), EACCES, EOPNOTSUPP.
Result<FoundDevice> find_device(ProviderList providers, std::string_view name,
				const KernelSource &kernel);

/// Returns why opening @device would fail, and what to do, as a sentence; "" if it would succeed.
std::string access_reason(const KernelDevice &device);

} // namespace accel::core
