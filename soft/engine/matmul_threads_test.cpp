// SPDX-License-Identifier: MIT
// Several threads multiply at the same time, and oneDNN starts no thread of its own.
#include "engine.hpp"
#include "soft/tests/test_process.hpp"
#include "test_matmul.hpp"

#include <gtest/gtest.h>

#include <latch>
#include <thread>
#include <vector>

extern "C" int omp_get_max_threads();

namespace accel::core::engine {
namespace {

using test::Case;

class MatmulThreads : public testing::TestWithParam<DType> {};

TEST_P(MatmulThreads, WorkersInParallelUseOneThreadEach)
{
	constexpr int kWorkers = 3;
	const int setting = omp_get_max_threads();
	const size_t before = accel::core::test::threads_at_rest();
	std::latch done(kWorkers), counted(1);
	{
		std::vector<std::jthread> workers;
		workers.reserve(kWorkers);
		for (int worker = 0; worker < kWorkers; worker++) {
			workers.emplace_back([&, worker, type = GetParam()] {
				Multiplier multiplier;
				Case one(type, {190, 191, 192});
				one.randomise(static_cast<std::uint64_t>(worker));
				for (int i = 0; i < 20; i++)
					EXPECT_EQ(multiplier.run(one.job), Status::ok);
				one.check();
				done.count_down();
				counted.wait();
			});
		}
		done.wait();
		EXPECT_EQ(accel::core::test::threads(), before + kWorkers)
			<< "oneDNN has started a team for a worker";
		counted.count_down();
	}
	Multiplier multiplier;
	Case large(GetParam(), {300, 300, 300});
	large.randomise(1);
	EXPECT_EQ(multiplier.run(large.job), Status::ok);
	EXPECT_EQ(accel::core::test::threads(), before) << "oneDNN has started a team";
	EXPECT_EQ(omp_get_max_threads(), setting) << "the thread's own setting is lost";
}

INSTANTIATE_TEST_SUITE_P(Types, MatmulThreads, testing::Values(DType::f32, DType::bf16, DType::s8),
			 [](const auto &the) {
				 return std::string(the.param == DType::f32  ? "f32" :
						    the.param == DType::bf16 ? "bf16" :
									       "s8");
			 });

} // namespace
} // namespace accel::core::engine
