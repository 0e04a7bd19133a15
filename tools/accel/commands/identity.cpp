// SPDX-License-Identifier: MIT
// The identity of the hardware of a device, as text and as JSON, for `accel list` and `accel info`.
#include "commands/identity.hpp"

#include <nlohmann/json.hpp>

namespace cli {

namespace {

Json text_json(std::string_view text)
{
	return text.empty() ? Json() : Json(text);
}

Json number_json(std::optional<unsigned> number)
{
	return number ? Json(*number) : Json();
}

} // namespace

std::string hardware_text(const accel::DeviceInfo &info)
{
	std::string text =
		fmt::format("{}{}{}", info.bus, info.bus.empty() ? "" : " ", info.address);

	if (info.pci_vendor && info.pci_device)
		text += fmt::format(", {:04x}:{:04x}", *info.pci_vendor, *info.pci_device);
	return text;
}

void add_identity(Json *json, const accel::DeviceInfo &info)
{
	json->update({{"bus", text_json(info.bus)},
		      {"address", text_json(info.address)},
		      {"pci-vendor", number_json(info.pci_vendor)},
		      {"pci-device", number_json(info.pci_device)},
		      {"numa-node", number_json(info.numa_node)},
		      {"sysfs", text_json(info.syspath)},
		      {"major", number_json(info.node_major)},
		      {"minor", number_json(info.node_minor)}});
}

} // namespace cli
