// SPDX-License-Identifier: MIT
// `accel command DEV ...`: the firmware commands of the soft accelerator, and raw bytes to any device.
#include "fail.hpp"
#include "options.hpp"
#include "output.hpp"
#include "soft_names.hpp"
#include "uabi_message.hpp"

#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>
#include <uapi/accel/soft.h>

namespace cli {

namespace {

constexpr size_t kMostAnswer = 2 << 20;

/// Open the device, send one command of the soft accelerator, and return what follows the head.
std::string ask(const CommandOptions &options, accel_scope scope, unsigned opcode,
		unsigned argument, uint64_t value, bool may_fail = false)
{
	Device device = open_device(options.device, options.common);

	if (accel_device_provider(device.get()) != std::string("soft"))
		fail(Exit::device, options.device,
		     "the commands of the provider '{}' are not known here; use `accel command "
		     "raw`",
		     accel_device_provider(device.get()));
	Command command = create_command(device.get(), scope);
	accel_soft_command_request request = {};
	accel_soft_command_response response = {};

	request.opcode = opcode;
	request.argument = argument;
	request.value = value;
	std::string answer = execute(
		command.get(), {reinterpret_cast<char *>(&request), sizeof(request)}, kMostAnswer);

	if (answer.size() < sizeof(response))
		fail(Exit::device, options.device,
		     "its answer has {} bytes, fewer than its head needs", answer.size());
	memcpy(&response, answer.data(), sizeof(response));
	bool failed_test = may_fail && response.status == ACCEL_SOFT_COMMAND_STATUS_FAILED;

	if (response.status != ACCEL_SOFT_COMMAND_STATUS_SUCCESS && !failed_test)
		fail(Exit::device, options.device, "the firmware answered: {}",
		     command_status_text(response.status));
	return answer.substr(sizeof(response), response.length);
}

/// The structure at @at of an answer; what an older firmware does not send is zero.
template <class T>
T structure(const std::string &answer, size_t at = 0)
{
	T value = {};

	if (at < answer.size())
		memcpy(&value, answer.data() + at, std::min(sizeof(value), answer.size() - at));
	return value;
}

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

unsigned feature_number(const std::string &name)
{
	return name == "workers" ? ACCEL_SOFT_FEATURE_WORKERS : ACCEL_SOFT_FEATURE_SPIN_NS;
}

void show_feature(const CommandOptions &options, const std::string &answer)
{
	auto feature = structure<accel_soft_feature_value>(answer);

	show(options, {{options.argument, uint64_t(feature.value)}});
}

void show_health(const CommandOptions &options, const std::string &answer)
{
	auto health = structure<accel_soft_health>(answer);

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

void show_errors(const CommandOptions &options, const std::string &answer)
{
	Json json = {{"errors", Json::array()}};
	Table table({"TIME", "SEQUENCE", "OPERATION", "STATUS", "FIELD", "ADDRESS"});

	for (size_t at = 0; at + sizeof(accel_soft_error_entry) <= answer.size();
	     at += sizeof(accel_soft_error_entry)) {
		auto entry = structure<accel_soft_error_entry>(answer, at);
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
	else if (json["errors"].empty())
		say("no errors since the device came up in this process");
	else
		table.print(true);
}

} // namespace

int identify_command(const CommandOptions &options)
{
	auto identity = structure<accel_soft_identity>(
		ask(options, ACCEL_SCOPE_CONFIGURATION, ACCEL_SOFT_OPCODE_IDENTIFY, 0, 0));

	show(options, {{"model", text(identity.model)},
		       {"firmware", text(identity.firmware)},
		       {"engines", text(identity.engines)},
		       {"workers", uint32_t(identity.workers)},
		       {"operations", operation_names(identity.operations)}});
	return 0;
}

int get_feature_command(const CommandOptions &options)
{
	show_feature(options, ask(options, ACCEL_SCOPE_CONFIGURATION, ACCEL_SOFT_OPCODE_GET_FEATURE,
				  feature_number(options.argument), 0));
	return 0;
}

int set_feature_command(const CommandOptions &options)
{
	show_feature(options, ask(options, ACCEL_SCOPE_CONFIGURATION, ACCEL_SOFT_OPCODE_SET_FEATURE,
				  feature_number(options.argument), options.value));
	return 0;
}

int log_command(const CommandOptions &options)
{
	bool health = options.argument == "health";
	unsigned page = health ? ACCEL_SOFT_LOG_PAGE_HEALTH : ACCEL_SOFT_LOG_PAGE_ERRORS;
	std::string answer =
		ask(options, ACCEL_SCOPE_DEBUG_READ, ACCEL_SOFT_OPCODE_GET_LOG, page, 0);

	if (health)
		show_health(options, answer);
	else
		show_errors(options, answer);
	return 0;
}

int self_test_command(const CommandOptions &options)
{
	auto result = structure<accel_soft_self_test_result>(
		ask(options, ACCEL_SCOPE_DEBUG_WRITE, ACCEL_SOFT_OPCODE_SELF_TEST, 0, 0, true));

	show(options, {{"passed", operation_names(result.passed)},
		       {"failed", operation_names(result.failed)},
		       {"duration-ns", uint64_t(result.duration_ns)}});
	return static_cast<int>(result.failed ? Exit::difference : Exit::ok);
}

int inject_fault_command(const CommandOptions &options)
{
	ask(options, ACCEL_SCOPE_DEBUG_FULL, ACCEL_SOFT_OPCODE_INJECT_FAULT,
	    operation_number(options.argument), options.value);
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
