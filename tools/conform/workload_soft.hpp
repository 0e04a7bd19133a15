// SPDX-License-Identifier: MIT
// The workload of the soft accelerator.
#pragma once

#include "conform/workload.hpp"

namespace accel::conform {

extern const Workload soft_workload;

} // namespace accel::conform
