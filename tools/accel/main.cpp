// SPDX-License-Identifier: MIT
// The program `accel`: parses the command line, runs one sub-command, reports its failure.
#include "terminal/fail.hpp"
#include "terminal/output.hpp"
#include "terminal/signals.hpp"
#include "terminal/text.hpp"
#include "tree/tree.hpp"

#include <algorithm>
#include <fcntl.h>
#include <new>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <unistd.h>

namespace {

using namespace cli;

/// Opens /dev/null in place of closed standard streams: otherwise the next opened file would get the number of the
/// stream, and messages would be written into it. The access mode makes reads and writes fail as on a closed stream.
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
			return static_cast<int>(failure.code); // stderr has the message
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
	// Search before parsing: errors of the command line are reported as JSON, too.
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
		note("out of memory");
	} catch (const std::exception &error) {
		note(error.what());
	}
	return static_cast<int>(Exit::resources);
}
