// SPDX-License-Identifier: MIT
// Multiplication of bf16 by the processor's own instructions for it, through a primitive of oneDNN.
#pragma once

#include "engine.hpp"

#include <memory>

namespace accel::core::engine {

class Bf16Primitive {
public:
	/// Whether it is worth it for this job, which is one of bf16 with m, n and k above 0.
	static bool pays(const Matmul &job) noexcept;

	/// Whether the instruction computes what binary32 would: it takes numbers below 2^-126 for zero, so no
	/// product and no sum of products may be one. Looks at every element of A and B.
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
