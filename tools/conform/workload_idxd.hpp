// SPDX-License-Identifier: MIT
// The workload of idxd work queues.
#pragma once

#include "conform/workload.hpp"

namespace accel::conform {

extern const Workload idxd_workload;

} // namespace accel::conform
