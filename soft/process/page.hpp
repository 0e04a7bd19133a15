// SPDX-License-Identifier: MIT
// The unit in which memory is mapped.
#pragma once

#include <cstdint>

namespace accel::core::softdev {

inline constexpr uint64_t kPage = 4096;

constexpr uint64_t round_to_page(uint64_t bytes)
{
	return (bytes + kPage - 1) / kPage * kPage;
}

} // namespace accel::core::softdev
