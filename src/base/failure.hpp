// SPDX-License-Identifier: MIT
// Failures that many places make: of a system call, and of a value that is not allowed.
#pragma once

#include "base/result.hpp"

namespace accel::core {

/// @doing ("making an eventfd") failed with @code, a negative errno of a system call. The failure
/// has one of the errnos of the contract.
std::unexpected<Failure> fail_call(const char *doing, int code);

/// A value that is not allowed. @attribute: the uABI's, 0 for what is none; then the range is not told either.
struct BadValue {
	unsigned reason;
	const char *what;
	uint64_t value;
	const char *allowed;
	uint16_t attribute = 0;
	uint64_t minimum = 0, maximum = 0;
};

/// EINVAL: "@what is @value; allowed: @allowed".
std::unexpected<Failure> fail_value(const BadValue &bad);

} // namespace accel::core
