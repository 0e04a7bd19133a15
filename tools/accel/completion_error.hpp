// SPDX-License-Identifier: MIT
// What a completion that is not a success says, for people.
#pragma once

#include <accel/accel.h>
#include <cstdint>
#include <string>

namespace cli {

/// Throws what a completion that is not a success says. @what: "FILE: deflate".
[[noreturn]] void fail_completion(const std::string &what, const accel_completion &completion,
				  uint64_t offset);

} // namespace cli
