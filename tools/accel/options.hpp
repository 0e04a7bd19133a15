// SPDX-License-Identifier: MIT
// The parsed command line as plain data, and one function for each sub-command, which returns the exit code or throws
// a Failure.
#pragma once

#include "library.hpp"

#include <cstdint>
#include <string>
#include <vector>

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

/// `accel command ... DEV`: commands of the device's firmware, and raw bytes.
struct CommandOptions {
	Common common;
	std::string device;
	std::string argument; // feature, log page, operation, or hexadecimal bytes
	uint64_t value = 0;
	std::string scope = "configuration";
};
int raw_command(const CommandOptions &options);

struct UabiOptions {
	Common common;
	std::string subject;		    // a device, or a file of a specification
	std::string method;		    // "queue.create"
	std::vector<std::string> arguments; // --NAME VALUE ..., unparsed
};
int uabi_show_command(const UabiOptions &options);
int uabi_call_command(const UabiOptions &options);

/// `accel run VERB ...`; verbs.hpp has the verbs.
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

/// `accel top`
struct TopOptions {
	Common common;
	double interval = 1; // seconds
	uint64_t count = 0;  // blocks; 0: no limit
};
int top_command(const TopOptions &options);

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
