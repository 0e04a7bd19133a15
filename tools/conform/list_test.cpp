// SPDX-License-Identifier: MIT
// The table of obligations is consistent and fits TAP and Markdown.
#include "conform/obligations.hpp"

#include <gtest/gtest.h>
#include <regex>
#include <set>
#include <string>

namespace accel::conform {
namespace {

TEST(Obligations, NumbersAndNamesAreUnique)
{
	std::set<unsigned> numbers;
	std::set<std::string> names;

	EXPECT_GE(obligations().size(), 75u);
	for (const Obligation &obligation : obligations()) {
		EXPECT_TRUE(numbers.insert(obligation.number).second) << obligation.number;
		EXPECT_TRUE(names.insert(obligation.name).second) << obligation.name;
		EXPECT_NE(obligation.test, nullptr) << obligation.name;
	}
}

TEST(Obligations, TextsFitTapAndMarkdown)
{
	for (const Obligation &obligation : obligations()) {
		for (const char *text :
		     {obligation.section, obligation.name, obligation.demands, obligation.why}) {
			EXPECT_STRNE(text, "") << obligation.name;
			EXPECT_EQ(std::string(text).find_first_of("#|\n"), std::string::npos)
				<< obligation.name;
		}
	}
}

TEST(Obligations, SectionsAreContiguous)
{
	std::set<std::string> sections;
	std::string last;

	for (const Obligation &obligation : obligations()) {
		if (obligation.section != last) {
			EXPECT_TRUE(sections.insert(obligation.section).second) << obligation.name;
		}
		last = obligation.section;
	}
}

TEST(Obligations, ReferencesAreToEarlierNumbers)
{
	static const std::regex kNumber(R"(P-(\d+))");
	std::set<unsigned> numbers;

	for (const Obligation &obligation : obligations())
		numbers.insert(obligation.number);
	for (const Obligation &obligation : obligations()) {
		const std::string text = std::string(obligation.demands) + obligation.why;

		for (std::sregex_iterator at(text.begin(), text.end(), kNumber), end; at != end;
		     ++at) {
			auto number = static_cast<unsigned>(std::stoul((*at)[1]));

			EXPECT_TRUE(numbers.contains(number)) << obligation.name << ": " << text;
			EXPECT_LT(number, obligation.number) << obligation.name;
		}
	}
}

} // namespace
} // namespace accel::conform
