// SPDX-License-Identifier: MIT
// `accel command raw DEV HEX`: sends bytes to the firmware of a device unchanged.
#include "commands/commands.hpp"
#include "terminal/fail.hpp"
#include "terminal/names.hpp"
#include "terminal/output.hpp"
#include "uabi/message.hpp"

#include <nlohmann/json.hpp>
#include <optional>

namespace cli {

namespace {

constexpr size_t kMostAnswer = 2 << 20;

} // namespace

int raw_command(const CommandOptions &options)
{
	std::optional<std::string> request = read_bytes(options.argument);

	if (!request)
		fail(Exit::usage, "command raw",
		     "'{}' is not allowed; allowed: hexadecimal digits, two for each byte, or "
		     "@FILE",
		     options.argument);
	accel::Device device = open_device(options.device, options.common);
	auto scope = static_cast<accel::Scope>(line_of(accel_scope_names, options.scope).value);
	auto channel = must("command channel", accel::CommandChannel::create(device, scope));
	std::string answer = execute(channel, *request, kMostAnswer);

	if (options.common.json)
		print_json({{"response", hex_text(answer)}, {"bytes", answer.size()}});
	for (size_t at = 0; !options.common.json && at < answer.size(); at += 16)
		println("{:08x}  {}", at, hex_text(std::string_view(answer).substr(at, 16)));
	return 0;
}

} // namespace cli
