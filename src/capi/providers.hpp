// SPDX-License-Identifier: MIT
// The built-in providers.
#pragma once

#include "core/discovery.hpp"

namespace accel::core::capi {

/// In the order of the device list.
ProviderList providers();

} // namespace accel::core::capi
