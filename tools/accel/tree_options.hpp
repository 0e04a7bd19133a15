// SPDX-License-Identifier: MIT
// Where the options of the sub-commands lie.
#pragma once

#include <memory>
#include <vector>

namespace cli {

/// Options that live as long as the program: CLI11 keeps references to them.
template <class T>
T &lasting()
{
	static std::vector<std::unique_ptr<T>> all;

	return *all.emplace_back(std::make_unique<T>());
}

} // namespace cli
