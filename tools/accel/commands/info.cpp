// SPDX-License-Identifier: MIT
// `accel info DEV`: identity, capabilities and state of an open device.
#include "commands/commands.hpp"
#include "commands/identity.hpp"
#include "terminal/fail.hpp"
#include "terminal/output.hpp"
#include "uabi/policy.hpp"

#include <accel/names.h>
#include <nlohmann/json.hpp>
#include <optional>

namespace cli {

namespace {

/// Returns the names of the set bits of `features` of device.query; the number of a bit without a name.
std::vector<std::string> feature_names(uint64_t features)
{
	std::vector<std::string> names;

	for (unsigned bit = 0; bit < 64; bit++) {
		const uint64_t value = uint64_t{1} << bit;

		if (!(features & value))
			continue;
		const char *name = nullptr;
		for (const accel_name &known : accel_feature_names)
			if (known.value == value)
				name = known.name;
		names.push_back(name ? name : fmt::format("0x{:x}", value));
	}
	return names;
}

/// Whether a shared address space can be created, and its PASID.
struct Shared {
	bool is_usable = false;
	std::optional<uint32_t> pasid;
	std::string reason; // why there is no PASID, or no shared address space
};

Shared shared_address_space(const accel::Device &device)
{
	Shared shared;

	try {
		auto space = must("address space",
				  accel::AddressSpace::create(device, accel::AddressMode::shared));
		accel_address_space_info info = must("address space", space.query());

		shared.is_usable = true;
		if (info.given & ACCEL_ADDRESS_SPACE_INFO_GIVEN_PASID)
			shared.pasid = info.pasid;
		shared.reason = info.pasid_reason;
	} catch (const Failure &failure) {
		shared.reason = failure.line;
	}
	return shared;
}

std::string uabi_text(const std::optional<Policy> &policy)
{
	if (!policy)
		return "none";
	auto count = [&](unsigned kind) {
		size_t found = 0;

		for (const Line &line : policy->lines())
			found += line.is(kind);
		return found;
	};

	return fmt::format("{}, {} objects, {} methods, {} attributes", policy->driver(),
			   count(ACCEL_POLICY_KIND_OBJECT), count(ACCEL_POLICY_KIND_METHOD),
			   count(ACCEL_POLICY_KIND_ATTRIBUTE));
}

std::optional<Policy> policy_of(const accel::Device &device, const std::string &name)
{
	try {
		return Policy::of_device(device, name);
	} catch (const Failure &failure) {
		// A device without the attribute uABI has no description; the other values are known.
		if (failure.record && failure.record->code == -EOPNOTSUPP)
			return std::nullopt;
		throw;
	}
}

/// Returns the entry of the device in the list, if it has one.
std::optional<accel::DeviceInfo> listed(const accel::Result<accel::DeviceList> &list,
					const std::string &name)
{
	if (list)
		for (const accel::DeviceInfo &info : *list)
			if (info.name == name || (!info.path.empty() && info.path == name))
				return info;
	return std::nullopt;
}

void add_rows(Table &table, const accel::DeviceInfo &info)
{
	std::string hardware = hardware_text(info);

	if (!hardware.empty())
		table.add({"hardware", hardware});
	if (info.numa_node)
		table.add({"NUMA node", fmt::format("{}", *info.numa_node)});
	if (!info.path.empty())
		table.add({"node", info.node_major && info.node_minor ?
					   fmt::format("{} ({}:{})", info.path, *info.node_major,
						       *info.node_minor) :
					   std::string(info.path)});
	if (!info.syspath.empty())
		table.add({"sysfs", std::string(info.syspath)});
}

} // namespace

int info_command(const DeviceOptions &options)
{
	accel::Device device = open_device(options.device, options.common);
	accel_device_caps caps = must(options.device, device.query());
	std::optional<Policy> policy = policy_of(device, options.device);
	std::vector<std::string> features;
	const std::string driver = field_text(caps.driver, sizeof(caps.driver));
	const std::string model = field_text(caps.model, sizeof(caps.model));
	accel::Result<accel::DeviceList> list = accel::devices();
	std::optional<accel::DeviceInfo> identity = listed(list, options.device);
	Shared shared = shared_address_space(device);

	features = feature_names(caps.features);
	if (options.common.json) {
		Json json = {{"name", options.device},
			     {"provider", device.provider()},
			     {"driver", driver},
			     {"model", model},
			     {"features", features},
			     {"max-queues", caps.max_queues},
			     {"max-entries", caps.max_entries},
			     {"max-transfer", caps.max_transfer},
			     {"queues", caps.queues},
			     {"clients", caps.clients},
			     {"shared-address-space",
			      {{"usable", shared.is_usable},
			       {"pasid", shared.pasid ? Json(*shared.pasid) : Json()},
			       {"reason", shared.reason}}},
			     {"uabi", policy ? Json(policy->driver()) : Json()}};

		add_identity(&json, identity.value_or(accel::DeviceInfo{}));
		print_json(json);
		return 0;
	}
	Table table;
	std::string pasid = shared.pasid ? fmt::format("PASID {}", *shared.pasid) :
					   fmt::format("no PASID: {}", shared.reason);

	table.add({"name", options.device});
	table.add({"provider", std::string(device.provider())});
	table.add({"driver", driver});
	table.add({"model", model});
	if (identity)
		add_rows(table, *identity);
	table.add({"features",
		   features.empty() ? "none" : fmt::format("{}", fmt::join(features, ", "))});
	table.add({"queues", fmt::format("{} of {}, up to {} entries each", caps.queues,
					 caps.max_queues, caps.max_entries)});
	table.add({"transfer", fmt::format("up to {} in one descriptor",
					   size_text(static_cast<double>(caps.max_transfer)))});
	table.add({"clients", fmt::format("{}", caps.clients)});
	table.add({"shared memory", shared.is_usable ? "yes, " + pasid : "no: " + shared.reason});
	table.add({"uABI", uabi_text(policy)});
	table.print(false);
	return 0;
}

} // namespace cli
