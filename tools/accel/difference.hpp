// SPDX-License-Identifier: MIT
// What `accel run compare` finds and says, and the pattern of `accel run fill`, whatever the device is.
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

/// The first difference in two pieces, which begin at @offset of the files @a and @b; the device found the first @same
/// bytes equal. Nothing if there is none.
std::optional<FileDifference> find_difference(const Input &a, const Input &b, uint64_t offset,
					      uint64_t same, std::span<const std::byte> one,
					      std::span<const std::byte> other);

/// The bytes of --pattern, over and over in eight, so that pieces of a multiple of eight fit together. Throws.
uint64_t parse_pattern(const std::string &text);

} // namespace cli
