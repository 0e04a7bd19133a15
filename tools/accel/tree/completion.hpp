// SPDX-License-Identifier: MIT
// Common parts of the completion scripts.
#pragma once

#include "tree/tree.hpp"

#include <fmt/format.h>
#include <string>
#include <vector>

namespace cli {

/// Calls @visit(path, node) for each command below the root; the path is "run deflate".
template <class Visit>
void walk_commands(const Node &node, const std::string &path, const Visit &visit)
{
	for (const Node &child : node.children) {
		std::string here = path.empty() ? child.name : path + " " + child.name;

		visit(here, child);
		walk_commands(child, here, visit);
	}
}

inline std::string joined_words(const std::vector<std::string> &words)
{
	return fmt::format("{}", fmt::join(words, " "));
}

std::string zsh_completion(const Node &root);
std::string fish_completion(const Node &root);

} // namespace cli
