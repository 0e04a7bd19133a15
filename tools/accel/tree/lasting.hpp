// SPDX-License-Identifier: MIT
// The storage of the options of the sub-commands.
#pragma once

#include <memory>
#include <vector>

namespace cli {

/// Returns new options that exist until the program ends, since CLI11 keeps references to them.
template <class T>
T &lasting()
{
	static std::vector<std::unique_ptr<T>> all;

	return *all.emplace_back(std::make_unique<T>());
}

} // namespace cli
