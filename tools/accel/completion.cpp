// SPDX-License-Identifier: MIT
// Completion scripts made from the tree of commands: bash, and the tree as JSON.
#include "completion.hpp"

#include "output.hpp"

#include <nlohmann/json.hpp>

namespace cli {

namespace {

std::string child_names(const Node &node)
{
	std::vector<std::string> names;

	for (const Node &child : node.children)
		names.push_back(child.name);
	return joined_words(names);
}

std::string option_names(const Node &node)
{
	std::vector<std::string> names;

	for (const Argument &option : node.options) {
		if (!option.letter.empty())
			names.push_back(option.letter);
		if (!option.name.empty())
			names.push_back(option.name);
	}
	return joined_words(names);
}

/// What bash is to offer for one argument: "file", "device" or the words.
std::string offer(const Argument &argument)
{
	if (argument.is_device)
		return argument.is_file ? "device-or-file" : "device";
	if (argument.is_file)
		return "file";
	return argument.words.empty() ? "nothing" : "words " + joined_words(argument.words);
}

constexpr const char *kBashBody = R"BASH(
# _accel_offer WHAT [WORD...]: sets COMPREPLY to what fits the word that is being typed.
_accel_offer() {
	local what=$1
	shift
	case $what in
	device) mapfile -t COMPREPLY < <(compgen -W "$(accel list --names 2>/dev/null)" -- "$cur") ;;
	file)
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		;;
	device-or-file)
		mapfile -t COMPREPLY < <(
			compgen -W "$(accel list --names 2>/dev/null)" -- "$cur"
			compgen -f -- "$cur"
		)
		;;
	words) mapfile -t COMPREPLY < <(compgen -W "$*" -- "$cur") ;;
	esac
}

_accel() {
	local cur=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
	local path='' position=0 i word skip=0 takes
	COMPREPLY=()
	for ((i = 1; i < COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		if ((skip)); then
			skip=0
		elif [[ -v _accel_children[${path:-/}] && " ${_accel_children[${path:-/}]} " == *" $word "* ]]; then
			path=${path:+$path }$word
		elif [[ $word == -?* ]]; then
			[[ -v _accel_values["$path $word"] ]] && skip=1
		else
			((++position))
		fi
	done
	takes="$path $previous"
	if ((skip)); then
		# shellcheck disable=SC2086 # words on purpose
		_accel_offer ${_accel_values[$takes]}
	elif [[ $cur == -* ]]; then
		_accel_offer words "${_accel_options[${path:-/}]}"
	elif [[ -v _accel_children[${path:-/}] ]]; then
		_accel_offer words "${_accel_children[${path:-/}]}"
	elif [[ -v _accel_positions["$path $position"] ]]; then
		# shellcheck disable=SC2086 # words on purpose
		_accel_offer ${_accel_positions["$path $position"]}
	fi
}
complete -F _accel accel
)BASH";

std::string bash(const Node &root)
{
	std::string children = fmt::format("\t[/]='{}'\n", child_names(root));
	std::string options = fmt::format("\t[/]='{}'\n", option_names(root));
	std::string values;
	std::string positions;

	walk_commands(root, "", [&](const std::string &path, const Node &node) {
		if (!node.children.empty())
			children += fmt::format("\t['{}']='{}'\n", path, child_names(node));
		options += fmt::format("\t['{}']='{}'\n", path, option_names(node));
		for (const Argument &option : node.options) {
			for (const std::string &name : {option.letter, option.name})
				if (!option.value.empty() && !name.empty())
					values += fmt::format("\t['{} {}']='{}'\n", path, name,
							      offer(option));
		}
		for (size_t i = 0; i < node.positionals.size(); ++i)
			positions += fmt::format("\t['{} {}']='{}'\n", path, i,
						 offer(node.positionals[i]));
	});
	return "# SPDX-License-Identifier: MIT\n# Completion of accel for bash, made by `accel "
	       "completion bash`.\n"
	       "declare -gA _accel_children=(\n" +
	       children + ")\ndeclare -gA _accel_options=(\n" + options +
	       ")\ndeclare -gA _accel_values=(\n" + values + ")\ndeclare -gA _accel_positions=(\n" +
	       positions + ")\n" + kBashBody;
}

Json argument_json(const Argument &argument)
{
	return {{"name", argument.name},
		{"letter", argument.letter},
		{"value", argument.value},
		{"description", argument.description},
		{"words", argument.words}};
}

Json node_json(const Node &node)
{
	Json json = {{"name", node.name},
		     {"description", node.description},
		     {"options", Json::array()},
		     {"positionals", Json::array()},
		     {"commands", Json::array()}};

	for (const Argument &option : node.options)
		json["options"].push_back(argument_json(option));
	for (const Argument &positional : node.positionals)
		json["positionals"].push_back(argument_json(positional));
	for (const Node &child : node.children)
		json["commands"].push_back(node_json(child));
	return json;
}

} // namespace

std::string completion(const Node &root, const std::string &shell)
{
	if (shell == "bash")
		return bash(root);
	return shell == "zsh" ? zsh_completion(root) : fish_completion(root);
}

std::string tree_json(const Node &root)
{
	return node_json(root).dump(2) + "\n";
}

} // namespace cli
