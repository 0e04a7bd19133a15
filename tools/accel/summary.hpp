// SPDX-License-Identifier: MIT
// What `run` says about what it did: one line on stderr, or JSON.
#pragma once

#include "options.hpp"
#include "output.hpp"

#include <string>

namespace cli {

class Output;

struct Summary {
	std::string operation;
	std::string input;
	std::string output;
	uint64_t bytes_in = 0;
	uint64_t bytes_out = 0;
	double seconds = 0;
	uint64_t descriptors = 0;
	uint64_t in_flight = 0; // at most
	unsigned parallel = 0;
	uint64_t processed = 0; // bytes that the rate speaks of; 0: bytes_in
};

/// JSON if that is asked for, with @more members; else a line on stderr with --verbose or on a terminal.
void report(const RunOptions &options, const Summary &summary, const Json &more);

/// Report, and only when that has arrived let the output appear: any failure leaves the file as it was.
void report_and_finish(const RunOptions &options, const Summary &summary, Output &output);

} // namespace cli
