// SPDX-License-Identifier: MIT
// The workload of qaic cards.
#pragma once

#include "conform/workload.hpp"

namespace accel::conform {

extern const Workload qaic_workload;

} // namespace accel::conform
