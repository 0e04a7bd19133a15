// SPDX-License-Identifier: MIT
// The summary of `run`: one line on stderr, or JSON.
#pragma once

#include "run/options.hpp"
#include "terminal/output.hpp"

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
	uint64_t in_flight = 0; // largest number
	unsigned parallel = 0;
	uint64_t processed = 0; // bytes for the rate; 0: bytes_in
};

/// Prints JSON with the @more members if the options ask for it, else a line on stderr with --verbose or on a terminal.
void report(const RunOptions &options, const Summary &summary, const Json &more);

/// Reports, then finishes the output: a report that cannot be written leaves the file unchanged.
void report_and_finish(const RunOptions &options, const Summary &summary, Output &output);

} // namespace cli
