// SPDX-License-Identifier: MIT
// Keeps the nodes that are there, so that a removed one is still known.
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
	/* Events begin before the list, so that what comes in between is in one of them, or in both. */
	std::unique_ptr<DeviceWatch> watch(new DeviceWatch(providers, kernel, std::move(*monitor)));
	if (auto looked = watch->look_again(); !looked)
		return std::unexpected(looked.error());
	return watch;
}

Result<void> DeviceWatch::look_again()
{
	auto nodes = kernel_.devices();

	if (!nodes)
		return std::unexpected(nodes.error());
	nodes_ = std::move(*nodes);
	return {};
}

/* The entry of the list that has the node @device. Every provider sees all nodes, as for the list. */
DeviceEntry DeviceWatch::entry_of(const KernelDevice &device) const
{
	for (FoundDevice &found : DeviceFinder::all(providers_, nodes_))
		if (found.entry.kernel.syspath == device.syspath)
			return std::move(found.entry);
	return {.name = device.name, .path = device.node, .kernel = device};
}

void DeviceWatch::note(const KernelDevice &device)
{
	auto at = std::ranges::find(nodes_, device.syspath, &KernelDevice::syspath);

	if (at == nodes_.end())
		nodes_.push_back(device);
	else
		*at = device;
}

DeviceEntry DeviceWatch::forget(const KernelDevice &device)
{
	auto at = std::ranges::find(nodes_, device.syspath, &KernelDevice::syspath);

	if (at == nodes_.end())
		note(device);
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
		return {event.action, forget(event.device)};
	note(event.device);
	return {event.action, entry_of(event.device)};
}

Result<std::optional<DeviceEvent>> DeviceWatch::next()
{
	if (generation_ != sys::process_generation())
		return fail(ESTALE, ACCEL_REASON_FORKED,
			    "the watch for devices was made before a fork; make another one here");
	if (!is_lost_) {
		is_lost_ =
			true; // until an event was reported whole: a failure or an exception ends this
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
	if (auto looked = look_again(); !looked)
		return std::unexpected(looked.error());
	is_lost_ = false;
	return DeviceEvent{NodeAction::overflow, {}};
}

} // namespace accel::core
