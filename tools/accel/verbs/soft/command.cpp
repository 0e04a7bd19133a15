// SPDX-License-Identifier: MIT
// `accel command`: commands for the firmware of the soft accelerator.
#include "terminal/fail.hpp"
#include "terminal/names.hpp"
#include "terminal/output.hpp"
#include "terminal/text.hpp"
#include "verbs/soft/queue/operation.hpp"
#include "verbs/soft/verbs.hpp"

#include <accel/soft.hpp>
#include <cerrno>
#include <nlohmann/json.hpp>
#include <span>

namespace cli {

namespace {

/// Executes one command of accel/soft.hpp on a new channel.
template <class Command>
auto send(const accel::Device &device, const std::string &what, accel::Scope scope,
	  const Command &command)
{
	return must(what,
		    command(must("command channel", accel::CommandChannel::create(device, scope))));
}

template <size_t N>
std::string text(const char (&field)[N])
{
	return field_text(field, N);
}

void show(const CommandOptions &options, const Json &json)
{
	if (options.common.json)
		return print_json(json);
	Table table;

	for (const auto &[name, value] : json.items()) {
		std::string shown = value.is_string() ? value.get<std::string>() : value.dump();

		if (value.is_array()) {
			std::vector<std::string> words = value;

			shown = words.empty() ? "none" : fmt::format("{}", fmt::join(words, ", "));
		}
		table.add({name, shown});
	}
	table.print(false);
}

/// Returns the names of the operations whose bits are set.
std::vector<std::string> operation_names(uint32_t bits)
{
	std::vector<std::string> names;

	for (unsigned i = 0; i < 32; ++i)
		if (bits >> i & 1)
			names.push_back(operation_name(i));
	return names;
}

void show_health(const CommandOptions &options, const accel_soft_health &health)
{
	show(options, {{"submitted", uint64_t(health.submitted)},
		       {"completed", uint64_t(health.completed)},
		       {"faults", uint64_t(health.faults)},
		       {"bytes", uint64_t(health.bytes)},
		       {"uptime-ns", uint64_t(health.uptime_ns)},
		       {"workers", uint32_t(health.workers)},
		       {"queues", uint32_t(health.queues)},
		       {"clients", uint32_t(health.clients)},
		       {"wakes", uint32_t(health.wakes)}});
}

void show_errors(const CommandOptions &options, std::span<const accel_soft_error_entry> entries)
{
	Json json = {{"errors", Json::array()}};
	Table table({"TIME", "SEQUENCE", "OPERATION", "STATUS", "FIELD", "ADDRESS"});

	for (const accel_soft_error_entry &entry : entries) {
		std::string operation = operation_name(entry.op);
		std::string status = accel_status_name(entry.status);

		json["errors"].push_back({{"time-ns", uint64_t(entry.time_ns)},
					  {"sequence", uint64_t(entry.sequence)},
					  {"operation", operation},
					  {"status", status},
					  {"field", entry.field},
					  {"address", uint64_t(entry.address)}});
		table.add({fmt::format("{}", uint64_t(entry.time_ns)),
			   fmt::format("{}", uint64_t(entry.sequence)), operation, status,
			   fmt::format("{}", entry.field),
			   fmt::format("0x{:x}", uint64_t(entry.address))});
	}
	if (options.common.json)
		print_json(json);
	else if (entries.empty())
		println("no errors since this process opened the device");
	else
		table.print(true);
}

} // namespace

int identify_command(const accel::Device &device, const CommandOptions &options)
{
	accel_soft_identity identity =
		send(device, options.device, accel::Scope::configuration, accel::soft::identify);

	show(options, {{"model", text(identity.model)},
		       {"firmware", text(identity.firmware)},
		       {"engines", text(identity.engines)},
		       {"workers", uint32_t(identity.workers)},
		       {"operations", operation_names(identity.operations)}});
	return 0;
}

int get_feature_command(const accel::Device &device, const CommandOptions &options)
{
	auto feature = static_cast<accel_soft_feature>(
		line_of(accel_soft_feature_names, options.argument).value);
	uint64_t value = send(device, options.device, accel::Scope::configuration,
			      [&](const accel::CommandChannel &channel) {
				      return accel::soft::get_feature(channel, feature);
			      });

	show(options, {{options.argument, value}});
	return 0;
}

int set_feature_command(const accel::Device &device, const CommandOptions &options)
{
	const accel_name &feature = line_of(accel_soft_feature_names, options.argument);
	// The firmware reports only that it refuses the value.
	std::string what =
		fmt::format("{}: {} {} ({} {} {} are allowed)", options.device, feature.name,
			    options.value, feature.minimum,
			    feature.maximum - feature.minimum == 1 ? "and" : "to", feature.maximum);

	send(device, what, accel::Scope::configuration, [&](const accel::CommandChannel &channel) {
		return accel::soft::set_feature(
			channel, static_cast<accel_soft_feature>(feature.value), options.value);
	});
	return get_feature_command(device, options);
}

int log_command(const accel::Device &device, const CommandOptions &options)
{
	if (line_of(accel_soft_log_page_names, options.argument).value ==
	    ACCEL_SOFT_LOG_PAGE_HEALTH) {
		show_health(options, send(device, options.device, accel::Scope::debug_read,
					  accel::soft::get_health));
		return 0;
	}
	accel_soft_error_entry room[64] = {};

	show_errors(options, send(device, options.device, accel::Scope::debug_read,
				  [&](const accel::CommandChannel &channel) {
					  return accel::soft::get_errors(channel, room);
				  }));
	return 0;
}

int self_test_command(const accel::Device &device, const CommandOptions &options)
{
	auto channel = must("command channel",
			    accel::CommandChannel::create(device, accel::Scope::debug_write));
	accel_soft_self_test_result result = {};
	accel_error error = {};
	// If an engine has failed, the call returns an error and fills in the result.
	int answer = accel_soft_self_test(channel.get(), &result, &error);

	if (answer < 0 && answer != -EIO)
		fail_device(options.device, accel::Error(error));
	show(options, {{"passed", operation_names(result.passed)},
		       {"failed", operation_names(result.failed)},
		       {"duration-ns", uint64_t(result.duration_ns)}});
	return static_cast<int>(answer < 0 || result.failed ? Exit::difference : Exit::ok);
}

int inject_fault_command(const accel::Device &device, const CommandOptions &options)
{
	const accel_name &operation = line_of(accel_soft_op_names, options.argument);

	send(device, options.device, accel::Scope::debug_full,
	     [&](const accel::CommandChannel &channel) {
		     return accel::soft::inject_fault(
			     channel, static_cast<accel_soft_op>(operation.value), options.value);
	     });
	show(options, {{"operation", options.argument}, {"count", options.value}});
	return 0;
}

} // namespace cli
