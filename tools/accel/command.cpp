// SPDX-License-Identifier: MIT
// `accel command DEV ...`: the firmware commands of the soft accelerator, and raw bytes to any device.
#include "fail.hpp"
#include "options.hpp"
#include "output.hpp"
#include "soft_names.hpp"
#include "uabi_message.hpp"

#include <accel/soft.h>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>

namespace cli {

namespace {

constexpr size_t kMostAnswer = 2 << 20;

/// A device and a channel to the firmware of a soft accelerator.
struct Channel {
	Channel(const CommandOptions &options, accel_scope scope)
		: name(options.device), device(open_device(name, options.common))
	{
		if (accel_device_provider(device.get()) != std::string("soft"))
			fail(Exit::device, name,
			     "the commands of the provider '{}' are not known here; use `accel "
			     "command "
			     "raw`",
			     accel_device_provider(device.get()));
		command = create_command(device.get(), scope);
	}

	/// Do one command: @function is one of accel/soft.h, @arguments are those between its channel and
	/// its error.
	template <class Function, class... T>
	int operator()(Function function, T... arguments)
	{
		accel_error error = {};
		int result = function(command.get(), arguments..., &error);

		if (result < 0 && !(result == -EIO && may_fail))
			fail_device(name, result, error);
		return result;
	}

	std::string name;
	Device device;
	Command command;
	bool may_fail = false; // the firmware may answer that a test failed
};

template <size_t N>
std::string text(const char (&field)[N])
{
	return {field, strnlen(field, N)};
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

accel_soft_feature feature_number(const std::string &name)
{
	return name == "workers" ? ACCEL_SOFT_FEATURE_WORKERS :
	       name == "spin-ns" ? ACCEL_SOFT_FEATURE_SPIN_NS :
				   ACCEL_SOFT_FEATURE_COUNTERS;
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
		say("no errors since the device came up in this process");
	else
		table.print(true);
}

} // namespace

int identify_command(const CommandOptions &options)
{
	Channel channel(options, ACCEL_SCOPE_CONFIGURATION);
	accel_soft_identity identity = {};

	channel(accel_soft_identify, &identity);
	show(options, {{"model", text(identity.model)},
		       {"firmware", text(identity.firmware)},
		       {"engines", text(identity.engines)},
		       {"workers", uint32_t(identity.workers)},
		       {"operations", operation_names(identity.operations)}});
	return 0;
}

int get_feature_command(const CommandOptions &options)
{
	Channel channel(options, ACCEL_SCOPE_CONFIGURATION);
	uint64_t value = 0;

	channel(accel_soft_get_feature, feature_number(options.argument), &value);
	show(options, {{options.argument, value}});
	return 0;
}

int set_feature_command(const CommandOptions &options)
{
	Channel channel(options, ACCEL_SCOPE_CONFIGURATION);
	uint64_t value = 0;

	// The firmware says only that it refuses.
	channel.name += fmt::format(": {} {} ({} are allowed)", options.argument, options.value,
				    options.argument == "workers" ? "1 to 64" :
				    options.argument == "spin-ns" ? "0 to 1000000" :
								    "0 and 1");
	channel(accel_soft_set_feature, feature_number(options.argument), options.value);
	channel(accel_soft_get_feature, feature_number(options.argument), &value);
	show(options, {{options.argument, value}});
	return 0;
}

int log_command(const CommandOptions &options)
{
	Channel channel(options, ACCEL_SCOPE_DEBUG_READ);

	if (options.argument == "health") {
		accel_soft_health health = {};

		channel(accel_soft_get_health, &health);
		show_health(options, health);
	} else {
		accel_soft_error_entry entries[64] = {};
		size_t count = std::size(entries);

		channel(accel_soft_get_errors, entries, &count);
		show_errors(options, {entries, std::min(count, std::size(entries))});
	}
	return 0;
}

int self_test_command(const CommandOptions &options)
{
	Channel channel(options, ACCEL_SCOPE_DEBUG_WRITE);
	accel_soft_self_test_result result = {};

	channel.may_fail = true;
	int answer = channel(accel_soft_self_test, &result);

	show(options, {{"passed", operation_names(result.passed)},
		       {"failed", operation_names(result.failed)},
		       {"duration-ns", uint64_t(result.duration_ns)}});
	return static_cast<int>(answer < 0 || result.failed ? Exit::difference : Exit::ok);
}

int inject_fault_command(const CommandOptions &options)
{
	Channel channel(options, ACCEL_SCOPE_DEBUG_FULL);

	channel(accel_soft_inject_fault,
		static_cast<accel_soft_op>(operation_number(options.argument)), options.value);
	show(options, {{"operation", options.argument}, {"count", options.value}});
	return 0;
}

int raw_command(const CommandOptions &options)
{
	std::optional<std::string> request = read_bytes(options.argument);

	if (!request)
		fail(Exit::usage, "command raw",
		     "'{}' is not allowed; allowed: hexadecimal digits, two for each byte, or "
		     "@FILE",
		     options.argument);
	Device device = open_device(options.device, options.common);
	Command command = create_command(device.get(), scope_of(options.scope));
	std::string answer = execute(command.get(), *request, kMostAnswer);

	if (options.common.json)
		print_json({{"response", hex_text(answer)}, {"bytes", answer.size()}});
	for (size_t at = 0; !options.common.json && at < answer.size(); at += 16)
		say("{:08x}  {}", at, hex_text(std::string_view(answer).substr(at, 16)));
	return 0;
}

} // namespace cli
