// SPDX-License-Identifier: MIT
// The providers that are compiled in.
#pragma once

#include "core/discovery.hpp"

namespace accel::core::capi {

/// In the order in which their devices are listed.
ProviderList providers();

} // namespace accel::core::capi
