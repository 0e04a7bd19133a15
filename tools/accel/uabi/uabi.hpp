// SPDX-License-Identifier: MIT
// `accel uabi`: the options of its commands, and their functions, which return the exit code or throw a Failure.
#pragma once

#include "device/library.hpp"

#include <string>
#include <vector>

namespace cli {

struct UabiOptions {
	Common common;
	std::string subject;		    // a device, or a file of a specification
	std::string method;		    // "queue.create"
	std::vector<std::string> arguments; // --NAME VALUE ..., unparsed
};
int uabi_show_command(const UabiOptions &options);
int uabi_call_command(const UabiOptions &options);

} // namespace cli
