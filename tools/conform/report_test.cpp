// SPDX-License-Identifier: MIT
// The forms of a report, and the result of a run that runs nothing.
#include "conform/conform.hpp"
#include "conform/report.hpp"

#include <accel/accel.h>
#include <algorithm>
#include <gtest/gtest.h>
#include <new>
#include <nlohmann/json.hpp>

namespace accel::conform {
namespace {

/// Keeps the written text.
class Text {
public:
	Write write()
	{
		return [this](std::string_view text) { text_ += text; };
	}
	const std::string &text() const { return text_; }

private:
	std::string text_;
};

constexpr Obligation kOne{7, "section", "one", nullptr, "It does one thing", "a reason"};

void report_three(Report &report)
{
	report.start("dev0", "none", "default", 42, 3);
	report.result(kOne, {Outcome::passed, "", 0.5});
	report.result(kOne, {Outcome::failed, "a \"b\"\nsecond # line \xff", 0.25});
	report.result(kOne, {Outcome::skipped, "not\nhere # at all", 0});
	report.end({1, 1, 1});
}

TEST(Report, Tap)
{
	Text out;

	report_three(*make_tap(out.write()));
	std::string text = out.text();
	std::string start = "TAP version 14\n1..3\n# device dev0, provider none, modes: default, "
			    "seed 42, libaccel " +
			    std::string(accel_version()) + "\n";
	EXPECT_EQ(text, start + "ok 1 - P-007 one: It does one thing\n"
				"not ok 2 - P-007 one: It does one thing\n"
				"  ---\n"
				"  message: \"a \\\"b\\\"\\nsecond # line \xEF\xBF\xBD\"\n"
				"  duration_ms: 250\n"
				"  ...\n"
				"ok 3 - P-007 one: It does one thing # SKIP not here   at all\n"
				"# 1 passed, 1 failed, 1 skipped\n");
}

TEST(Report, Json)
{
	Text out;

	report_three(*make_json(out.write()));
	auto document = nlohmann::json::parse(out.text());
	EXPECT_EQ(document["device"], "dev0");
	EXPECT_EQ(document["seed"], 42);
	EXPECT_EQ(document["failed"], 1);
	ASSERT_EQ(document["obligations"].size(), 3u);
	EXPECT_EQ(document["obligations"][0]["number"], "P-007");
	EXPECT_EQ(document["obligations"][1]["outcome"], "failed");
	EXPECT_EQ(document["obligations"][2]["reason"], "not\nhere # at all");
	EXPECT_FALSE(document["obligations"][0].contains("reason"));
}

bool run_with(const Options &options, std::string &text)
{
	text.clear();
	return run(options, [&](std::string_view piece) { text += piece; });
}

/// Returns the cause of NothingRun.
std::string cause_of(const Options &options, std::string &text)
{
	try {
		run_with(options, text);
	} catch (const NothingRun &nothing) {
		return nothing.what();
	}
	return "";
}

TEST(Run, UnknownDeviceIsABailOut)
{
	std::string text;
	Options options;

	options.device = "no-such-device";
	EXPECT_NE(cause_of(options, text).find("no-such-device"), std::string::npos);
	EXPECT_NE(text.find("Bail out!"), std::string::npos) << text;
	EXPECT_NE(text.find("no-such-device"), std::string::npos) << text;
	options.json = true;
	EXPECT_NE(cause_of(options, text).find("no-such-device"), std::string::npos);
	EXPECT_EQ(text, "");
}

TEST(Run, AFilterThatFitsNothingSaysWhatThereIs)
{
	std::string text;
	Options options;

	options.device = "null0";
	options.filter = "no-such-test";
	EXPECT_NE(cause_of(options, text).find("P-001"), std::string::npos);
	EXPECT_NE(text.find("P-001"), std::string::npos) << text;
}

TEST(Run, AReportThatCannotBeWrittenEndsTheRun)
{
	Options options;
	unsigned pieces = 0;

	options.device = "null0";
	options.filter = "P-00";
	auto write = [&](std::string_view) {
		if (++pieces == 2)
			throw std::bad_alloc();
	};
	EXPECT_THROW(run(options, write), std::bad_alloc);
	EXPECT_EQ(pieces, 2u);
}

TEST(Run, ListsByNumberNameAndPattern)
{
	std::string text;
	Options options;

	options.list = true;
	options.filter = "P-001";
	EXPECT_TRUE(run_with(options, text));
	EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1) << text;
	options.filter = "P-00[12]";
	EXPECT_TRUE(run_with(options, text));
	EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2) << text;
	options.filter = "fork";
	options.json = true;
	EXPECT_TRUE(run_with(options, text));
	auto document = nlohmann::json::parse(text);
	ASSERT_GE(document.size(), 1u);
	for (const char *key : {"number", "section", "name", "demands", "why"})
		EXPECT_TRUE(document[0].contains(key)) << key;
}

} // namespace
} // namespace accel::conform
