// SPDX-License-Identifier: MIT
// Finding and loading libaccel-soft.so, once, when the first soft device is opened.
#pragma once

#include "base/result.hpp"
#include "soft/entry.h"

#include <string>

namespace accel::core::soft {

/// The functions of libaccel-soft.
using Entry = accel_soft_functions;

/// Why libaccel-soft cannot be found, and what to install; "" if it is there. Loads nothing.
std::string missing();

/// The functions of libaccel-soft; loads it on the first call and keeps it for good. Thread-safe.
/// The affinity of the calling thread stays as it is, whatever OpenMP's environment says.
/// Errors: ENODEV (not found, cannot be loaded, or too old), EMFILE, EACCES, ENOMEM.
Result<const Entry *> load();

} // namespace accel::core::soft
