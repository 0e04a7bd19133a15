// SPDX-License-Identifier: MIT
// `accel conform DEV`: tests a device against the numbered obligations of docs/provider.md.
#include "commands/commands.hpp"
#include "terminal/fail.hpp"
#include "terminal/output.hpp"

#include "conform/conform.hpp"

namespace cli {

int conform_command(const ConformOptions &options)
{
	accel::conform::Options what;

	what.device = options.device;
	what.filter = options.filter;
	what.list = options.list;
	what.json = options.common.json;
	what.seed = options.seed;
	what.timeout_s = options.timeout_s;
	what.multi_producer = options.multi_producer;
	what.no_inline = options.no_inline;
	what.status_phase = options.status_phase;
	what.parallel = options.parallel;
	// Flush each line: the reader sees the progress, and a forked child inherits no buffered text.
	auto write = [](std::string_view text) {
		print(text);
		finish_output();
	};

	try {
		bool passed = accel::conform::run(what, write);

		return static_cast<int>(passed ? Exit::ok : Exit::difference);
	} catch (const accel::conform::NothingRun &nothing) {
		fail(Exit::device, "conform", "{}", nothing.what());
	}
}

} // namespace cli
