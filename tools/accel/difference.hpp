// SPDX-License-Identifier: MIT
// The result of `accel run compare` and the pattern of `accel run fill`, for all providers.
#pragma once

#include "file_io.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace cli {

struct FileDifference {
	uint64_t offset;
	std::string text;
};

/// Returns the first difference in two pieces, which begin at @offset of the files @a and @b, or nothing. The device
/// has found the first @same bytes equal.
std::optional<FileDifference> find_difference(const Input &a, const Input &b, uint64_t offset,
					      uint64_t same, std::span<const std::byte> one,
					      std::span<const std::byte> other);

/// Returns the bytes of --pattern, repeated to eight bytes, so that pieces of a multiple of eight bytes fit together.
/// Throws if the text is not a pattern.
uint64_t parse_pattern(const std::string &text);

} // namespace cli
