// SPDX-License-Identifier: MIT
// docs/provider.md and the code have the same obligations: number, name, and what each demands.
#include "conform/obligations.hpp"

#include <fstream>
#include <gtest/gtest.h>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace accel::conform {
namespace {

struct Row {
	unsigned number;
	std::string demands, why, name;

	bool operator==(const Row &) const = default;
};

std::vector<Row> documented()
{
	static const std::regex kRow(R"(^\| P-(\d+) \| (.+) \| (.+) \| `([a-z0-9-]+)` \|$)");
	std::ifstream file(ACCEL_SOURCE_DIR "/docs/provider.md");
	std::vector<Row> rows;
	std::smatch m;

	for (std::string line; std::getline(file, line);) {
		if (std::regex_match(line, m, kRow))
			rows.push_back({static_cast<unsigned>(std::stoul(m[1])), m[2], m[3], m[4]});
		else
			EXPECT_NE(line.rfind("| P-", 0), 0u)
				<< "not in the form of the others: " << line;
	}
	return rows;
}

TEST(Obligations, DocumentAndCodeHaveTheSame)
{
	std::vector<Row> rows = documented();
	size_t i = 0;

	ASSERT_EQ(rows.size(), obligations().size());
	for (const Obligation &obligation : obligations()) {
		EXPECT_EQ(rows[i].number, obligation.number);
		EXPECT_EQ(rows[i].name, obligation.name);
		EXPECT_EQ(rows[i].demands, obligation.demands);
		i++;
	}
}

TEST(Obligations, NumbersAndNamesAreUnique)
{
	std::set<unsigned> numbers;
	std::set<std::string> names;

	EXPECT_GE(obligations().size(), 75u);
	for (const Obligation &obligation : obligations()) {
		EXPECT_TRUE(numbers.insert(obligation.number).second) << obligation.number;
		EXPECT_TRUE(names.insert(obligation.name).second) << obligation.name;
		EXPECT_NE(obligation.test, nullptr) << obligation.name;
		EXPECT_EQ(std::string(obligation.demands).find_first_of("#|\n"), std::string::npos)
			<< obligation.name;
	}
}

TEST(Obligations, ReferencesOfTheDocumentExist)
{
	static const std::regex kNumber(R"(P-(\d+))");
	std::set<unsigned> numbers;

	for (const Obligation &obligation : obligations())
		numbers.insert(obligation.number);
	for (const Row &row : documented()) {
		EXPECT_NE(row.why, "") << row.name;
		for (std::sregex_iterator at(row.why.begin(), row.why.end(), kNumber), end;
		     at != end; ++at) {
			auto number = static_cast<unsigned>(std::stoul((*at)[1]));

			EXPECT_TRUE(numbers.contains(number)) << row.name << ": " << row.why;
			EXPECT_LT(number, row.number) << row.name;
		}
	}
}

} // namespace
} // namespace accel::conform
