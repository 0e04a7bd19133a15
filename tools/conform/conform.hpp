// SPDX-License-Identifier: MIT
// Conformance: runs the numbered obligations of docs/provider.md against one device.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>

namespace accel::conform {

/// What to run, and how; each member has an option of `accel conform` of the same name.
struct Options {
	std::string device; ///< what accel_device_open() takes
	std::string
		filter;	   ///< run only obligations whose number or name holds it, or matches it as
			   ///< a shell pattern ("P-0[1-3]*", "*fork*"); "" runs all
	bool list = false; ///< print numbers, names and demands; open nothing
	bool json = false; ///< one JSON document in place of TAP
	uint64_t seed = 0; ///< of the random tests; 0 takes one from the clock. It is printed.
	unsigned timeout_s = 60; ///< most seconds that one obligation may take

	bool multi_producer = false; ///< make every queue with ACCEL_QUEUE_FLAGS_MULTI_PRODUCER
	bool no_inline = false;	     ///< make every queue with ACCEL_QUEUE_FLAGS_NO_INLINE
	bool status_phase = false;   ///< make every queue with ACCEL_QUEUE_FLAGS_STATUS_PHASE
	uint32_t parallel = 0;	     ///< accel_queue_options.parallel of every queue
};

/// Run the obligations and report to @out, as TAP version 14 or as JSON.
///
/// Each one runs in a child process of its own, which opens the device itself: it can neither end nor
/// hang the run. Call it from a process that has one thread and no device open.
/// @return 0 if none failed; 1 if one failed; 2 if nothing could be run: no such device, or no
///         obligation fits the filter. The cause is in @out.
int run(const Options &options, std::FILE *out);

} // namespace accel::conform
