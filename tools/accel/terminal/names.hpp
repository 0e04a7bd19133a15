// SPDX-License-Identifier: MIT
// Names of numbers, from the generated tables (accel/names.h).
#pragma once

#include <accel/names.h>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cli {

/// Returns the name of a number, or the number itself if it has none.
inline std::string name_of(std::span<const accel_name> table, uint64_t value)
{
	const accel_name *known = accel_name_of(table.data(), table.size(), value);

	return known ? known->name : std::to_string(value);
}

/// Returns the line of a name. The command line must have checked the name against the same table.
inline const accel_name &line_of(std::span<const accel_name> table, const std::string &name)
{
	return *accel_name_find(table.data(), table.size(), name.c_str());
}

/// Returns all names, which are the words that the command line allows.
inline std::vector<std::string> words_of(std::span<const accel_name> table)
{
	std::vector<std::string> words;

	for (const accel_name &line : table)
		words.emplace_back(line.name);
	return words;
}

} // namespace cli
