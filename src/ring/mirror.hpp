// SPDX-License-Identifier: MIT
// Memory that is mapped twice, back to back.
#pragma once

#include "base/result.hpp"

#include <cstdint>

namespace accel::core::ring {

/// Maps @bytes of zeros, whole pages, twice one after the other: a byte is also the byte that lies @bytes behind it.
/// 2 * @bytes are the caller's to munmap().
Result<void *> map_twice(uint64_t bytes);

} // namespace accel::core::ring
