// SPDX-License-Identifier: MIT
// The pattern of `accel run fill`, for all providers.
#pragma once

#include <cstdint>
#include <string>

namespace cli {

/// Returns the bytes of --pattern, repeated to eight bytes, so that pieces of a multiple of eight bytes fit together.
/// Throws if the text is not a pattern.
uint64_t parse_pattern(const std::string &text);

} // namespace cli
