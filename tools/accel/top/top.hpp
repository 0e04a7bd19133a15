// SPDX-License-Identifier: MIT
// `accel top`: its options, and its function, which returns the exit code or throws a Failure.
#pragma once

#include "device/library.hpp"

#include <cstdint>

namespace cli {

struct TopOptions {
	Common common;
	double interval = 1; // seconds
	uint64_t count = 0;  // blocks; 0: no limit
};
int top_command(const TopOptions &options);

} // namespace cli
