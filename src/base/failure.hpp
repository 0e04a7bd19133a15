// SPDX-License-Identifier: MIT
// Failures that occur in many places: of a system call, and of an invalid value.
#pragma once

#include "base/result.hpp"

namespace accel::core {

/// @doing ("creating an eventfd") failed with @code, a negative errno of a system call. The failure has one of the
/// errnos of the contract.
std::unexpected<Failure> fail_call(const char *doing, int code);

/// An invalid value. @attribute: number in the uABI, 0 if it is none; then the range is omitted, too.
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
