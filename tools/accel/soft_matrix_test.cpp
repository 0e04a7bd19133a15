// SPDX-License-Identifier: MIT
// What a product may be off by, and what it may not, where it is not a finite number.
#include "soft_matrix.hpp"

#include <cfloat>
#include <cstring>
#include <gtest/gtest.h>
#include <limits>

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

/// Whether c is taken for a · b.
bool passes(float a, float b, float c)
{
	return check_product(element_type("f32"), {1, 1, 1}, one(a), one(b), one(c)).wrong == 0;
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

} // namespace
} // namespace cli
