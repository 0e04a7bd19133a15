// SPDX-License-Identifier: MIT
// The tree of sub-commands and options, except `run` and `bench`.
#include "commands/commands.hpp"
#include "terminal/names.hpp"
#include "terminal/output.hpp"
#include "terminal/text.hpp"
#include "top/top.hpp"
#include "tree/lasting.hpp"
#include "tree/tree.hpp"
#include "uabi/uabi.hpp"
#include "verbs/verbs.hpp"

#include <CLI/CLI.hpp>

namespace cli {

void Tree::add_top()
{
	ListOptions &list = lasting<ListOptions>();
	CLI::App *app =
		leaf(&app_, "list", "List the accelerators, with the reason why one cannot be used",
		     [&] { return list_command(list); });

	CLI::Option *names =
		app->add_flag("--names", list.names, "Print only the names, one per line");

	app->add_flag("--watch", list.watch, "Then print a line for each change")->excludes(names);
	common(app, list.common, false);

	DeviceOptions &info = lasting<DeviceOptions>();

	app = leaf(&app_, "info", "Show identity, capabilities and state of a device",
		   [&] { return info_command(info); });
	device(app, info.device);
	common(app, info.common, true);

	ErrorsOptions &errors = lasting<ErrorsOptions>();

	app = leaf(&app_, "errors", "Explain the errors: meaning and action of each",
		   [&] { return errors_command(errors); });
	app->add_option("NAME", errors.name, "An errno (EBUSY, 16), or a reason (in-use)")
		->type_name("");
	common(app, errors.common, false);

	Common &version = lasting<Common>();

	app = leaf(&app_, "version", "Print the version", [&] { return version_command(version); });
	common(app, version, false);

	std::string &shell = lasting<std::string>();

	app = leaf(&app_, "completion", "Print the completion script for a shell", [this, &shell] {
		// ASCII: the scripts are installed for users of all locales.
		print(shell == "tree" ? tree_json(root()) : in_ascii(completion(root(), shell)));
		return 0;
	});
	words(app->add_option("SHELL", shell, "bash, zsh or fish; tree: the commands as JSON")
		      ->required(),
	      {"bash", "zsh", "fish", "tree"});
}

void Tree::add_command()
{
	CommandOptions &o = lasting<CommandOptions>();
	CLI::App *all = group(&app_, "command", "Send a command to the firmware of a device");
	auto add = [&](const char *name, const char *help, const Function &function) {
		CLI::App *app = leaf(all, name, help, function);

		common(app, o.common, true);
		device(app, o.device);
		return app;
	};

	for (const CommandVerb &verb : command_verbs()) {
		CLI::App *app = add(verb.name, verb.help, [&o, name = std::string(verb.name)] {
			return command_command(name, o);
		});

		if (verb.argument)
			words(app->add_option(verb.argument, o.argument, verb.argument_help)
				      ->required(),
			      words_of(verb.words));
		if (verb.value)
			number(app, verb.value, o.value, 0, UINT64_MAX, verb.value_help)
				->required()
				->type_name("");
	}
	CLI::App *app = add("raw", "Send bytes unchanged and print those of the answer",
			    [&o] { return raw_command(o); });

	app->add_option("HEX", o.argument,
			"The request in hexadecimal; @FILE: the content of a file")
		->required()
		->type_name("");
	words(app->add_option("--scope", o.scope,
			      "Widest scope of the channel (default: configuration)"),
	      words_of(accel_scope_names));
}

void Tree::add_uabi()
{
	CLI::App *all = group(&app_, "uabi", "Show and call the attribute uABI of a device");
	UabiOptions &show = lasting<UabiOptions>();
	CLI::App *app = leaf(all, "show", "Print all objects, methods and attributes",
			     [&] { return uabi_show_command(show); });

	CLI::Option *subject = app->add_option("DEV|FILE", show.subject,
					       "Device, or a specification (spec/accel.yaml)");

	file(subject->required());
	hints_[subject].is_device = true;
	common(app, show.common, true);

	UabiOptions &call = lasting<UabiOptions>();

	app = leaf(all, "call", "Call one method and print its answer",
		   [app, &call] { return uabi_call_command(call); });
	device(app, call.subject);
	app->add_option("METHOD", call.method, "OBJECT.METHOD, named as in `accel uabi show`")
		->required()
		->type_name("");
	app->allow_extras();
	app->footer(
		"Attributes: --NAME VALUE, named as in `accel uabi show`. A value is a number\n"
		"(10, 0xa, 4k), a name, names joined by |, text, or bytes (hexadecimal or @FILE).");
	app->callback([this, app, &call] {
		call.arguments = app->remaining();
		chosen_ = [&call] { return uabi_call_command(call); };
	});
	common(app, call.common, true);
}

void Tree::add_live()
{
	TopOptions &o = lasting<TopOptions>();
	CLI::App *app = leaf(&app_, "top", "Show the activity of the queues of all processes",
			     [&] { return top_command(o); });

	seconds(app, "--interval", o.interval, 0.2, 3600,
		"Seconds between two updates (default: 1)");
	number(app, "--count", o.count, 1, UINT64_MAX, "Number of updates (default: no limit)");
	common(app, o.common, false);
}

void Tree::add_conform()
{
	ConformOptions &o = lasting<ConformOptions>();
	CLI::App *app =
		leaf(&app_, "conform", "Test a device against the obligations of a provider",
		     [&] { return conform_command(o); });

	Range range = range_of(&ProviderVerbs::parallel);

	device(app, o.device);
	app->add_option("--filter", o.filter,
			"Only obligations whose number or name contains or matches this")
		->type_name("TEXT");
	app->add_flag("--list", o.list, "Print the obligations without opening a device");
	number(app, "--seed", o.seed, 0, UINT64_MAX,
	       "Seed of the random tests (default: from the clock)");
	number(app, "--timeout", o.timeout_s, 1, 86400,
	       "Time limit of one obligation in seconds (default: 60)");
	app->add_flag("--multi-producer", o.multi_producer,
		      "Create every queue for several producers");
	app->add_flag("--no-inline", o.no_inline, "Create every queue without inline execution");
	app->add_flag("--status-phase", o.status_phase, "Create every queue with the status phase");
	number(app, "--parallel", o.parallel, range.minimum, range.maximum,
	       "Workers of every queue (default: 1)");
	app->add_flag("--json", o.common.json, "Print JSON instead of TAP");
}

} // namespace cli
