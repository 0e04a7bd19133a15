// SPDX-License-Identifier: MIT
// The timed loop of `accel bench`.
#pragma once

#include "soft_bench.hpp"
#include "soft_bench_work.hpp"
#include "soft_pipeline.hpp"

namespace cli {

/// Keep @depth descriptors of @work in flight for so long, and time them. Every completion is checked, and
/// the outputs at the end. What is wrong is thrown.
BenchTimes measure(Accelerator &accelerator, BenchWork &work, uint32_t depth, double seconds);

} // namespace cli
