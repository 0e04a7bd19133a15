// SPDX-License-Identifier: MIT
// Which devices this machine has, which provider opens each, and why one cannot be used.
#pragma once

#include "core/kernel_source.hpp"

namespace accel::core {

using ProviderList = std::span<const Provider *const>;

/// A device and who opens it; without a provider, entry.reason says so.
struct FoundDevice {
	DeviceEntry entry;
	const Provider *provider = nullptr;
};

/// Runs a Discovery over the providers.
class DeviceFinder {
public:
	/// Every device, also those that no list has: what the providers report, in the order of the
	/// list, then the nodes of @kernel that nobody claimed.
	static std::vector<FoundDevice> all(ProviderList providers,
					    std::vector<KernelDevice> kernel);
};

/// The device called @name, or whose node @name is. The kernel is asked only if no built-in device
/// has the name. Errors: ENODEV (no such device; or it cannot be used, for entry.reason), EACCES,
/// EOPNOTSUPP.
Result<FoundDevice> find_device(ProviderList providers, std::string_view name,
				const KernelSource &kernel);

/// Why opening @device would fail, and what to do, as a sentence; "" if it would not.
std::string access_reason(const KernelDevice &device);

} // namespace accel::core
