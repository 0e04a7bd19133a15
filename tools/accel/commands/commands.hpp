// SPDX-License-Identifier: MIT
// The commands that need no provider: the options of each, and its function, which returns the exit code or throws a
// Failure.
#pragma once

#include "device/library.hpp"
#include "run/options.hpp"

#include <cstdint>
#include <string>

namespace cli {

struct ListOptions {
	Common common;
	bool names = false; // only the names, for scripts and completions
	bool watch = false; // then a line for each change, until the program is ended
};
int list_command(const ListOptions &options);

struct DeviceOptions {
	Common common;
	std::string device;
};
int info_command(const DeviceOptions &options);

/// Sends bytes to the firmware unchanged.
int raw_command(const CommandOptions &options);

struct ConformOptions {
	Common common;
	std::string device;
	std::string filter;
	bool list = false;
	uint64_t seed = 0;
	unsigned timeout_s = 60;
	bool multi_producer = false;
	bool no_inline = false;
	bool status_phase = false;
	uint32_t parallel = 0;
};
int conform_command(const ConformOptions &options);

struct ErrorsOptions {
	Common common;
	std::string name;
};
int errors_command(const ErrorsOptions &options);

int version_command(const Common &common);

} // namespace cli
