// SPDX-License-Identifier: MIT
// The two forms of a report.
#include "conform/report.hpp"

#include <accel/accel.h>
#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <utility>

namespace accel::conform {

namespace {

/* Returns one line that contains no TAP directive. */
std::string on_one_line(std::string text)
{
	std::replace_if(
		text.begin(), text.end(),
		[](char c) { return static_cast<unsigned char>(c) < ' ' || c == '#'; }, ' ');
	return text;
}

const char *outcome_text(Outcome outcome)
{
	switch (outcome) {
	case Outcome::passed: return "passed";
	case Outcome::failed: return "failed";
	case Outcome::skipped: break;
	}
	return "skipped";
}

class Tap final : public Report {
public:
	explicit Tap(Write write) : write_(std::move(write)) {}

	void start(const std::string &device, const std::string &provider, const std::string &modes,
		   uint64_t seed, size_t count) override
	{
		write_(fmt::format("TAP version 14\n1..{}\n# device {}, provider {}, modes: {}, "
				   "seed {}, libaccel {}\n",
				   count, device, provider, modes, seed, accel_version()));
	}

	void result(const Obligation &obligation, const Verdict &verdict) override
	{
		std::string line = fmt::format("{} {} - {} {}: {}",
					       verdict.outcome == Outcome::failed ? "not ok" : "ok",
					       ++count_, number_text(obligation), obligation.name,
					       on_one_line(obligation.demands));

		if (verdict.outcome == Outcome::skipped)
			line += " # SKIP " + on_one_line(verdict.text);
		line += '\n';
		if (verdict.outcome == Outcome::failed)
			line += fmt::format(
				"  ---\n  message: {}\n  duration_ms: {:.0f}\n  ...\n",
				nlohmann::json(verdict.text).dump(-1, ' ', false, kReplace),
				verdict.seconds * 1e3);
		write_(line);
	}

	void end(const Totals &totals) override
	{
		write_(fmt::format("# {} passed, {} failed, {} skipped\n", totals.passed,
				   totals.failed, totals.skipped));
	}

	void nothing(const std::string &cause) override
	{
		write_(fmt::format("TAP version 14\nBail out! {}\n", on_one_line(cause)));
	}

private:
	/* A text that was truncated within a character must not end the report. */
	static constexpr auto kReplace = nlohmann::json::error_handler_t::replace;

	Write write_;
	unsigned count_ = 0;
};

class Json final : public Report {
public:
	explicit Json(Write write) : write_(std::move(write)) {}

	void start(const std::string &device, const std::string &provider, const std::string &modes,
		   uint64_t seed, size_t) override
	{
		document_ = {{"device", device},
			     {"provider", provider},
			     {"modes", modes},
			     {"seed", seed},
			     {"version", accel_version()}};
		document_["obligations"] = nlohmann::ordered_json::array();
	}

	void result(const Obligation &obligation, const Verdict &verdict) override
	{
		nlohmann::ordered_json line = {{"number", number_text(obligation)},
					       {"name", obligation.name},
					       {"demands", obligation.demands},
					       {"outcome", outcome_text(verdict.outcome)},
					       {"seconds", verdict.seconds}};

		if (!verdict.text.empty())
			line["reason"] = verdict.text;
		document_["obligations"].push_back(std::move(line));
	}

	void end(const Totals &totals) override
	{
		document_["passed"] = totals.passed;
		document_["failed"] = totals.failed;
		document_["skipped"] = totals.skipped;
		write_(document_.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) +
		       "\n");
	}

	void nothing(const std::string &) override {} // the caller writes the document of an error

private:
	Write write_;
	nlohmann::ordered_json document_;
};

} // namespace

std::unique_ptr<Report> make_tap(Write write)
{
	return std::make_unique<Tap>(std::move(write));
}

std::unique_ptr<Report> make_json(Write write)
{
	return std::make_unique<Json>(std::move(write));
}

std::string number_text(const Obligation &obligation)
{
	return fmt::format("P-{:03}", obligation.number);
}

} // namespace accel::conform
