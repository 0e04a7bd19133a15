// SPDX-License-Identifier: MIT
// The options of `accel run`, `bench` and `command` as plain data.
#pragma once

#include "device/library.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace cli {

/// `accel command ... DEV`: commands of the device's firmware, and raw bytes.
struct CommandOptions {
	Common common;
	std::string device;
	std::string argument; // feature, log page, operation, or hexadecimal bytes
	uint64_t value = 0;
	std::string scope = "configuration";
};

/// `accel run VERB ...`
struct RunOptions {
	Common common;
	std::string device;
	std::string input;  // "" : standard input, if that is not a terminal; "-": standard input
	std::string second; // compare and matmul: the other input
	std::string output; // "" : standard output, if that is not a terminal; "-": standard output
	uint64_t chunk = 1 << 20;
	unsigned parallel = 0; // workers that serve the queue; 0: all of the device
	unsigned workers = 0;  // workers of the device; 0: unchanged
	unsigned faults = 0;   // operations that are made to fail
	unsigned level = 1;
	bool bgzf = false; // deflate: BGZF blocks; the chunk is ignored
	uint64_t size = 0; // fill
	std::string pattern = "00";
	std::string type = "f32"; // matmul
	uint32_t m = 0, n = 0, k = 0;
	uint64_t seed = 1;
	bool check = false;
	bool counters = false; // publish the counters for `accel top`
};

/// `accel bench DEV`
struct BenchOptions {
	Common common;
	std::string device;
	std::vector<std::string> operations; // empty: all
	std::vector<uint64_t> sizes;	     // empty: the default sizes of the operation
	uint32_t depth = 64;
	double seconds = 0.08; // for each figure
	unsigned parallel = 1;
	unsigned workers = 0;  // workers of the device; 0: unchanged
	unsigned faults = 0;   // of the first operation, made to fail
	bool counters = false; // publish the counters for `accel top`
	std::string plot;
};

} // namespace cli
