// SPDX-License-Identifier: MIT
// The server that clients of another day talk to.
#pragma once

#include "uabi/message.hpp"

namespace accel::core::uabi {

/// A device of today that serves the uABI `soft`; the same one at every call.
Transport today();

} // namespace accel::core::uabi
