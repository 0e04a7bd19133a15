// SPDX-License-Identifier: MIT
// The verbs of the soft accelerator.
#include "verbs/soft/verbs.hpp"

#include "verbs/soft/bench/bench.hpp"
#include "verbs/soft/run/run.hpp"

#include <accel/soft_names.h>

namespace cli {

namespace {

constexpr RunVerb kRun[] = {
	{"deflate", "Compress: one gzip member for each chunk",
	 kInput | kOutput | kLevel | kChunk | kBgzf, run_deflate},
	{"inflate", "Decompress gzip data of any program", kInput | kOutput, run_inflate},
	{"crc32c", "Print the CRC-32C of a file", kInput | kChunk, run_crc32c},
	{"copy", "Copy a file", kInput | kOutput | kChunk, run_copy},
	{"fill", "Fill a file with a repeated pattern", kOutput | kPattern | kChunk, run_fill},
	{"compare", "Find the first difference between two files", kTwoInputs | kChunk,
	 run_compare},
	{"matmul", "Multiply two matrices: C = A × B", kMatrices | kOutputIfNamed, run_matmul},
};

constexpr const char *kFeatureHelp = "workers, spin-ns or counters";

constexpr CommandVerb kCommands[] = {
	{.name = "identify",
	 .help = "Print model, firmware and operations",
	 .run = identify_command},
	{.name = "get-feature",
	 .help = "Read a setting",
	 .argument = "FEATURE",
	 .argument_help = kFeatureHelp,
	 .words = accel_soft_feature_names,
	 .run = get_feature_command},
	{.name = "set-feature",
	 .help = "Change a setting",
	 .argument = "FEATURE",
	 .argument_help = kFeatureHelp,
	 .words = accel_soft_feature_names,
	 .value = "VALUE",
	 .value_help = "New value",
	 .run = set_feature_command},
	{.name = "log",
	 .help = "Read a log page",
	 .argument = "PAGE",
	 .argument_help = "health or errors",
	 .words = accel_soft_log_page_names,
	 .run = log_command},
	{.name = "self-test", .help = "Run every engine on known data", .run = self_test_command},
	{.name = "inject-fault",
	 .help = "Make operations of this process fail",
	 .argument = "OP",
	 .argument_help = "Operation to fail",
	 .words = accel_soft_op_names,
	 .value = "COUNT",
	 .value_help = "How many times",
	 .run = inject_fault_command},
};

constexpr uint64_t kMostLevel = 3; // of deflate

} // namespace

const ProviderVerbs soft_verbs = {
	.provider = "soft",
	.default_device = "soft0",
	.run = kRun,
	.commands = kCommands,
	.bench = soft_bench,
	.bench_operations = kBenchOperations,
	.parallel = {1, ACCEL_SOFT_MAX_PARALLEL},
	.workers = {1, ACCEL_SOFT_MAX_WORKERS},
	.level = {0, kMostLevel},
	.matrix = {1, ACCEL_SOFT_MAX_MATRIX},
	.matrix_types = accel_soft_matrix_type_names,
	.has_faults = true,
	.has_counters = true,
};

} // namespace cli
