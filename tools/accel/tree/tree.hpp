// SPDX-License-Identifier: MIT
// The tree of sub-commands and options (CLI11) and the function of each command.
#pragma once

#include "device/library.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
} // namespace CLI

namespace cli {

struct RunOptions;

/// One option or positional argument, for completions and tests.
struct Argument {
	std::string name;		// "--output", or "FILE" for a positional one
	std::string letter;		// "-o", or empty
	std::string value;		// "FILE", "N", empty for a flag
	std::string description;	// one line
	std::vector<std::string> words; // the allowed words, if they are a list
	bool is_file = false;
	bool is_device = false;
};

/// One command of the tree, without CLI11's types.
struct Node {
	std::string name;
	std::string description;
	std::vector<Argument> options;
	std::vector<Argument> positionals;
	std::vector<Node> children;
};

class Tree {
public:
	Tree();
	~Tree();
	Tree(const Tree &) = delete;
	Tree &operator=(const Tree &) = delete;

	/// Parses the command line. Returns an exit code if nothing is left to run (--help). Throws for wrong usage.
	std::optional<int> parse(int argc, char **argv);

	/// Runs the chosen command; returns its exit code. Only after a successful parse().
	int run() const { return chosen_(); }

	/// Returns the whole tree, without hidden commands.
	Node root() const;

private:
	using Function = std::function<int()>;

	void add_top();
	void add_command();
	void add_uabi();
	void add_run();
	template <class Options>
	void add_tuning(CLI::App *app, Options &options);
	void add_arguments(CLI::App *app, uint32_t takes, RunOptions &options);
	void add_matmul(CLI::App *app, RunOptions &options);
	void add_conform();
	void add_bench();
	void add_live();

	CLI::App *group(CLI::App *parent, const char *name, const char *description);
	CLI::App *leaf(CLI::App *parent, const char *name, const char *description,
		       const Function &function);
	void common(CLI::App *app, Common &common, bool has_device);
	CLI::Option *device(CLI::App *app, std::string &name);
	CLI::Option *file(CLI::Option *option);
	CLI::Option *words(CLI::Option *option, std::vector<std::string> words);
	/// Adds an option with a number from @minimum to @maximum, with the usual suffixes.
	template <class T>
	CLI::Option *number(CLI::App *app, const char *name, T &value, uint64_t minimum,
			    uint64_t maximum, const char *description);
	CLI::Option *number_option(CLI::App *app, const char *name,
				   const std::function<void(uint64_t)> &set, uint64_t minimum,
				   uint64_t maximum, const char *description);
	/// Adds an option with a number that may be repeated.
	CLI::Option *numbers(CLI::App *app, const char *name, std::vector<uint64_t> &values,
			     uint64_t minimum, uint64_t maximum, const char *description);
	/// Adds an option with a number of seconds from @minimum to @maximum.
	CLI::Option *seconds(CLI::App *app, const char *name, double &value, double minimum,
			     double maximum, const char *description);
	Argument argument(const CLI::Option *option) const;
	Node node(const CLI::App *app) const;

	std::unique_ptr<CLI::App> owner_;
	CLI::App &app_;
	Function chosen_;
	std::map<const CLI::Option *, Argument> hints_;
};

template <class T>
CLI::Option *Tree::number(CLI::App *app, const char *name, T &value, uint64_t minimum,
			  uint64_t maximum, const char *description)
{
	return number_option(
		app, name, [&value](uint64_t given) { value = static_cast<T>(given); }, minimum,
		maximum, description);
}

/// Returns the completion script for a shell: bash, zsh or fish.
std::string completion(const Node &root, const std::string &shell);

/// Returns the tree as JSON, for tests and tools.
std::string tree_json(const Node &root);

} // namespace cli
