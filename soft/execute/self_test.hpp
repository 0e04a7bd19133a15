// SPDX-License-Identifier: MIT
// The self-test of the operations.
#pragma once

#include <uapi/accel/soft.h>

namespace accel::core::softdev {

/// Runs every operation on known data. ENOMEM by exception. Thread-safe; takes up to a second.
accel_soft_self_test_result run_self_test();

} // namespace accel::core::softdev
