// SPDX-License-Identifier: MIT
// The tree of sub-commands and options: all of them.
#include "names.hpp"
#include "options.hpp"
#include "output.hpp"
#include "text.hpp"
#include "tree.hpp"
#include "tree_options.hpp"
#include "verbs.hpp"

#include <CLI/CLI.hpp>

namespace cli {

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
		// Scripts are installed, for users of any character set.
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
	CLI::App *all = group(&app_, "command", "Send a command to the device's firmware");
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
	CLI::App *app = add("raw", "Send bytes as they are and print the answer's",
			    [&o] { return raw_command(o); });

	app->add_option("HEX", o.argument, "The request; @FILE: what is in that file")
		->required()
		->type_name("");
	words(app->add_option("--scope", o.scope,
			      "Widest scope of the channel (default: configuration)"),
	      words_of(accel_scope_names));
}

void Tree::add_uabi()
{
	CLI::App *all = group(&app_, "uabi", "Look at the attribute uABI of a device, and call it");
	UabiOptions &show = lasting<UabiOptions>();
	CLI::App *app = leaf(all, "show", "Print all objects, methods and attributes",
			     [&] { return uabi_show_command(show); });

	CLI::Option *subject = app->add_option("DEV|FILE", show.subject,
					       "A device, or a specification (spec/accel.yaml)");

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

	Range range = range_of(&ProviderVerbs::parallel);

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
	number(app, "--parallel", o.parallel, range.minimum, range.maximum,
	       "Workers for every queue (default: 1)");
	app->add_flag("--json", o.common.json, "Print JSON in place of TAP");
}

} // namespace cli
