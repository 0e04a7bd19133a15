// SPDX-License-Identifier: MIT
// Checks memory of the caller that workers access later.
#pragma once

#include "base/result.hpp"

namespace accel::core::softdev {

/// Makes the pages of [address, address + length) present, as a kernel does when it pins them, so that the call that
/// names a bad address fails and not a worker. @attribute: for the failure.
/// EFAULT: null, or not all of it is mapped with the permission; EOVERFLOW: it wraps.
/// The memory is not pinned: the caller must keep it mapped.
Result<void> check_user_memory(uint64_t address, uint64_t length, uint64_t access,
			       uint16_t attribute);

} // namespace accel::core::softdev
