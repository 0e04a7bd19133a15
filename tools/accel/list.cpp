// SPDX-License-Identifier: MIT
// `accel list`: every accelerator of the machine, and for one that cannot be used, why.
#include "options.hpp"
#include "output.hpp"

#include <nlohmann/json.hpp>

namespace cli {

namespace {

Json device_json(const accel_device_info &info)
{
	return {{"name", info.name},
		{"provider", info.provider},
		{"driver", info.driver},
		{"path", info.path},
		{"description", info.description},
		{"tested", info.tested},
		{"usable", info.usable != 0},
		{"reason", info.reason}};
}

} // namespace

int list_command(const ListOptions &options)
{
	DeviceList list = list_devices();
	Json json = {{"devices", Json::array()}};
	Table table({"NAME", "USABLE", "PROVIDER", "DRIVER", "TESTED", "DESCRIPTION"});

	for (size_t i = 0; i < accel_device_list_count(list.get()); ++i) {
		const accel_device_info &info = *accel_device_list_at(list.get(), i);
		std::string provider = *info.provider ? info.provider : "-";
		std::string tested = *info.tested ? info.tested : "-";

		if (options.names)
			say("{}", info.name);
		json["devices"].push_back(device_json(info));
		table.add({info.name,
			   info.usable ? painted(Paint::green, "yes") : painted(Paint::red, "no"),
			   provider, info.driver, tested, info.description});
		if (*info.reason)
			table.below(painted(Paint::dim, info.reason));
	}
	if (options.names)
		return 0;
	if (options.common.json)
		print_json(json);
	else
		table.print(true);
	return 0;
}

} // namespace cli
