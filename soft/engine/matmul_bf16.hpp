// SPDX-License-Identifier: MIT
// Multiplication of bf16 by the processor's bf16 instructions, through a primitive of oneDNN.
#pragma once

#include "engine.hpp"

#include <memory>

namespace accel::core::engine {

class Bf16Primitive {
public:
	/// Whether a primitive is faster than tiles for this job, which must be bf16 with m, n and k above 0.
	static bool pays(const Matmul &job) noexcept;

	/// Whether the instruction computes the same as binary32 arithmetic: it treats denormal numbers (below
	/// 2^-126) as zero, so no product and no sum of products may be denormal. Reads every element of A and B.
	static bool is_exact(const Matmul &job) noexcept;

	Bf16Primitive() noexcept;
	~Bf16Primitive();

	/// As Multiplier::run(); the calling thread's OpenMP setting must be one thread.
	Status run(const Matmul &job);

private:
	struct Engine;
	std::unique_ptr<Engine> engine_;
};

} // namespace accel::core::engine
