// SPDX-License-Identifier: MIT
// The tree of sub-commands and options: its parts, and the commands that are not `run`.
#include "tree.hpp"

#include "numbers.hpp"
#include "options.hpp"
#include "output.hpp"

#include <CLI/CLI.hpp>
#include <memory>

namespace cli {

namespace {

// The options live as long as the program: CLI11 keeps references to them.
template <class T>
T &lasting()
{
	static std::vector<std::unique_ptr<T>> all;

	return *all.emplace_back(std::make_unique<T>());
}

} // namespace

Tree::Tree(CLI::App &app) : app_(app)
{
	app.description(
		"Work with the accelerators of this machine: list, ask, run, command, check.");
	app.footer("Exit status: 0 done, 1 a difference or a failed check, 2 usage, 3 device,\n"
		   "4 file, 5 data, 6 no memory or threads; accel(1) has the whole list.");
	app.name("accel");
	app.get_formatter()->column_width(34);
	app.require_subcommand(1);
	app.set_version_flag("--version", std::string("accel ") + accel_version());
	add_top();
	add_run();
	add_command();
	add_uabi();
#ifdef ACCEL_HAS_CONFORM
	add_conform();
#endif
}

CLI::App *Tree::group(CLI::App *parent, const char *name, const char *description)
{
	CLI::App *app = parent->add_subcommand(name, description);

	app->require_subcommand(1);
	return app;
}

CLI::App *Tree::leaf(CLI::App *parent, const char *name, const char *description, Function function)
{
	CLI::App *app = parent->add_subcommand(name, description);

	app->callback([this, function] { chosen_ = function; });
	return app;
}

void Tree::common(CLI::App *app, Common &common, bool has_device)
{
	app->add_flag("--json", common.json, "Print JSON");
	app->add_flag("-v,--verbose", common.verbose, "Say more about what is done, on stderr");
	if (has_device)
		app->add_flag("--trace", common.trace, "Report each uABI call, decoded, on stderr");
}

CLI::Option *Tree::device(CLI::App *app, std::string &name)
{
	CLI::Option *option = app->add_option("DEV", name, "Device, as `accel list` names it");

	option->required()->type_name("");
	hints_[option].is_device = true;
	return option;
}

CLI::Option *Tree::file(CLI::Option *option)
{
	hints_[option].is_file = true;
	return option->type_name(option->get_positional() ? "" : "FILE");
}

CLI::Option *Tree::words(CLI::Option *option, std::vector<std::string> words)
{
	std::string allowed;

	for (const std::string &word : words)
		allowed += (allowed.empty() ? "" : ", ") + word;
	option->check(CLI::Validator(
		[words, allowed](std::string &given) {
			bool found = std::find(words.begin(), words.end(), given) != words.end();

			return found ? "" :
				       fmt::format("'{}' is not allowed; allowed: {}", given,
						   allowed);
		},
		"", ""));
	hints_[option].words = std::move(words);
	return option->type_name(option->get_positional() ? "" : "WORD");
}

CLI::Option *Tree::number_option(CLI::App *app, const char *name, std::function<void(uint64_t)> set,
				 uint64_t minimum, uint64_t maximum, const char *description)
{
	std::string shown = name;
	size_t dashes = shown.find("--");

	if (dashes != std::string::npos)
		shown.erase(0, dashes);
	auto take = [=](const std::string &text) {
		std::optional<uint64_t> value = parse_number(text);

		if (!value || *value < minimum || *value > maximum)
			throw CLI::ValidationError(
				shown,
				fmt::format(
					"'{}' is not allowed; allowed: a number from {} to {}{}",
					text, minimum, maximum,
					maximum > 4096 ? " (0x… and 4k, 1M, 1G also do)" : ""));
		set(*value);
	};
	return app->add_option_function<std::string>(name, take, description)->type_name("N");
}

void Tree::add_top()
{
	ListOptions &list = lasting<ListOptions>();
	CLI::App *app = leaf(&app_, "list", "List the accelerators, and why one cannot be used",
			     [&] { return list_command(list); });

	app->add_flag("--names", list.names, "Print only the names, one a line");
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
	const std::vector<std::string> features = {"workers", "spin-ns"};
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
	words(app->add_option("FEATURE", o.argument, "workers or spin-ns")->required(), features);
	app = add("set-feature", "Change a setting", set_feature_command);
	words(app->add_option("FEATURE", o.argument, "workers or spin-ns")->required(), features);
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

	file(app->add_option("DEV|FILE", show.subject,
			     "A device, or a specification (spec/soft.yaml)")
		     ->required());
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

#ifdef ACCEL_HAS_CONFORM
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
	app->add_flag("--status-phase", o.status_phase,
		      "Make every queue with phases of the status");
	number(app, "--parallel", o.parallel, 1, 64, "Workers for every queue (default: 1)");
	app->add_flag("--json", o.common.json, "Print JSON in place of TAP");
}
#endif

} // namespace cli
