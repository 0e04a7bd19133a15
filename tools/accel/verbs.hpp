// SPDX-License-Identifier: MIT
// What `accel run`, `bench`, `command` and `top` can do with the devices of each provider. A provider has one
// entry here, made through its public header; nothing else in this program asks which provider a device has.
#pragma once

#include "options.hpp"

#include <accel/accel.hpp>
#include <accel/names.h>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace cli {

/// What a verb of `accel run` takes from the command line besides the device.
enum RunArgument : uint32_t {
	kInput = 1 << 0,	 // FILE: options.input
	kTwoInputs = 1 << 1,	 // A B: options.input, options.second
	kOutput = 1 << 2,	 // --output; without it: standard output
	kOutputIfNamed = 1 << 3, // --output; without it: nothing is written
	kChunk = 1 << 4,	 // --chunk
	kLevel = 1 << 5,	 // --level
	kPattern = 1 << 6,	 // --size and --pattern
	kMatrices = 1 << 7,	 // [A B] and what describes them
	kBgzf = 1 << 8,		 // --bgzf
};

/// One verb of `accel run`. Verbs of the same name do the same with the devices of every provider.
struct RunVerb {
	const char *name;
	const char *help; // one line
	uint32_t takes;	  // RunArgument bits
	/// The exit code; failures are thrown. The device is the caller's.
	int (*run)(const accel::Device &device, const RunOptions &options);
};

/// One sub-command of `accel command`, which talks to the firmware.
struct CommandVerb {
	const char *name;
	const char *help;
	const char *argument = nullptr; // "FEATURE", options.argument; or none
	const char *argument_help = nullptr;
	std::span<const accel_name> words = {}; // what it may be
	const char *value = nullptr;		// "VALUE", options.value; or none
	const char *value_help = nullptr;
	int (*run)(const accel::Device &device, const CommandOptions &options) = nullptr;
};

/// The numbers that an option may have. None: the provider does not have the option.
struct Range {
	uint64_t minimum = 0;
	uint64_t maximum = 0;

	bool is_there() const { return maximum != 0; }
};

struct ProviderVerbs {
	const char *provider;		      // as Device::provider() says
	const char *default_device = nullptr; // one that every machine has; or none
	std::span<const RunVerb> run = {};
	std::span<const CommandVerb> commands = {};
	/// `accel bench`, and what --op may name; nullptr: it cannot be measured.
	int (*bench)(const accel::Device &device, const BenchOptions &options) = nullptr;
	std::span<const accel_name> bench_operations = {};
	// Options of `run` and `bench`.
	Range parallel = {}; // --parallel
	Range workers = {};  // --workers
	Range level = {};    // --level
	Range matrix = {};   // rows and columns
	std::span<const accel_name> matrix_types = {};
	bool has_faults = false;   // --faults
	bool has_counters = false; // --counters, and with it `accel top`
};

/// One line for each provider; the list is in verbs.cpp.
extern const ProviderVerbs soft_verbs; // soft_verbs.cpp
extern const ProviderVerbs idxd_verbs; // run_idxd.cpp
extern const ProviderVerbs qaic_verbs; // run_qaic.cpp

std::span<const ProviderVerbs *const> all_verbs();

/// For the command line: the verbs of all providers, each name once with all that it takes anywhere.
std::vector<RunVerb> run_verbs();
std::vector<CommandVerb> command_verbs();
/// The widest range that a provider has.
Range range_of(Range ProviderVerbs::*option);
/// The device that a command without one means.
std::string default_device();

/// Do it with the device that the options name. Throws if its provider does not have the verb, and lists those that
/// it has.
int run_command(const std::string &verb, const RunOptions &options);
int command_command(const std::string &verb, const CommandOptions &options);
int bench_command(const BenchOptions &options);

} // namespace cli
