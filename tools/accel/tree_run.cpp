// SPDX-License-Identifier: MIT
// The tree of sub-commands and options: `run`, and the tree without CLI11's types.
#include "tree.hpp"

#include "options.hpp"

#include <CLI/CLI.hpp>
#include <uapi/accel/soft.h>

namespace cli {

namespace {

constexpr uint64_t kMostChunk = 16 << 20;
constexpr uint64_t kMostMatrix = ACCEL_SOFT_MAX_MATRIX;

RunOptions run_options;

} // namespace

void Tree::add_run()
{
	RunOptions &o = run_options;
	CLI::App *run = group(&app_, "run", "Let the accelerator work on files");
	auto add = [&](const char *name, const char *description,
		       int (*function)(const RunOptions &)) {
		CLI::App *app =
			leaf(run, name, description, [&o, function] { return function(o); });
		CLI::Option *option =
			app->add_option("-d,--device", o.device, "Device (default: soft0)");

		option->type_name("DEV");
		hints_[option].is_device = true;
		number(app, "--parallel", o.parallel, 1, ACCEL_SOFT_MAX_PARALLEL,
		       "Workers that serve the queue at once (default: all)");
		number(app, "--workers", o.workers, 1, ACCEL_SOFT_MAX_WORKERS,
		       "Set the number of the device's workers first");
		number(app, "--faults", o.faults, 1, UINT32_MAX,
		       "Make so many operations fail, to see what then happens");
		common(app, o.common, true);
		return app;
	};
	auto input = [&](CLI::App *app) {
		file(app->add_option("FILE", o.input, "Input; - or nothing: standard input"));
	};
	auto output = [&](CLI::App *app) {
		file(app->add_option("-o,--output", o.output,
				     "Output; - or nothing: standard output"));
	};
	auto chunk = [&](CLI::App *app) {
		number(app, "--chunk", o.chunk, 4096, kMostChunk,
		       "Bytes of one descriptor (default: 1M)");
	};
	CLI::App *app = add("deflate", "Compress: one gzip member for each chunk", run_deflate);

	input(app);
	output(app);
	number(app, "-l,--level", o.level, 0, 3, "0 is fastest, 3 is smallest (default: 1)");
	chunk(app);
	app = add("inflate", "Decompress what gzip, pigz and others wrote", run_inflate);
	input(app);
	output(app);
	app = add("crc32c", "Print the CRC-32C of a file", run_crc32c);
	input(app);
	chunk(app);
	app = add("copy", "Copy a file", run_copy);
	input(app);
	output(app);
	chunk(app);
	app = add("fill", "Make a file of a repeated pattern", run_fill);
	output(app);
	number(app, "-s,--size", o.size, 0, INT64_MAX, "Bytes of the file")->required();
	app->add_option("-p,--pattern", o.pattern,
			"1, 2, 4 or 8 bytes, hexadecimal, in the file's order (default: 00)")
		->type_name("HEX");
	chunk(app);
	app = add("compare", "Find the first difference of two files", run_compare);
	file(app->add_option("A", o.input, "One file; -: standard input")->required());
	file(app->add_option("B", o.second, "The other; -: standard input")->required());
	chunk(app);
	app = add("matmul", "Multiply two matrices: C = A × B", run_matmul);
	add_matmul(app);
	output(app);
}

void Tree::add_matmul(CLI::App *app)
{
	RunOptions &o = run_options;

	file(app->add_option("A", o.input,
			     "m rows of k elements, little-endian; without it: random"));
	file(app->add_option("B", o.second, "k rows of n elements; without it: random"));
	number(app, "-m,--m", o.m, 1, kMostMatrix, "Rows of A and C")->required();
	number(app, "-n,--n", o.n, 1, kMostMatrix, "Columns of B and C")->required();
	number(app, "-k,--k", o.k, 1, kMostMatrix, "Columns of A, rows of B")->required();
	words(app->add_option("-t,--type", o.type, "Elements of A and B (default: f32)"),
	      {"f32", "bf16", "s8"});
	number(app, "--seed", o.seed, 0, UINT64_MAX, "Seed of random matrices (default: 1)");
	app->add_flag("-c,--check", o.check, "Compare C with a plain reference");
}

Argument Tree::argument(const CLI::Option *option) const
{
	auto hint = hints_.find(option);
	Argument argument = hint == hints_.end() ? Argument() : hint->second;

	argument.description = option->get_description();
	if (option->get_positional()) {
		argument.name = option->get_name();
		return argument;
	}
	if (!option->get_snames().empty())
		argument.letter = "-" + option->get_snames().front();
	if (!option->get_lnames().empty())
		argument.name = "--" + option->get_lnames().front();
	if (option->get_items_expected_max() > 0)
		argument.value = option->get_type_name();
	return argument;
}

Node Tree::node(const CLI::App *app) const
{
	Node node{app->get_name(), app->get_description(), {}, {}, {}};

	for (const CLI::Option *option : app->get_options())
		(option->get_positional() ? node.positionals : node.options)
			.push_back(argument(option));
	for (const CLI::App *child : app->get_subcommands([](const CLI::App *) { return true; }))
		node.children.push_back(this->node(child));
	return node;
}

Node Tree::root() const
{
	return node(&app_);
}

} // namespace cli
