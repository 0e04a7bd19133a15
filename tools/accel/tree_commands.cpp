// SPDX-License-Identifier: MIT
// The tree of sub-commands and options: all of them.
#include "options.hpp"
#include "output.hpp"
#include "tree.hpp"

#include <CLI/CLI.hpp>
#include <memory>
#include <uapi/accel/soft.h>

namespace cli {

namespace {

constexpr uint64_t kMostChunk = 16 << 20;
constexpr uint64_t kMostMatrix = ACCEL_SOFT_MAX_MATRIX;

// The options live as long as the program: CLI11 keeps references to them.
template <class T>
T &lasting()
{
	static std::vector<std::unique_ptr<T>> all;

	return *all.emplace_back(std::make_unique<T>());
}

} // namespace

void Tree::add_top()
{
	ListOptions &list = lasting<ListOptions>();
	CLI::App *app = leaf(&app_, "list", "List the accelerators, and why one cannot be used",
			     [&] { return list_command(list); });

	CLI::Option *names =
		app->add_flag("--names", list.names, "Print only the names, one a line");

	app->add_flag("--watch", list.watch, "Then print a line for each that comes or goes")
		->excludes(names);
	common(app, list.common, false);

	DeviceOptions &info = lasting<DeviceOptions>();

	app = leaf(&app_, "info", "Show what a device is, has and can",
		   [&] { return info_command(info); });
	device(app, info.device);
	common(app, info.common, true);

	ErrorsOptions &errors = lasting<ErrorsOptions>();

	app = leaf(&app_, "errors", "Explain the errors: what each means, and what to do",
		   [&] { return errors_command(errors); });
	app->add_option("NAME", errors.name, "An errno (EBUSY, 16), or a reason (in-use)")
		->type_name("");
	common(app, errors.common, false);

	Common &version = lasting<Common>();

	app = leaf(&app_, "version", "Print the version", [&] { return version_command(version); });
	common(app, version, false);

	std::string &shell = lasting<std::string>();

	app = leaf(&app_, "completion", "Print the completion script for a shell", [this, &shell] {
		print(shell == "tree" ? tree_json(root()) : completion(root(), shell));
		return 0;
	});
	words(app->add_option("SHELL", shell, "bash, zsh or fish; tree: the commands as JSON")
		      ->required(),
	      {"bash", "zsh", "fish", "tree"});
}

void Tree::add_command()
{
	CommandOptions &o = lasting<CommandOptions>();
	CLI::App *all = group(&app_, "command", "Send a command to the device's firmware");
	const std::vector<std::string> features = {"workers", "spin-ns", "counters"};
	auto add = [&](const char *name, const char *description,
		       int (*function)(const CommandOptions &)) {
		CLI::App *app =
			leaf(all, name, description, [&o, function] { return function(o); });

		common(app, o.common, true);
		device(app, o.device);
		return app;
	};
	CLI::App *app = add("identify", "Who the device is", identify_command);

	app = add("get-feature", "Read a setting", get_feature_command);
	words(app->add_option("FEATURE", o.argument, "workers, spin-ns or counters")->required(),
	      features);
	app = add("set-feature", "Change a setting", set_feature_command);
	words(app->add_option("FEATURE", o.argument, "workers, spin-ns or counters")->required(),
	      features);
	number(app, "VALUE", o.value, 0, UINT64_MAX, "Its new value")->required()->type_name("");
	app = add("log", "Read a log page", log_command);
	words(app->add_option("PAGE", o.argument, "health or errors")->required(),
	      {"health", "errors"});
	app = add("self-test", "Run every engine on known data", self_test_command);
	app = add("inject-fault", "Let operations of this process fail", inject_fault_command);
	words(app->add_option("OP", o.argument, "Operation that is to fail")->required(),
	      {"nop", "copy", "fill", "compare", "crc32c", "copy-crc32c", "deflate", "inflate",
	       "matmul", "batch"});
	number(app, "COUNT", o.value, 0, UINT64_MAX, "How many times")->required()->type_name("");
	app = add("raw", "Send bytes as they are and print the answer's", raw_command);
	app->add_option("HEX", o.argument, "The request; @FILE: what is in that file")
		->required()
		->type_name("");
	words(app->add_option("--scope", o.scope,
			      "Widest scope of the channel (default: configuration)"),
	      {"configuration", "debug-read", "debug-write", "debug-full"});
}

void Tree::add_uabi()
{
	CLI::App *all = group(&app_, "uabi", "Look at the attribute uABI of a device, and call it");
	UabiOptions &show = lasting<UabiOptions>();
	CLI::App *app = leaf(all, "show", "Print all objects, methods and attributes",
			     [&] { return uabi_show_command(show); });

	CLI::Option *subject = app->add_option("DEV|FILE", show.subject,
					       "A device, or a specification (spec/soft.yaml)");

	file(subject->required());
	hints_[subject].is_device = true;
	common(app, show.common, true);

	UabiOptions &call = lasting<UabiOptions>();

	app = leaf(all, "call", "Call one method and print what it answers",
		   [app, &call] { return uabi_call_command(call); });
	device(app, call.subject);
	app->add_option("METHOD", call.method, "OBJECT.METHOD, as `accel uabi show` names them")
		->required()
		->type_name("");
	app->allow_extras();
	app->footer(
		"Attributes: --NAME VALUE, as `accel uabi show` names them. A value is a number\n"
		"(10, 0xa, 4k), a name, names joined by |, a text, or bytes (hexadecimal, or "
		"@FILE).");
	app->callback([this, app, &call] {
		call.arguments = app->remaining();
		chosen_ = [&call] { return uabi_call_command(call); };
	});
	common(app, call.common, true);
}

void Tree::add_bench()
{
	BenchOptions &o = lasting<BenchOptions>();
	CLI::App *app = leaf(&app_, "bench", "Measure how fast a device works, and check its work",
			     [&] { return bench_command(o); });

	device(app, o.device);
	words(app->add_option("--op", o.operations, "Only this operation; may be repeated")
		      ->allow_extra_args(false),
	      {"nop", "copy", "fill", "compare", "crc32c", "copy-crc32c", "deflate", "inflate",
	       "matmul"});
	numbers(app, "--size", o.sizes, 1, kMostChunk, "Only this many bytes; may be repeated");
	number(app, "--depth", o.depth, 1, 4096,
	       "Descriptors in flight for the throughput (default: 64)");
	seconds(app, "--seconds", o.seconds, 0.001, 3600, "Time for each figure (default: 0.08)");
	number(app, "--parallel", o.parallel, 1, ACCEL_SOFT_MAX_PARALLEL,
	       "Workers that serve the queue at once (default: 1)");
	number(app, "--workers", o.workers, 1, ACCEL_SOFT_MAX_WORKERS,
	       "Set the number of the device's workers first");
	number(app, "--faults", o.faults, 1, UINT32_MAX,
	       "Make so many operations fail, to see what then happens");
	app->add_flag("--counters", o.counters, "Publish the device's counters for `accel top`");
	file(app->add_option("--plot", o.plot, "Draw a picture of it, too (SVG)"));
	common(app, o.common, true);
}

void Tree::add_live()
{
	TopOptions &o = lasting<TopOptions>();
	CLI::App *app =
		leaf(&app_, "top", "Show what the queues of all processes do, again and again",
		     [&] { return top_command(o); });

	seconds(app, "--interval", o.interval, 0.2, 3600, "Seconds between two looks (default: 1)");
	number(app, "--count", o.count, 1, UINT64_MAX, "End after so many looks");
	common(app, o.common, false);
}

void Tree::add_conform()
{
	ConformOptions &o = lasting<ConformOptions>();
	CLI::App *app =
		leaf(&app_, "conform", "Hold a device against the obligations of a provider",
		     [&] { return conform_command(o); });

	device(app, o.device);
	app->add_option("--filter", o.filter,
			"Only those whose number or name holds or matches this")
		->type_name("TEXT");
	app->add_flag("--list", o.list, "Print the obligations; open nothing");
	number(app, "--seed", o.seed, 0, UINT64_MAX,
	       "Seed of the random tests (default: the clock's)");
	number(app, "--timeout", o.timeout_s, 1, 86400,
	       "Most seconds for one obligation (default: 60)");
	app->add_flag("--multi-producer", o.multi_producer,
		      "Make every queue for several producers");
	app->add_flag("--no-inline", o.no_inline,
		      "Make every queue leave small jobs to the device, too");
	app->add_flag("--status-phase", o.status_phase,
		      "Make every queue with phases of the status");
	number(app, "--parallel", o.parallel, 1, 64, "Workers for every queue (default: 1)");
	app->add_flag("--json", o.common.json, "Print JSON in place of TAP");
}

void Tree::add_run()
{
	RunOptions &o = lasting<RunOptions>();
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
		app->add_flag("--counters", o.counters,
			      "Publish the device's counters for `accel top`");
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
	add_matmul(app, o);
	output(app);
}

void Tree::add_matmul(CLI::App *app, RunOptions &o)
{
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

} // namespace cli
