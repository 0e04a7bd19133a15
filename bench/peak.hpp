// SPDX-License-Identifier: MIT
// The peak rate of the calling thread's processor, measured by loops that use registers only.
#pragma once

#include <cstdint>

namespace bench {

struct Peak {
	const char *instructions; // the instruction used; nullptr if the processor has none
	uint64_t (*run)(
		uint64_t loops); // returns the number of operations: a product and its sum are two
};

/// f32: fused multiply-add of the widest vectors.
Peak peak_f32();
/// s8: exact products of 8-bit integers, summed in 32 bits.
Peak peak_s8();

} // namespace bench
