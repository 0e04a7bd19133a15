// SPDX-License-Identifier: MIT
// The program `accel`: parse the command line, run one sub-command, say how it ended.
#include "fail.hpp"
#include "output.hpp"
#include "signals.hpp"
#include "tree.hpp"

#include <CLI/CLI.hpp>
#include <clocale>
#include <new>
#include <nlohmann/json.hpp>

namespace {

using namespace cli;

/// The command that the user meant, as far as it was understood: "run deflate".
const CLI::App *deepest(const CLI::App &app, std::string &path)
{
	const CLI::App *at = &app;

	while (!at->get_subcommands().empty()) {
		at = at->get_subcommands().front();
		path += (path.empty() ? "" : " ") + at->get_name();
	}
	return at;
}

int usage_failed(const CLI::App &app, const CLI::ParseError &error)
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
			       "say what to do: " + all :
			       fmt::format("'{}' is not known here; known: {}", rest.front(), all);
	}
	std::erase(text, '\n');
	note(path.empty() ? text : path + ": " + text);
	note(fmt::format("`accel{}{} --help` tells what is possible", path.empty() ? "" : " ",
			 path));
	return static_cast<int>(Exit::usage);
}

Json error_json(const Failure &failure)
{
	Json json = {{"message", failure.line}, {"exit", static_cast<int>(failure.code)}};

	if (failure.record) {
		const accel_error_record &record = *failure.record;

		json["errno"] = accel_errno_name(record.code);
		json["reason"] = accel_reason_name(record.reason);
		json["object"] = record.object;
		json["method"] = record.method;
		json["attribute"] = record.attribute;
		json["value"] = record.value;
		json["minimum"] = record.minimum;
		json["maximum"] = record.maximum;
		json["text"] = record.text;
	}
	return {{"error", json}};
}

int failed(const Failure &failure, bool json)
{
	note(failure.line);
	if (!failure.hint.empty())
		note(failure.hint);
	if (json) {
		try {
			print_json(error_json(failure));
			finish_output();
		} catch (const Failure &) {
			// The line on stderr has said it.
		}
	}
	return static_cast<int>(failure.code);
}

int run(const Tree &tree, bool json)
{
	try {
		int code = tree.run();

		finish_output();
		return code;
	} catch (const Failure &failure) {
		return failed(failure, json);
	}
}

} // namespace

int main(int argc, char **argv)
{
	setlocale(LC_ALL, "C.UTF-8");
	install_signals();
	try {
		CLI::App app;
		Tree tree(app);

		try {
			app.parse(argc, argv);
		} catch (const CLI::Success &help) {
			app.exit(help); // prints --help or --version
			finish_output();
			return 0;
		} catch (const CLI::ParseError &error) {
			return usage_failed(app, error);
		}
		bool json =
			std::find(argv + 1, argv + argc, std::string_view("--json")) != argv + argc;

		return run(tree, json);
	} catch (const Failure &failure) {
		note(failure.line);
		return static_cast<int>(failure.code);
	} catch (const std::bad_alloc &) {
		note("there is not enough memory");
	} catch (const std::exception &error) {
		note(error.what());
	}
	return static_cast<int>(Exit::resources);
}
