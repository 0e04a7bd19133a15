// SPDX-License-Identifier: MIT
// The C interface of libaccel as this program uses it: owners, and failures as exceptions.
#include "device.hpp"

#include "fail.hpp"
#include "output.hpp"

namespace cli {

namespace {

void print_call(void *, const char *text)
{
	std::string line = std::string(text) + "\n";

	fwrite(line.data(), 1, line.size(), stderr);
}

} // namespace

void fail_device(const std::string &what, int result, const accel_error &error)
{
	const accel_error_record &record = error.record;
	std::string text = record.code == result ? record.text : "";

	if (text.empty())
		text = accel_errno_meaning(result);
	text += fmt::format(" ({}", accel_errno_name(result));
	if (record.code == result && record.reason != ACCEL_REASON_NONE)
		text += fmt::format(", {}", accel_reason_name(record.reason));
	text += ")";

	Failure failure(Exit::device, what, text);
	failure.record = record;
	failure.record->code = result;
	throw failure;
}

Device open_device(const std::string &name, const Common &common)
{
	accel_device *device = nullptr;
	accel_error error = {};
	int result = accel_device_open(name.c_str(), &device, &error);

	if (result < 0)
		fail_device(name, result, error);
	Device owner(device);

	result = common.trace ? accel_device_trace(device, print_call, nullptr) : 0;
	if (result < 0)
		note(fmt::format("{}: its calls cannot be traced: {}", name,
				 accel_errno_meaning(result)));
	return owner;
}

accel_device_caps query(accel_device *device, const std::string &name)
{
	accel_device_caps caps{.size = sizeof(caps)};
	accel_error error = {};
	int result = accel_device_query(device, &caps, &error);

	if (result < 0)
		fail_device(name, result, error);
	return caps;
}

AddressSpace create_address_space(accel_device *device, accel_address_mode mode)
{
	accel_address_space *space = nullptr;
	accel_error error = {};
	int result = accel_address_space_create(device, mode, &space, &error);

	if (result < 0)
		fail_device("address space", result, error);
	return AddressSpace(space);
}

Queue create_queue(accel_address_space *space, const accel_queue_options &options)
{
	accel_queue *queue = nullptr;
	accel_error error = {};
	int result = accel_queue_create(space, &options, &queue, &error);

	if (result < 0)
		fail_device("queue", result, error);
	return Queue(queue);
}

Command create_command(accel_device *device, accel_scope scope)
{
	accel_command *command = nullptr;
	accel_error error = {};
	int result = accel_command_create(device, scope, &command, &error);

	if (result < 0)
		fail_device("command channel", result, error);
	return Command(command);
}

std::string execute(accel_command *command, const std::string &request, size_t room)
{
	std::string response(room, '\0');
	accel_error error = {};
	int result = accel_command_execute(command, request.data(), request.size(), response.data(),
					   &room, &error);

	if (result < 0)
		fail_device("command", result, error);
	response.resize(room);
	return response;
}

void call(accel_device *device, const std::string &what, uint16_t object, uint16_t method,
	  std::vector<accel_attribute> &attributes)
{
	accel_error error = {};
	accel_call message = {
		.size = sizeof(message),
		.object = object,
		.method = method,
		.attribute_count = static_cast<uint32_t>(attributes.size()),
		.attributes = reinterpret_cast<uintptr_t>(attributes.data()),
		.error = reinterpret_cast<uintptr_t>(&error.record),
		.error_size = sizeof(error.record),
	};
	int result = accel_device_call(device, &message);

	if (result < 0)
		fail_device(what, result, error);
}

} // namespace cli
