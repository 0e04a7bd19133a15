// SPDX-License-Identifier: MIT
// Calls of the library that throw on failure.
#include "device/library.hpp"

#include "terminal/fail.hpp"
#include "terminal/output.hpp"
#include "terminal/text.hpp"

namespace cli {

namespace {

void print_call(void *, const char *text)
{
	std::string line = escaped(in_charset(text)) + "\n";

	fwrite(line.data(), 1, line.size(), stderr);
}

} // namespace

void fail_device(const std::string &what, const accel::Error &error)
{
	std::string text(error.message());

	if (text.empty())
		text = accel_errno_meaning(error.code());
	text += fmt::format(" ({}", error.name());
	if (error.reason() != ACCEL_REASON_NONE)
		text += fmt::format(", {}", error.reason_name());
	text += ")";

	Failure failure(exit_of(error.code(), Exit::device), what, text);
	failure.record = error.raw().record;
	throw failure;
}

accel::Device open_device(const std::string &name, const Common &common)
{
	accel::Device device = must(name, accel::Device::open(name.c_str()));
	int result = common.trace ? device.trace(print_call, nullptr) : 0;

	if (result < 0)
		note(fmt::format("{}: cannot trace its calls: {}", name,
				 accel_errno_meaning(result)));
	return device;
}

std::string execute(const accel::CommandChannel &channel, const std::string &request, size_t room)
{
	std::string response(room, '\0');

	response.resize(
		must("command", channel.execute(std::as_bytes(std::span(request)),
						std::as_writable_bytes(std::span(response)))));
	return response;
}

void call(const accel::Device &device, const std::string &what, uint16_t object, uint16_t method,
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
	int result = device.call(message);

	if (result >= 0)
		return;
	// A record with another errno was not filled in by this call.
	if (error.record.code != result)
		error = {.record = {.code = result}};
	fail_device(what, accel::Error(error));
}

} // namespace cli
