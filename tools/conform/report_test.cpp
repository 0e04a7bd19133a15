// SPDX-License-Identifier: MIT
// The forms of a report, and what a run answers that can run nothing.
#include "conform/conform.hpp"
#include "conform/report.hpp"

#include <accel/accel.h>
#include <algorithm>
#include <cstdlib>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace accel::conform {
namespace {

/// A FILE that keeps what is written.
class Text {
public:
	Text() : file_(open_memstream(&text_, &size_)) {}
	~Text()
	{
		std::fclose(file_);
		std::free(text_);
	}
	Text(const Text &) = delete;
	Text &operator=(const Text &) = delete;

	std::FILE *file() { return file_; }
	std::string text()
	{
		std::fflush(file_);
		return {text_, size_};
	}

private:
	char *text_ = nullptr;
	size_t size_ = 0;
	std::FILE *file_;
};

constexpr Obligation kOne{7, "one", nullptr, "It does one thing"};

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

	report_three(*make_tap(out.file()));
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

	report_three(*make_json(out.file()));
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

int run_with(const Options &options, std::string &text)
{
	Text out;
	int result = run(options, out.file());

	text = out.text();
	return result;
}

TEST(Run, UnknownDeviceIsABailOut)
{
	std::string text;
	Options options;

	options.device = "no-such-device";
	EXPECT_EQ(run_with(options, text), 2);
	EXPECT_NE(text.find("Bail out!"), std::string::npos) << text;
	EXPECT_NE(text.find("no-such-device"), std::string::npos) << text;
	options.json = true;
	EXPECT_EQ(run_with(options, text), 2);
	EXPECT_TRUE(nlohmann::json::parse(text).contains("error"));
}

TEST(Run, AFilterThatFitsNothingSaysWhatThereIs)
{
	std::string text;
	Options options;

	options.device = "null0";
	options.filter = "no-such-test";
	EXPECT_EQ(run_with(options, text), 2);
	EXPECT_NE(text.find("P-001"), std::string::npos) << text;
}

TEST(Run, ListsByNumberNameAndPattern)
{
	std::string text;
	Options options;

	options.list = true;
	options.filter = "P-001";
	EXPECT_EQ(run_with(options, text), 0);
	EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1) << text;
	options.filter = "P-00[12]";
	EXPECT_EQ(run_with(options, text), 0);
	EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2) << text;
	options.filter = "fork";
	options.json = true;
	EXPECT_EQ(run_with(options, text), 0);
	EXPECT_GE(nlohmann::json::parse(text).size(), 1u);
}

} // namespace
} // namespace accel::conform
