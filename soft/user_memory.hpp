// SPDX-License-Identifier: MIT
// Memory of the caller that workers are to touch later: is it there, and may it be touched so?
#pragma once

#include "base/result.hpp"

namespace accel::core::softdev {

/// Make [address, address + length) present, as a kernel does when it pins the pages, so that a bad address
/// is found by the call that names it and not by a worker. @attribute: which one, for the failure.
/// EFAULT: null, or not all of it is there with the permission; EOVERFLOW: it wraps.
/// Nothing keeps the memory there afterwards: a caller that unmaps it too early hurts itself.
Result<void> check_user_memory(uint64_t address, uint64_t length, uint64_t access,
			       uint16_t attribute);

} // namespace accel::core::softdev
