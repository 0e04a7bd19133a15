// SPDX-License-Identifier: MIT
// Conformance: runs the numbered obligations of docs/provider.md against one device.
#pragma once

#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>

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
	bool no_inline = false;	     ///< soft: every entry is the worker's
	bool status_phase = false;   ///< make every queue with ACCEL_QUEUE_FLAGS_STATUS_PHASE
	uint32_t parallel = 0;	     ///< soft: workers that may serve a queue at once
};

/// Takes a piece of what a run reports, and brings it to its reader at once. What it throws ends the run.
using Write = std::function<void(std::string_view text)>;

/// Nothing could be run: no such device, or no obligation fits the filter. what() is the cause.
class NothingRun : public std::runtime_error {
	using std::runtime_error::runtime_error;
};

/// Run the obligations and report to @write, as TAP version 14 or as JSON.
///
/// Each one runs in a child process of its own, which opens the device itself: it can neither end nor
/// hang the run. Call it from a process that has one thread and no device open.
/// Throws NothingRun; in a TAP report the cause then stands, too.
/// @return whether none failed.
bool run(const Options &options, const Write &write);

} // namespace accel::conform
