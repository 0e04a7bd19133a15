// SPDX-License-Identifier: MIT
// Finding and loading libaccel-soft.so, once, when the first soft device is opened.
#pragma once

#include "base/result.hpp"
#include "soft/entry.h"

#include <string>

namespace accel::core::soft {

/// The functions of libaccel-soft.
using Entry = accel_soft_functions;

/// Returns why libaccel-soft cannot be found and what to install; "" if it is found. Does not load it.
std::string missing();

/// Returns the functions of libaccel-soft; the first call loads it. Never unloaded. Thread-safe.
/// The affinity of the calling thread does not change, whatever the environment variables of OpenMP are.
/// Errors: ENODEV (not found, cannot be loaded, or too old), EMFILE, EACCES, ENOMEM.
Result<const Entry *> load();

} // namespace accel::core::soft
