// SPDX-License-Identifier: MIT
// From the errno of a system call to a failure that says what was done and what to do.
#pragma once

#include "base/result.hpp"

namespace accel::core {

/// @doing ("making an eventfd") failed with @code, a negative errno of a system call. The failure
/// has one of the errnos of the contract.
std::unexpected<Failure> fail_call(const char *doing, int code);

} // namespace accel::core
