// SPDX-License-Identifier: MIT
// The providers that are compiled in.
#pragma once

#include "core/discovery.hpp"

namespace accel::capi {

/// In the order in which their devices are listed.
ProviderList providers();

} // namespace accel::capi
