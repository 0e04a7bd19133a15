// SPDX-License-Identifier: MIT
// Tests which results check_product() accepts: rounding, infinities, NaNs, and partial sums that overflow 32 bits.
#include "verbs/soft/run/matrix.hpp"

#include <cfloat>
#include <cstring>
#include <gtest/gtest.h>
#include <limits>
#include <vector>

namespace cli {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

Matrix one(float value)
{
	Matrix matrix(1, 1, sizeof(value));

	memcpy(matrix.data(), &value, sizeof(value));
	return matrix;
}

/// Returns whether c is accepted as a · b.
bool passes(float a, float b, float c)
{
	return check_product(element_type("f32"), {1, 1, 1}, one(a), one(b), one(c)).wrong == 0;
}

/// Returns whether c is accepted as the product of a row and a column of twos.
bool passes_sum(const std::vector<float> &row, float c)
{
	const auto k = static_cast<uint32_t>(row.size());
	const std::vector<float> column(k, 2);
	Matrix a(1, k, sizeof(float));
	Matrix b(k, 1, sizeof(float));

	memcpy(a.data(), row.data(), a.bytes());
	memcpy(b.data(), column.data(), b.bytes());
	return check_product(element_type("f32"), {1, 1, k}, a, b, one(c)).wrong == 0;
}

TEST(Check, FiniteNumbers)
{
	EXPECT_TRUE(passes(3, 5, 15));
	EXPECT_TRUE(passes(0, 5, 0));
	EXPECT_FALSE(passes(3, 5, 15.001F));
	EXPECT_FALSE(passes(3, 5, kInfinity));
	EXPECT_FALSE(passes(3, 5, kNan));
}

TEST(Check, NotANumber)
{
	EXPECT_TRUE(passes(kNan, 1, kNan));
	EXPECT_TRUE(passes(kInfinity, 0, kNan));
	EXPECT_FALSE(passes(kNan, 1, 1));
	EXPECT_FALSE(passes(kNan, 1, kInfinity));
}

TEST(Check, Infinity)
{
	EXPECT_TRUE(passes(kInfinity, -1, -kInfinity));
	EXPECT_FALSE(passes(kInfinity, 1, -kInfinity));
	EXPECT_FALSE(passes(kInfinity, 1, 1));
	EXPECT_FALSE(passes(kInfinity, 1, kNan));
}

TEST(Check, MoreThan32BitsCanHold)
{
	EXPECT_TRUE(passes(FLT_MAX, 2, kInfinity));
	EXPECT_TRUE(passes(FLT_MAX, -2, -kInfinity));
	EXPECT_FALSE(passes(FLT_MAX, 2, -kInfinity));
	EXPECT_FALSE(passes(FLT_MAX, 2, FLT_MAX));
}

TEST(Check, PartialSumsThatOverflow)
{
	for (float c : {0.0F, kInfinity, -kInfinity, kNan}) {
		EXPECT_TRUE(passes_sum({3e38F, -3e38F}, c)) << c;
		EXPECT_TRUE(passes_sum({-3e38F, 3e38F, -3e38F, 3e38F}, c)) << c;
	}
	EXPECT_FALSE(passes_sum({3e38F, -3e38F}, 3e38F));
}

TEST(Check, PartialSumsThatOverflowInOneDirection)
{
	EXPECT_TRUE(passes_sum({3e38F, -1e38F, -1e38F / 2, -1e38F / 2}, kInfinity));
	EXPECT_TRUE(passes_sum({1e38F, 1e38F, -1e38F}, kInfinity)) << "4e38 in between";
	EXPECT_FALSE(passes_sum({1e38F, 1e38F, -1e38F}, -kInfinity));
	EXPECT_FALSE(passes_sum({1e38F, 1e38F, -1e38F}, kNan));
}

TEST(Check, PartialSumsThatDoNotOverflow)
{
	for (float c : {kInfinity, -kInfinity, kNan})
		EXPECT_FALSE(passes_sum({1e38F, -1e38F}, c)) << c;
	EXPECT_TRUE(passes_sum({1e38F, -1e38F}, 0));
}

TEST(Check, InfinityAndOverflow)
{
	EXPECT_TRUE(passes_sum({kInfinity, -3e38F}, kInfinity));
	EXPECT_TRUE(passes_sum({kInfinity, -3e38F}, kNan)) << "-3e38 · 2 is -inf in 32 bits";
	EXPECT_FALSE(passes_sum({kInfinity, -3e38F}, -kInfinity));
	EXPECT_FALSE(passes_sum({kInfinity, -1}, kNan));
}

} // namespace
} // namespace cli
