// SPDX-License-Identifier: MIT
// A run: chooses the obligations, opens the device once, runs each obligation in a child process, counts.
#include "conform/conform.hpp"

#include "conform/apart.hpp"
#include "conform/check.hpp"
#include "conform/obligations.hpp"
#include "conform/report.hpp"
#include "conform/test.hpp"

#include <chrono>
#include <fmt/format.h>
#include <fnmatch.h>
#include <nlohmann/json.hpp>
#include <vector>

namespace accel::conform {

namespace {

bool chosen(const Obligation &obligation, const std::string &filter)
{
	std::string number = number_text(obligation);
	std::string name = obligation.name;

	return number.find(filter) != std::string::npos || name.find(filter) != std::string::npos ||
	       fnmatch(filter.c_str(), number.c_str(), 0) == 0 ||
	       fnmatch(filter.c_str(), name.c_str(), 0) == 0;
}

std::vector<const Obligation *> choose(const std::string &filter)
{
	std::vector<const Obligation *> list;

	for (const Obligation &obligation : obligations())
		if (chosen(obligation, filter))
			list.push_back(&obligation);
	return list;
}

void print_list(const std::vector<const Obligation *> &list, bool json, const Write &write)
{
	std::string text;
	auto document = nlohmann::ordered_json::array();

	for (const Obligation *o : list) {
		if (json)
			document.push_back({{"number", number_text(*o)},
					    {"section", o->section},
					    {"name", o->name},
					    {"demands", o->demands},
					    {"why", o->why}});
		else
			text += fmt::format("{}  {:<28}  {}\n", number_text(*o), o->name,
					    o->demands);
	}
	write(json ? document.dump(2) + "\n" : text);
}

std::string modes_text(const Options &options)
{
	std::string text;

	if (options.multi_producer)
		text += " multi-producer";
	if (options.no_inline)
		text += " no-inline";
	if (options.status_phase)
		text += " status-phase";
	if (options.parallel)
		text += fmt::format(" parallel={}", options.parallel);
	return text.empty() ? "default" : text.substr(1);
}

/* Finds the provider of the device, or why it cannot be opened. Runs in a child, because no device may have been open
 * in this process before the forks that follow. */
Verdict probe(const Options &options, std::string &provider)
{
	Verdict verdict = run_apart(
		[&] {
			auto device = Device::open(options.device.c_str());

			if (!device)
				throw Failed{std::string(device.error().message())};
			/* The child returns the name of the provider as the reason of a skip. */
			skip(std::string(device->provider()));
		},
		options.timeout_s);

	if (verdict.outcome == Outcome::skipped)
		provider = verdict.text;
	return verdict;
}

[[noreturn]] void nothing_run(Report &report, const std::string &cause)
{
	report.nothing(cause);
	throw NothingRun(cause);
}

uint64_t seed_of(const Options &options)
{
	if (options.seed)
		return options.seed;
	auto now = std::chrono::system_clock::now().time_since_epoch();
	/* Short enough to type. */
	return 1 + static_cast<uint64_t>(now / std::chrono::microseconds(1)) % 1000000000;
}

} // namespace

bool run(const Options &options, const Write &write)
{
	std::vector<const Obligation *> list = choose(options.filter);
	auto report = options.json ? make_json(write) : make_tap(write);
	std::string provider;
	Totals totals{};

	if (list.empty())
		nothing_run(*report,
			    fmt::format("no obligation matches the filter \"{}\"; the numbers are "
					"P-{:03} to P-{:03}, and --list prints the names",
					options.filter, obligations().front().number,
					obligations().back().number));
	if (options.list) {
		print_list(list, options.json, write);
		return true;
	}
	if (Verdict verdict = probe(options, provider); verdict.outcome == Outcome::failed)
		nothing_run(*report, verdict.text);
	uint64_t seed = seed_of(options);

	report->start(options.device, provider, modes_text(options), seed, list.size());
	for (const Obligation *obligation : list) {
		Verdict verdict = run_apart(
			[&] {
				/* The filter does not change the random numbers. */
				Test test(options, seed + obligation->number);
				obligation->test(test);
			},
			options.timeout_s);

		totals.passed += verdict.outcome == Outcome::passed;
		totals.failed += verdict.outcome == Outcome::failed;
		totals.skipped += verdict.outcome == Outcome::skipped;
		report->result(*obligation, verdict);
	}
	report->end(totals);
	return totals.failed == 0;
}

} // namespace accel::conform
