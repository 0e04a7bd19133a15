// SPDX-License-Identifier: MIT
// Keeps the present nodes, so that the properties of a removed one are still known.
#include "core/device_watch.hpp"

#include "sys/sys.hpp"

#include <algorithm>

namespace accel::core {

DeviceWatch::DeviceWatch(ProviderList providers, const KernelSource &kernel,
			 std::unique_ptr<NodeMonitor> monitor)
	: providers_(providers),
	  kernel_(kernel),
	  monitor_(std::move(monitor)),
	  generation_(sys::process_generation())
{}

Result<std::unique_ptr<DeviceWatch>> DeviceWatch::create(ProviderList providers,
							 const KernelSource &kernel)
{
	auto monitor = kernel.watch();

	if (!monitor)
		return std::unexpected(monitor.error());
	/* Events start before the list is read, so that a change in between is in one of them, or in both. */
	std::unique_ptr<DeviceWatch> watch(new DeviceWatch(providers, kernel, std::move(*monitor)));
	if (auto read = watch->reload(); !read)
		return std::unexpected(read.error());
	return watch;
}

Result<void> DeviceWatch::reload()
{
	auto nodes = kernel_.devices();

	if (!nodes)
		return std::unexpected(nodes.error());
	nodes_ = std::move(*nodes);
	return {};
}

/* The list entry of the node @device. Every provider sees all nodes, as for the list. */
DeviceEntry DeviceWatch::entry_of(const KernelDevice &device) const
{
	for (FoundDevice &found : DeviceFinder::all(providers_, nodes_))
		if (found.entry.kernel.syspath == device.syspath)
			return std::move(found.entry);
	return {.name = device.name, .path = device.node, .kernel = device};
}

void DeviceWatch::update(const KernelDevice &device)
{
	auto at = std::ranges::find(nodes_, device.syspath, &KernelDevice::syspath);

	if (at == nodes_.end())
		nodes_.push_back(device);
	else
		*at = device;
}

DeviceEntry DeviceWatch::remove(const KernelDevice &device)
{
	auto at = std::ranges::find(nodes_, device.syspath, &KernelDevice::syspath);

	if (at == nodes_.end())
		update(device);
	DeviceEntry entry = entry_of(device);

	entry.reason = "it was removed";
	entry.code = ENODEV;
	std::erase_if(nodes_,
		      [&](const KernelDevice &node) { return node.syspath == device.syspath; });
	return entry;
}

DeviceEvent DeviceWatch::report(const NodeEvent &event)
{
	if (event.action == NodeAction::remove)
		return {event.action, remove(event.device)};
	update(event.device);
	return {event.action, entry_of(event.device)};
}

Result<std::optional<DeviceEvent>> DeviceWatch::next()
{
	if (generation_ != sys::process_generation())
		return fail(
			ESTALE, ACCEL_REASON_FORKED,
			"the device watch was created before fork(); create one in this process");
	if (!is_lost_) {
		/* Until the whole event is reported: a failure or an exception leaves it set. */
		is_lost_ = true;
		auto event = monitor_->next();

		if (!event)
			return std::unexpected(event.error());
		if (!*event || (*event)->action != NodeAction::overflow) {
			std::optional<DeviceEvent> reported;

			if (*event)
				reported = report(**event);
			is_lost_ = false;
			return reported;
		}
	}
	if (auto read = reload(); !read)
		return std::unexpected(read.error());
	is_lost_ = false;
	return DeviceEvent{NodeAction::overflow, {}};
}

} // namespace accel::core
