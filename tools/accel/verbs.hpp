// SPDX-License-Identifier: MIT
// The verbs of `accel run`, `bench`, `command` and `top` for the devices of each provider. A provider has one entry
// here, which uses its public header; no other part of this program depends on the provider of a device.
#pragma once

#include "options.hpp"

#include <accel/accel.hpp>
#include <accel/names.h>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace cli {

/// The arguments of a verb of `accel run` besides the device.
enum RunArgument : uint32_t {
	kInput = 1 << 0,	 // FILE: options.input
	kTwoInputs = 1 << 1,	 // A B: options.input, options.second
	kOutput = 1 << 2,	 // --output; without it: standard output
	kOutputIfNamed = 1 << 3, // --output; without it: nothing is written
	kChunk = 1 << 4,	 // --chunk
	kLevel = 1 << 5,	 // --level
	kPattern = 1 << 6,	 // --size and --pattern
	kMatrices = 1 << 7,	 // [A B], shape, type and seed
	kBgzf = 1 << 8,		 // --bgzf
};

/// One verb of `accel run`. Verbs of the same name do the same for all providers.
struct RunVerb {
	const char *name;
	const char *help; // one line
	uint32_t takes;	  // RunArgument bits
	/// Returns the exit code; throws failures. The caller keeps the device.
	int (*run)(const accel::Device &device, const RunOptions &options);
};

/// One sub-command of `accel command`.
struct CommandVerb {
	const char *name;
	const char *help;
	const char *argument = nullptr; // "FEATURE", options.argument; or none
	const char *argument_help = nullptr;
	std::span<const accel_name> words = {}; // the allowed arguments
	const char *value = nullptr;		// "VALUE", options.value; or none
	const char *value_help = nullptr;
	int (*run)(const accel::Device &device, const CommandOptions &options) = nullptr;
};

/// The range of an option. Default: the provider does not support the option.
struct Range {
	uint64_t minimum = 0;
	uint64_t maximum = 0;

	bool exists() const { return maximum != 0; }
};

struct ProviderVerbs {
	const char *provider;		      // as in Device::provider()
	const char *default_device = nullptr; // one that exists on every machine; or none
	std::span<const RunVerb> run = {};
	std::span<const CommandVerb> commands = {};
	/// `accel bench` and the operations for --op; nullptr: not supported.
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

/// Returns the verbs of all providers for the command line, each name once with the arguments of all providers.
std::vector<RunVerb> run_verbs();
std::vector<CommandVerb> command_verbs();
/// Returns the range that contains those of all providers.
Range range_of(Range ProviderVerbs::*option);
/// Returns the default device of a command.
std::string default_device();

/// Runs the verb on the device of the options. Throws if its provider does not support it; the message lists the
/// supported verbs.
int run_command(const std::string &verb, const RunOptions &options);
int command_command(const std::string &verb, const CommandOptions &options);
int bench_command(const BenchOptions &options);

} // namespace cli
