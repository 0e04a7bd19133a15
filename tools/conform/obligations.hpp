// SPDX-License-Identifier: MIT
// The list of what a device must do; docs/provider.md says why, and a test compares the two.
#pragma once

#include <span>

namespace accel::conform {

class Test;

struct Obligation {
	unsigned number;  ///< P-number; never used twice, also not when one is taken away
	const char *name; ///< of the test
	void (*test)(Test &test);
	const char *demands; ///< in one sentence
};

/// All of them, in the order in which they run.
std::span<const Obligation> obligations();

} // namespace accel::conform
