// SPDX-License-Identifier: MIT
// The description of a device, parsed and printed by the library, equals the specification as gen/ prints it.
#include "uabi/describe.hpp"

#include <accel/uabi/accel_policy.hpp>
#include <accel/uabi/soft_policy.hpp>
#include <cstdio>
#include <cstring>
#include <gtest/gtest.h>
#include <ostream>

namespace accel::core::uabi {
namespace {

/// Returns the output of `python3 -m gen ARGUMENTS`.
std::string gen(const std::string &arguments)
{
	const std::string command = "cd '" ACCEL_TOP "' && PYTHONDONTWRITEBYTECODE=1 '" ACCEL_PYTHON
				    "' -m gen " +
				    arguments;
	std::string all;
	char part[4096];
	FILE *pipe = popen(command.c_str(), "r");

	if (!pipe)
		return all;
	while (size_t bytes = fread(part, 1, sizeof(part), pipe))
		all.append(part, bytes);
	EXPECT_EQ(pclose(pipe), 0) << command;
	return all;
}

struct Namespace {
	const char *name;
	const Policy *policy;

	friend void PrintTo(const Namespace &one, std::ostream *out) { *out << one.name; }
};

class Show : public testing::TestWithParam<Namespace> {};

TEST_P(Show, EqualsTheSpecification)
{
	const auto [name, policy] = GetParam();
	const std::string blob = gen(std::string("--describe ") + name);
	std::span<const std::byte> ours = policy->description();
	Description description;
	std::string text;

	ASSERT_EQ(blob.size(), ours.size());
	EXPECT_EQ(std::memcmp(blob.data(), ours.data(), blob.size()), 0);
	ASSERT_EQ(description.parse(std::as_bytes(std::span(blob))), 0);
	ASSERT_EQ(show_policy(description.policy(), text), 0);
	EXPECT_EQ(text, gen(std::string("--show ") + name));
}

INSTANTIATE_TEST_SUITE_P(All, Show,
			 testing::Values(Namespace{"accel", &kPolicy},
					 Namespace{"soft", &soft::kPolicy}),
			 [](const auto &one) { return std::string(one.param.name); });

} // namespace
} // namespace accel::core::uabi
