// SPDX-License-Identifier: MIT
// The message of a completion that is not a success.
#pragma once

#include <accel/accel.h>
#include <cstdint>
#include <string>

namespace cli {

/// Throws the Failure of a completion that is not a success. @what: "FILE: deflate". @offset: of the descriptor's
/// data in the input.
[[noreturn]] void fail_completion(const std::string &what, const accel_completion &completion,
				  uint64_t offset);

} // namespace cli
