// SPDX-License-Identifier: MIT
// Arrivals and departures: the kernel's events of nodes, as events of the device list.
#pragma once

#include "core/discovery.hpp"

#include <optional>

namespace accel::core {

/// What happened, and the device as the list shows it now; of a removed one, as it did before. With
/// overflow there is no device: events were lost, and the list is to be taken again.
struct DeviceEvent {
	NodeAction action;
	DeviceEntry entry;
};

/// One thread at a time.
class DeviceWatch {
public:
	/// Events from now on. Errors: EOPNOTSUPP (none can be received here), EMFILE, ENOMEM.
	static Result<std::unique_ptr<DeviceWatch>> create(ProviderList providers,
							   const KernelSource &kernel);

	/// Readable while next() has something.
	int fd() const { return monitor_->fd(); }
	/// The next event, or nothing if there is none now; never waits. What a failure loses, the next
	/// call reports as an overflow. Errors: ESTALE (after fork), EMFILE, ENOMEM, EIO.
	Result<std::optional<DeviceEvent>> next();

private:
	DeviceWatch(ProviderList providers, const KernelSource &kernel,
		    std::unique_ptr<NodeMonitor> monitor);

	Result<void> look_again();
	DeviceEntry forget(const KernelDevice &device);
	void note(const KernelDevice &device);
	DeviceEvent report(const NodeEvent &event);
	DeviceEntry entry_of(const KernelDevice &device) const;

	ProviderList providers_;
	const KernelSource &kernel_;
	std::unique_ptr<NodeMonitor> monitor_;
	/* The nodes that are there: sysfs no longer tells of a removed one what it was. */
	std::vector<KernelDevice> nodes_;
	bool is_lost_ = false; // an event, and it was not reported yet
	uint64_t generation_;
};

} // namespace accel::core
