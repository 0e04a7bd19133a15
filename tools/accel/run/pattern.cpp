// SPDX-License-Identifier: MIT
// The pattern of `accel run fill`, for all providers.
#include "run/pattern.hpp"

#include "terminal/fail.hpp"
#include "terminal/numbers.hpp"

#include <cstring>

namespace cli {

uint64_t parse_pattern(const std::string &text)
{
	std::optional<std::string> bytes = parse_hex(text);
	uint64_t pattern = 0;

	if (!bytes ||
	    (bytes->size() != 1 && bytes->size() != 2 && bytes->size() != 4 && bytes->size() != 8))
		fail(Exit::usage, "--pattern",
		     "'{}' is not allowed; allowed: 1, 2, 4 or 8 bytes as hexadecimal digits",
		     text);
	for (size_t i = 0; i < sizeof(pattern); i += bytes->size())
		memcpy(reinterpret_cast<char *>(&pattern) + i, bytes->data(), bytes->size());
	return pattern;
}

} // namespace cli
