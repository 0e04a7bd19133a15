// SPDX-License-Identifier: MIT
// Arrival and removal of devices: the kernel's events of nodes as events of the device list.
#pragma once

#include "core/discovery.hpp"

#include <optional>

namespace accel::core {

/// The event, and the device as the list shows it now; a removed one as it was before. An overflow has no device:
/// events were lost, and the caller must get the list again.
struct DeviceEvent {
	NodeAction action;
	DeviceEntry entry;
};

/// One thread at a time.
class DeviceWatch {
public:
	/// Watches from now on. Errors: EOPNOTSUPP (no events can be received here), EMFILE, ENOMEM.
	static Result<std::unique_ptr<DeviceWatch>> create(ProviderList providers,
							   const KernelSource &kernel);

	/// Readable while next() has an event.
	int fd() const { return monitor_->fd(); }
	/// Returns the next event, or nothing if there is none now; never waits. If a call fails, the next one reports
	/// an overflow in place of the lost event. Errors: ESTALE (after fork), EMFILE, ENOMEM, EIO.
	Result<std::optional<DeviceEvent>> next();

private:
	DeviceWatch(ProviderList providers, const KernelSource &kernel,
		    std::unique_ptr<NodeMonitor> monitor);

	Result<void> reload();
	DeviceEntry remove(const KernelDevice &device);
	void update(const KernelDevice &device);
	DeviceEvent report(const NodeEvent &event);
	DeviceEntry entry_of(const KernelDevice &device) const;

	ProviderList providers_;
	const KernelSource &kernel_;
	std::unique_ptr<NodeMonitor> monitor_;
	/* The present nodes: sysfs no longer describes a removed one. */
	std::vector<KernelDevice> nodes_;
	bool is_lost_ = false; // an event was lost and the overflow is not reported yet
	uint64_t generation_;
};

} // namespace accel::core
