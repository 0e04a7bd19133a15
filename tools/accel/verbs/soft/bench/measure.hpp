// SPDX-License-Identifier: MIT
// The timed loop of `accel bench`.
#pragma once

#include "verbs/soft/bench/bench.hpp"
#include "verbs/soft/bench/work.hpp"
#include "verbs/soft/queue/accelerator.hpp"

namespace cli {

/// Keeps @depth descriptors of @work in flight for @seconds and measures their times. Checks every completion, and the
/// outputs at the end; throws on an error.
BenchTimes measure(Accelerator &accelerator, BenchWork &work, uint32_t depth, double seconds);

} // namespace cli
