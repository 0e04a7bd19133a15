// SPDX-License-Identifier: MIT
// Conformance: runs the numbered obligations of docs/provider.md against one device.
#pragma once

#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace accel::conform {

/// What to run and how; `accel conform` has an option of the same name for each member.
struct Options {
	std::string device; ///< the argument of accel_device_open()
	std::string
		filter; ///< run only obligations whose number or name contains it, or matches it as
			///< a shell pattern ("P-0[1-3]*", "*fork*"); "" runs all
	bool list = false; ///< print the obligations; open nothing
	bool json = false; ///< one JSON document in place of TAP
	uint64_t seed =
		0; ///< of the random tests; 0 derives one from the clock. Every run prints it.
	unsigned timeout_s = 60; ///< limit for one obligation, in seconds

	bool multi_producer = false; ///< create every queue with ACCEL_QUEUE_FLAGS_MULTI_PRODUCER
	bool no_inline = false;	     ///< soft: no inline execution
	bool status_phase = false;   ///< create every queue with ACCEL_QUEUE_FLAGS_STATUS_PHASE
	uint32_t parallel = 0;	     ///< soft: number of workers that may serve a queue at once
};

/// Writes a piece of the report to its reader without delay. An exception that it throws ends the run.
using Write = std::function<void(std::string_view text)>;

/// Nothing could be run: the device does not exist, or no obligation matches the filter. what() is the cause.
class NothingRun : public std::runtime_error {
	using std::runtime_error::runtime_error;
};

/// Runs the obligations and reports to @write, as TAP version 14 or as JSON.
///
/// Each obligation runs in a child process, which opens the device itself and can neither end nor block the run. The
/// calling process must have one thread and no open device. Throws NothingRun; a TAP report then contains the cause.
/// @return whether no obligation failed.
bool run(const Options &options, const Write &write);

} // namespace accel::conform
