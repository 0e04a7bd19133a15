// SPDX-License-Identifier: MIT
// Tests of matrix multiplication.
#include "engine.hpp"
#include "test_matmul.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <filesystem>

namespace accel::core::engine {
namespace {

using test::Case;
using test::Shape;

constexpr DType kTypes[] = {DType::f32, DType::bf16, DType::s8};

class MatmulTest : public testing::TestWithParam<DType> {
protected:
	void expect_right(const Shape &shape)
	{
		Case one(GetParam(), shape);
		one.randomise(shape.m + 100 * shape.n + 10000 * shape.k);
		ASSERT_EQ(multiplier_.run(one.job), Status::ok);
		SCOPED_TRACE(testing::Message() << shape.m << " x " << shape.k << " x " << shape.n);
		ASSERT_NO_FATAL_FAILURE(one.check());
	}

	Multiplier multiplier_;
};

TEST_P(MatmulTest, EverySmallSize)
{
	for (std::uint32_t m = 1; m < 8; m++)
		for (std::uint32_t n = 1; n < 8; n++)
			for (std::uint32_t k = 1; k < 8; k++)
				ASSERT_NO_FATAL_FAILURE(expect_right({m, n, k}));
}

TEST_P(MatmulTest, OddSizesAndStrides)
{
	for (const std::uint32_t more : {0, 1, 7}) {
		for (const Shape &s :
		     {Shape{1, 77, 33}, Shape{65, 1, 300}, Shape{13, 17, 1}, Shape{31, 33, 63},
		      Shape{100, 101, 99}, Shape{1, 1, 5000}, Shape{64, 48, 128}})
			ASSERT_NO_FATAL_FAILURE(
				expect_right({s.m, s.n, s.k, more, 2 * more, 3 * more}));
	}
}

TEST_P(MatmulTest, SizesOfSeveralTiles)
{
	// Larger than a tile in each direction and not a multiple of it.
	ASSERT_NO_FATAL_FAILURE(expect_right({130, 3, 2050, 1, 0, 5}));
	ASSERT_NO_FATAL_FAILURE(expect_right({3, 520, 1025}));
	ASSERT_NO_FATAL_FAILURE(expect_right({257, 259, 40, 3, 2, 1}));
}

TEST_P(MatmulTest, SizesFromWhichAPrimitiveMayPay)
{
	// 128 x 128 x 128 products, also with one small dimension.
	for (const Shape &s :
	     {Shape{128, 128, 128}, Shape{129, 127, 131, 7, 5, 3}, Shape{1, 1449, 1449, 1, 1},
	      Shape{1449, 1, 1449, 0, 3, 2}, Shape{1449, 1449, 1, 3, 0, 1}, Shape{127, 128, 128}})
		ASSERT_NO_FATAL_FAILURE(expect_right(s));
	// Again, with the cached primitives.
	ASSERT_NO_FATAL_FAILURE(expect_right({129, 127, 131, 7, 5, 3}));
}

TEST_P(MatmulTest, WithoutProductsCIsZero)
{
	Case one(GetParam(), {3, 5, 0, 0, 0, 2});
	EXPECT_EQ(multiplier_.run(one.job), Status::ok);
	one.check();
}

TEST_P(MatmulTest, WithoutElementsNothingIsDone)
{
	EXPECT_EQ(multiplier_.run(Case(GetParam(), {0, 5, 3}).job), Status::ok);
	Case one(GetParam(), {4, 0, 3, 0, 0, 1});
	EXPECT_EQ(multiplier_.run(one.job), Status::ok);
	one.check();
}

TEST_P(MatmulTest, StridesBelowTheRowAreRefused)
{
	Case one(GetParam(), {4, 5, 6});
	for (const auto stride : {&Matmul::lda, &Matmul::ldb, &Matmul::ldc}) {
		Matmul job = one.job;
		(job.*stride)--;
		EXPECT_EQ(multiplier_.run(job), Status::unsupported);
	}
}

INSTANTIATE_TEST_SUITE_P(Types, MatmulTest, testing::ValuesIn(kTypes), [](const auto &the) {
	return std::string(the.param == DType::f32  ? "f32" :
			   the.param == DType::bf16 ? "bf16" :
						      "s8");
});

TEST(MatmulS8, IsExactAtTheEnds)
{
	Multiplier multiplier;
	for (const int left : {-128, 127}) {
		for (const int right : {-128, 127}) {
			// The sums exceed the range of exact integers in binary32 and are odd.
			for (const std::uint32_t k : {2U, 64U, 1024U, 2051U, 65536U}) {
				Case one(DType::s8, {5, 19, k});
				one.put_all(left, right);
				*static_cast<std::int8_t *>(const_cast<void *>(one.job.a)) = 1;
				ASSERT_EQ(multiplier.run(one.job), Status::ok);
				ASSERT_NO_FATAL_FAILURE(one.check());
			}
		}
	}
}

TEST(Matmul, RefusesTypesThatAreNotThere)
{
	Case one(DType::s8, {1, 1, 1});
	one.job.type = static_cast<DType>(3);
	EXPECT_EQ(Multiplier().run(one.job), Status::unsupported);
}

// oneDNN and the multiplier use other code on older processors. oneDNN reads its limit at the start of a
// process.
class OtherProcessor : public testing::TestWithParam<std::string> {};

TEST_P(OtherProcessor, MultipliesAlike)
{
	if (getenv("ONEDNN_MAX_CPU_ISA"))
		GTEST_SKIP() << "ONEDNN_MAX_CPU_ISA is set already";
	const std::string limit = "ONEDNN_MAX_CPU_ISA=" + GetParam();
	const std::string command =
		"exec env " + limit + " '" +
		std::filesystem::read_symlink("/proc/self/exe").string() +
		"' --gtest_brief=1 --gtest_filter='Types/MatmulTest.*:MatmulS8.*'";
	const int status = std::system(command.c_str());
	EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << command;
}

INSTANTIATE_TEST_SUITE_P(Limits, OtherProcessor,
			 testing::Values<std::string>("SSE41", "AVX2", "AVX2_VNNI", "AVX512_CORE",
						      "AVX512_CORE_VNNI"),
			 [](const auto &the) { return the.param; });

} // namespace
} // namespace accel::core::engine
