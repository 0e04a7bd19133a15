// SPDX-License-Identifier: MIT
// The server for clients of another version.
#pragma once

#include "uabi/message.hpp"

namespace accel::core::uabi {

/// Returns a device that serves today's uABI `soft`; every call returns the same one.
Transport today();

} // namespace accel::core::uabi
