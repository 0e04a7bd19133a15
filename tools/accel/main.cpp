// SPDX-License-Identifier: MIT
// The program `accel`: parse the command line, run one sub-command, say how it ended.
#include "fail.hpp"
#include "output.hpp"
#include "signals.hpp"
#include "text.hpp"
#include "tree.hpp"

#include <algorithm>
#include <fcntl.h>
#include <new>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <unistd.h>

namespace {

using namespace cli;

/// A standard stream that is closed would be the next file that is opened, and what is printed would go into it.
/// What stands in for it refuses what the stream is for, as a closed one does.
void hold_standard_streams()
{
	for (int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
		if (fcntl(fd, F_GETFD) < 0)
			static_cast<void>(
				open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY));
}

Json error_json(const Failure &failure)
{
	Json json = {{"message", failure.line}, {"exit", static_cast<int>(failure.code)}};

	if (failure.record) {
		const accel_error_record &record = *failure.record;

		json["errno"] = accel_errno_name(record.code);
		json["reason"] = accel_reason_name(record.reason);
		json["object"] = record.object;
		json["method"] = record.method;
		json["attribute"] = record.attribute;
		json["value"] = record.value;
		json["minimum"] = record.minimum;
		json["maximum"] = record.maximum;
		json["text"] = record.text;
	}
	return {{"error", json}};
}

int failed(const Failure &failure, bool json)
{
	note(failure.line);
	if (!failure.hint.empty())
		note(failure.hint);
	if (json) {
		try {
			print_json(error_json(failure));
			finish_output();
		} catch (const Failure &) {
			return static_cast<int>(failure.code); // the line on stderr has said it
		}
	}
	return static_cast<int>(failure.code);
}

} // namespace

int main(int argc, char **argv)
{
	hold_standard_streams();
	set_charset();
	install_signals();
	// Looked for before the command line is understood: what is wrong with that is said as JSON, too.
	const bool json = std::find(argv, argv + argc, std::string_view("--json")) != argv + argc;

	try {
		Tree tree;
		std::optional<int> code = tree.parse(argc, argv);

		if (!code) {
			code = tree.run();
			finish_output();
		}
		return *code;
	} catch (const Failure &failure) {
		return failed(failure, json);
	} catch (const std::bad_alloc &) {
		note("there is not enough memory");
	} catch (const std::exception &error) {
		note(error.what());
	}
	return static_cast<int>(Exit::resources);
}
