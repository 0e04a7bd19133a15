// SPDX-License-Identifier: MIT
// What the calling thread's processor can do at most, measured by loops that touch registers only.
#pragma once

#include <cstdint>

namespace bench {

struct Peak {
	const char *instructions; // what is used; nullptr if the processor has nothing fit
	uint64_t (*run)(
		uint64_t loops); // returns the operations done: a product and its sum are two
};

/// f32: fused multiply-add of the widest vectors.
Peak peak_f32();
/// s8: products of 8-bit integers summed in 32 bits, exact.
Peak peak_s8();

} // namespace bench
