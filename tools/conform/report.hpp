// SPDX-License-Identifier: MIT
// The report of a run: TAP version 14 while it runs, or one JSON document at its end.
#pragma once

#include "conform/apart.hpp"
#include "conform/conform.hpp"
#include "conform/obligations.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace accel::conform {

struct Totals {
	unsigned passed, failed, skipped;
};

/// The output of a run, in the order of the calls below.
class Report {
public:
	virtual ~Report() = default;
	virtual void start(const std::string &device, const std::string &provider,
			   const std::string &modes, uint64_t seed, size_t count) = 0;
	virtual void result(const Obligation &obligation, const Verdict &verdict) = 0;
	virtual void end(const Totals &totals) = 0;
	/// Replaces all calls above: why nothing could be run, if the form has a place for the cause.
	virtual void nothing(const std::string &cause) = 0;
};

std::unique_ptr<Report> make_tap(Write write);
std::unique_ptr<Report> make_json(Write write);

/// "P-007"
std::string number_text(const Obligation &obligation);

} // namespace accel::conform
