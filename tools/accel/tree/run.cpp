// SPDX-License-Identifier: MIT
// The tree of sub-commands and options: `run` and `bench`, generated from the verbs of the providers.
#include "run/options.hpp"
#include "terminal/names.hpp"
#include "tree/lasting.hpp"
#include "tree/tree.hpp"
#include "verbs/verbs.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fmt/format.h>

namespace cli {

namespace {

constexpr uint64_t kMostChunk = 16 << 20;

/// Returns whether any provider has the option.
bool has_option(bool ProviderVerbs::*option)
{
	return std::ranges::any_of(all_verbs(),
				   [&](const ProviderVerbs *one) { return one->*option; });
}

} // namespace

/// Adds the options that verbs of `run` and `bench` of some providers have.
template <class Options>
void Tree::add_tuning(CLI::App *app, Options &o)
{
	if (Range range = range_of(&ProviderVerbs::workers); range.exists())
		number(app, "--workers", o.workers, range.minimum, range.maximum,
		       "Set the number of workers of the device first");
	if (has_option(&ProviderVerbs::has_faults))
		number(app, "--faults", o.faults, 1, UINT32_MAX,
		       "Make this number of operations fail, to test error handling");
	if (has_option(&ProviderVerbs::has_counters))
		app->add_flag("--counters", o.counters,
			      "Publish the counters of the device for `accel top`");
}

void Tree::add_bench()
{
	BenchOptions &o = lasting<BenchOptions>();
	CLI::App *app = leaf(&app_, "bench", "Measure the speed of a device, and check its results",
			     [&] { return bench_command(o); });
	std::vector<std::string> operations;

	for (const ProviderVerbs *provider : all_verbs())
		for (const accel_name &operation : provider->bench_operations)
			if (std::ranges::find(operations, operation.name) == operations.end())
				operations.emplace_back(operation.name);
	device(app, o.device);
	words(app->add_option("--op", o.operations, "Only this operation; may be repeated")
		      ->allow_extra_args(false),
	      operations);
	numbers(app, "--size", o.sizes, 1, kMostChunk, "Only this many bytes; may be repeated");
	number(app, "--depth", o.depth, 1, 4096,
	       "Descriptors in flight for the throughput (default: 64)");
	seconds(app, "--seconds", o.seconds, 0.001, 3600, "Time for each figure (default: 0.08)");
	if (Range range = range_of(&ProviderVerbs::parallel); range.exists())
		number(app, "--parallel", o.parallel, range.minimum, range.maximum,
		       "Workers that serve the queue at once (default: 1)");
	add_tuning(app, o);
	file(app->add_option("--plot", o.plot, "Also write a plot (SVG)"));
	common(app, o.common, true);
}

void Tree::add_run()
{
	CLI::App *run = group(&app_, "run", "Process files with an accelerator");
	std::string first = default_device();

	for (const RunVerb &verb : run_verbs()) {
		RunOptions &o = lasting<RunOptions>();
		CLI::App *app =
			leaf(run, verb.name, verb.help,
			     [&o, name = std::string(verb.name)] { return run_command(name, o); });
		CLI::Option *option = app->add_option("-d,--device", o.device,
						      fmt::format("Device (default: {})", first));

		o.device = first;
		option->type_name("DEV");
		hints_[option].is_device = true;
		if (Range range = range_of(&ProviderVerbs::parallel); range.exists())
			number(app, "--parallel", o.parallel, range.minimum, range.maximum,
			       "Workers that serve the queue at once (default: all)");
		add_tuning(app, o);
		common(app, o.common, true);
		add_arguments(app, verb.takes, o);
	}
}

/// Adds the arguments of a verb of `run`.
void Tree::add_arguments(CLI::App *app, uint32_t takes, RunOptions &o)
{
	if (takes & kMatrices)
		add_matmul(app, o);
	if (takes & kInput)
		file(app->add_option("FILE", o.input, "Input; - or none: standard input"));
	if (takes & kTwoInputs) {
		file(app->add_option("A", o.input, "First file; -: standard input")->required());
		file(app->add_option("B", o.second, "Second file; -: standard input")->required());
	}
	if (takes & (kOutput | kOutputIfNamed))
		file(app->add_option("-o,--output", o.output,
				     "Output; - or none: standard output"));
	if (takes & kLevel) {
		Range range = range_of(&ProviderVerbs::level);

		number(app, "-l,--level", o.level, range.minimum, range.maximum,
		       fmt::format("{} is fastest, {} is smallest (default: 1)", range.minimum,
				   range.maximum)
			       .c_str());
	}
	if (takes & kPattern) {
		number(app, "-s,--size", o.size, 0, INT64_MAX, "Bytes of the file")->required();
		app->add_option("-p,--pattern", o.pattern,
				"1, 2, 4 or 8 bytes in hexadecimal, in the order of the file "
				"(default: 00)")
			->type_name("HEX");
	}
	CLI::Option *chunk = nullptr;

	if (takes & kChunk)
		chunk = number(app, "--chunk", o.chunk, 4096, kMostChunk,
			       "Bytes of one descriptor (default: 1M)");
	if (takes & kBgzf)
		app->add_flag("--bgzf", o.bgzf, "Write BGZF, the format of bgzip and samtools")
			->excludes(chunk);
}

void Tree::add_matmul(CLI::App *app, RunOptions &o)
{
	Range range = range_of(&ProviderVerbs::matrix);
	std::vector<std::string> types;

	for (const ProviderVerbs *provider : all_verbs())
		for (const accel_name &type : provider->matrix_types)
			types.emplace_back(type.name);
	file(app->add_option("A", o.input,
			     "m rows of k elements, little-endian; without it: random"));
	file(app->add_option("B", o.second, "k rows of n elements; without it: random"));
	number(app, "-m,--m", o.m, range.minimum, range.maximum, "Rows of A and C")->required();
	number(app, "-n,--n", o.n, range.minimum, range.maximum, "Columns of B and C")->required();
	number(app, "-k,--k", o.k, range.minimum, range.maximum, "Columns of A, rows of B")
		->required();
	words(app->add_option("-t,--type", o.type, "Elements of A and B (default: f32)"), types);
	number(app, "--seed", o.seed, 0, UINT64_MAX, "Seed of random matrices (default: 1)");
	app->add_flag("-c,--check", o.check, "Compare C with a plain reference");
}

} // namespace cli
