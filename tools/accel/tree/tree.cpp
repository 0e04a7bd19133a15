// SPDX-License-Identifier: MIT
// The tree of sub-commands and options: building blocks, parsing, and the tree as plain data.
#include "tree/tree.hpp"

#include "terminal/fail.hpp"
#include "terminal/numbers.hpp"
#include "terminal/output.hpp"
#include "terminal/text.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <sstream>

namespace cli {

namespace {

/// Returns the innermost command that was parsed, and appends the names on the way to @path, such as "run deflate".
const CLI::App *deepest(const CLI::App &app, std::string &path)
{
	const CLI::App *at = &app;

	while (!at->get_subcommands().empty()) {
		at = at->get_subcommands().front();
		path += (path.empty() ? "" : " ") + at->get_name();
	}
	return at;
}

[[noreturn]] void fail_usage(const CLI::App &app, const CLI::ParseError &error)
{
	std::string path;
	const CLI::App *at = deepest(app, path);
	std::string text = error.what();
	std::vector<std::string> rest = at->remaining();

	if (!at->get_subcommands([](const CLI::App *) { return true; }).empty()) {
		std::string all;

		for (const CLI::App *child :
		     at->get_subcommands([](const CLI::App *) { return true; }))
			all += (all.empty() ? "" : ", ") + child->get_name();
		text = rest.empty() ?
			       "a command is missing; allowed: " + all :
			       fmt::format("unknown command '{}'; allowed: {}", rest.front(), all);
	}
	std::erase(text, '\n');
	Failure failure(Exit::usage, path, text);

	failure.hint = fmt::format("see `accel{}{} --help`", path.empty() ? "" : " ", path);
	throw failure;
}

/// "-l,--level" -> "--level"
std::string long_name(const std::string &name)
{
	size_t dashes = name.find("--");

	return dashes == std::string::npos ? name : name.substr(dashes);
}

uint64_t checked_number(const std::string &name, const std::string &text, uint64_t minimum,
			uint64_t maximum)
{
	std::optional<uint64_t> value = parse_number(text);

	if (!value || *value < minimum || *value > maximum)
		throw CLI::ValidationError(
			name, fmt::format("'{}' is not allowed; allowed: a number from {} to {}{}",
					  text, minimum, maximum,
					  maximum > 4096 ? "; also 0x…, 4k, 1M, 1G" : ""));
	return *value;
}

} // namespace

Tree::Tree() : owner_(std::make_unique<CLI::App>()), app_(*owner_)
{
	CLI::App &app = app_;

	app.description("Use, measure and test the accelerators of this machine.");
	app.footer("Exit status: 0 done, 1 a difference or a failed check, 2 usage, 3 device,\n"
		   "4 file, 5 data, 6 memory, threads or file descriptors; see accel(1).");
	app.name("accel");
	app.get_formatter()->column_width(34);
	app.require_subcommand(1);
	app.set_version_flag("--version", std::string("accel ") + accel_version());
	add_top();
	add_run();
	add_bench();
	add_live();
	add_command();
	add_uabi();
	add_conform();
}

Tree::~Tree() = default;

CLI::App *Tree::group(CLI::App *parent, const char *name, const char *description)
{
	CLI::App *app = parent->add_subcommand(name, description);

	app->require_subcommand(1);
	return app;
}

CLI::App *Tree::leaf(CLI::App *parent, const char *name, const char *description,
		     const Function &function)
{
	CLI::App *app = parent->add_subcommand(name, description);

	app->callback([this, function] { chosen_ = function; });
	return app;
}

void Tree::common(CLI::App *app, Common &common, bool has_device)
{
	app->add_flag("--json", common.json, "Print JSON");
	app->add_flag("-v,--verbose", common.verbose, "Print more details on stderr");
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

CLI::Option *Tree::number_option(CLI::App *app, const char *name,
				 const std::function<void(uint64_t)> &set, uint64_t minimum,
				 uint64_t maximum, const char *description)
{
	auto take = [=, shown = long_name(name)](const std::string &text) {
		set(checked_number(shown, text, minimum, maximum));
	};
	return app->add_option_function<std::string>(name, take, description)->type_name("N");
}

CLI::Option *Tree::numbers(CLI::App *app, const char *name, std::vector<uint64_t> &values,
			   uint64_t minimum, uint64_t maximum, const char *description)
{
	auto take = [=, &values](const std::vector<std::string> &texts) {
		for (const std::string &text : texts)
			values.push_back(checked_number(name, text, minimum, maximum));
	};
	return app->add_option_function<std::vector<std::string>>(name, take, description)
		->allow_extra_args(false)
		->type_name("N");
}

CLI::Option *Tree::seconds(CLI::App *app, const char *name, double &value, double minimum,
			   double maximum, const char *description)
{
	auto take = [=, &value](const std::string &text) {
		const char *end = text.data() + text.size();
		double given = 0;
		auto [at, error] = std::from_chars(text.data(), end, given);

		if (error != std::errc() || at != end || !(given >= minimum && given <= maximum))
			throw CLI::ValidationError(
				name, fmt::format("'{}' is not allowed; allowed: {} to {} seconds",
						  text, minimum, maximum));
		value = given;
	};
	return app->add_option_function<std::string>(name, take, description)->type_name("S");
}

std::optional<int> Tree::parse(int argc, char **argv)
{
	try {
		app_.parse(argc, argv);
		return std::nullopt;
	} catch (const CLI::Success &help) {
		std::ostringstream text;

		app_.exit(help, text, text); // --help or --version
		print(in_charset(text.str()));
		finish_output();
		return 0;
	} catch (const CLI::ParseError &error) {
		fail_usage(app_, error);
	}
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
