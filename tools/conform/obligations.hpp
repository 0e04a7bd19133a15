// SPDX-License-Identifier: MIT
// The obligations of a device.
#pragma once

#include <span>

namespace accel::conform {

class Test;

struct Obligation {
	unsigned number;     ///< P-number; never reused, not even after its obligation was removed
	const char *section; ///< heading of its table in docs/provider.md
	const char *name;    ///< of the test
	void (*test)(Test &test);
	const char *demands; ///< in one sentence
	const char *why;     ///< the reason, or "as P-…" with an earlier number
};

/// All obligations, in the order in which they run.
std::span<const Obligation> obligations();

} // namespace accel::conform
