// SPDX-License-Identifier: MIT
// Completion scripts made from the tree of commands: zsh and fish.
#include "completion.hpp"

#include "output.hpp"

#include <algorithm>

namespace cli {

namespace {

/// In single quotes, for zsh's _arguments: no quote, colon or bracket of its own.
std::string zsh_text(const std::string &text)
{
	std::string safe;

	for (char c : text) {
		if (c == '\'')
			safe += "'\\''";
		else if (c == ':' || c == '[' || c == ']')
			safe += std::string("\\") + c;
		else
			safe += c;
	}
	return safe;
}

std::string zsh_action(const Argument &argument)
{
	if (argument.is_device)
		return argument.is_file ? "_accel_devices_or_files" : "_accel_devices";
	if (argument.is_file)
		return "_files";
	return argument.words.empty() ? " " : "(" + joined_words(argument.words) + ")";
}

std::string zsh_name(const std::string &path)
{
	std::string name = "_accel_" + path;

	std::replace(name.begin(), name.end(), ' ', '_');
	return name;
}

std::string zsh_arguments(const Node &node)
{
	std::string text;

	for (const Argument &option : node.options) {
		std::string value = option.value.empty() ?
					    "" :
					    fmt::format(":{}:{}", option.value, zsh_action(option));
		std::string both = option.letter.empty() || option.name.empty() ?
					   option.letter + option.name :
					   "";

		if (both.empty())
			text += fmt::format(" \\\n\t\t'({0} {1})'{{{0},{1}}}'[{2}]{3}'",
					    option.letter, option.name,
					    zsh_text(option.description), value);
		else
			text += fmt::format(" \\\n\t\t'{}[{}]{}'", both,
					    zsh_text(option.description), value);
	}
	for (const Argument &positional : node.positionals)
		text += fmt::format(" \\\n\t\t':{}:{}'", zsh_text(positional.name),
				    zsh_action(positional));
	return text;
}

std::string zsh_function(const std::string &path, const Node &node)
{
	std::string text = fmt::format("\n{}() {{\n", path.empty() ? "_accel" : zsh_name(path));

	if (node.children.empty())
		return text + "\t_arguments" + zsh_arguments(node) + "\n}\n";
	text += "\tlocal context state state_descr line\n\ttypeset -A opt_args\n\t_arguments -C" +
		zsh_arguments(node) + " \\\n\t\t':command:((";
	for (const Node &child : node.children)
		text += fmt::format("{}\\:\"{}\" ", child.name, zsh_text(child.description));
	// _arguments leaves the rest without the command itself, which the next one counts from.
	text += "))' '*::: :->rest'\n\t[[ $state == rest ]] || return\n"
		"\twords=($line[1] \"${words[@]}\")\n\t((CURRENT += 1))\n\tcase $line[1] in\n";
	for (const Node &child : node.children)
		text += fmt::format("\t{}) {} ;;\n", child.name,
				    zsh_name(path.empty() ? child.name : path + " " + child.name));
	return text + "\tesac\n}\n";
}

} // namespace

std::string zsh_completion(const Node &root)
{
	std::string text = "#compdef accel\n# SPDX-License-Identifier: MIT\n"
			   "# Completion of accel for zsh, made by `accel completion zsh`.\n"
			   "\n_accel_devices() {\n\tlocal -a devices\n"
			   "\tdevices=(${(f)\"$(accel list --names 2>/dev/null)\"})\n"
			   "\tcompadd -a devices\n}\n"
			   "\n_accel_devices_or_files() {\n\t_accel_devices\n\t_files\n}\n";

	walk_commands(root, "", [&](const std::string &path, const Node &node) {
		text += zsh_function(path, node);
	});
	return text + zsh_function("", root) +
	       "\nif [[ $funcstack[1] == _accel ]]; then\n\t_accel \"$@\"\nelse\n\tcompdef _accel "
	       "accel\nfi\n";
}

namespace {

std::string fish_quoted(const std::string &text)
{
	std::string safe;

	for (char c : text)
		safe += c == '\'' || c == '\\' ? std::string("\\") + c : std::string(1, c);
	return "'" + safe + "'";
}

std::string fish_offer(const Argument &argument)
{
	std::string offer = argument.is_file ? " -F" : "";

	if (argument.is_device)
		return offer + " -a '(accel list --names 2>/dev/null)'";
	if (!offer.empty())
		return offer;
	return argument.words.empty() ? "" : " -a " + fish_quoted(joined_words(argument.words));
}

std::string fish_lines(const std::string &path, const Node &node)
{
	std::string line = "complete -c accel -n " + fish_quoted("__accel_is " + path);
	std::string text;

	for (const Node &child : node.children)
		text += fmt::format("{} -a {} -d {}\n", line, child.name,
				    fish_quoted(child.description));
	for (const Argument &option : node.options) {
		text += line;
		if (!option.letter.empty())
			text += " -s " + option.letter.substr(1);
		if (!option.name.empty())
			text += " -l " + option.name.substr(2);
		if (!option.value.empty())
			text += (option.is_file ? " -r" : " -x") + fish_offer(option);
		text += " -d " + fish_quoted(option.description) + "\n";
	}
	for (const Argument &positional : node.positionals)
		if (std::string offered = fish_offer(positional); !offered.empty())
			text += line + offered + "\n";
	return text;
}

} // namespace

std::string fish_completion(const Node &root)
{
	std::string groups;
	std::string text;

	walk_commands(root, "", [&](const std::string &path, const Node &node) {
		if (!node.children.empty())
			groups += " " + fish_quoted(path);
		text += fish_lines(path, node);
	});
	return "# SPDX-License-Identifier: MIT\n# Completion of accel for fish, made by `accel "
	       "completion fish`.\n"
	       "# __accel_is COMMAND [SUBCOMMAND]: whether this is the command that is being "
	       "typed.\n"
	       "function __accel_is\n"
	       "    set -l words (string match -v -- '-*' (commandline -opc))\n"
	       "    set -l path $words[2]\n"
	       "    contains -- \"$path\"" +
	       groups +
	       "; and set -q words[3]; and set path \"$path $words[3]\"\n"
	       "    test \"$path\" = \"$argv\"\n"
	       "end\n"
	       "complete -c accel -f\n" +
	       fish_lines("", root) + text;
}

} // namespace cli
