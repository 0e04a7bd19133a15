// SPDX-License-Identifier: MIT
// The message of a difference, and the pattern of a fill.
#include "difference.hpp"

#include "fail.hpp"
#include "numbers.hpp"

#include <algorithm>
#include <cstring>

namespace cli {

std::optional<FileDifference> find_difference(const Input &a, const Input &b, uint64_t offset,
					      uint64_t same, std::span<const std::byte> one,
					      std::span<const std::byte> other)
{
	const size_t both = std::min(one.size(), other.size());

	if (same < both)
		return FileDifference{offset + same,
				      fmt::format("{} {} differ: offset {} (0x{:x}): {:02x} {:02x}",
						  a.shown(), b.shown(), offset + same,
						  offset + same, static_cast<unsigned>(one[same]),
						  static_cast<unsigned>(other[same]))};
	if (one.size() != other.size())
		return FileDifference{
			offset + both,
			fmt::format("{} {} differ: {} ends after {} bytes, the other is longer",
				    a.shown(), b.shown(),
				    (one.size() < other.size() ? a : b).shown(), offset + both)};
	return std::nullopt;
}

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
