// SPDX-License-Identifier: MIT
// The verbs of `accel run`, `bench` and `command` that one provider has, as plain data.
#pragma once

#include "run/options.hpp"

#include <accel/accel.hpp>
#include <accel/names.h>
#include <cstdint>
#include <span>

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

} // namespace cli
