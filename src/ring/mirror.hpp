// SPDX-License-Identifier: MIT
// Memory that is mapped twice, back to back.
#pragma once

#include "base/result.hpp"

#include <cstdint>

namespace accel::core::ring {

/// Maps @bytes of zeros, whole pages, twice in a row: the byte at offset n is also the byte at offset n + @bytes.
/// The caller unmaps 2 * @bytes.
Result<void *> map_twice(uint64_t bytes);

} // namespace accel::core::ring
