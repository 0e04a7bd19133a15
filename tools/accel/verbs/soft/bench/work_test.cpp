// SPDX-License-Identifier: MIT
// The checks of `accel bench` accept correct work and refuse missing or wrong work.
#include "terminal/fail.hpp"
#include "verbs/soft/bench/work.hpp"
#include "verbs/soft/queue/accelerator.hpp"

#include <cerrno>
#include <gtest/gtest.h>
#include <ostream>

namespace {

using namespace cli;

struct Case {
	accel_soft_op operation;
	uint64_t size;

	friend void PrintTo(const Case &one, std::ostream *out)
	{
		*out << "operation " << static_cast<unsigned>(one.operation) << ", " << one.size
		     << " bytes";
	}
};

class BenchWorkTest : public testing::TestWithParam<Case> {
protected:
	static constexpr uint32_t kSlots = 3;

	std::unique_ptr<BenchWork> make()
	{
		return BenchWork::make(memory_, execute_, GetParam().operation, GetParam().size,
				       kSlots);
	}

	void run_all(BenchWork &work)
	{
		for (uint32_t i = 0; i < work.slots(); ++i)
			work.take(i, execute_(work.descriptor(i)));
	}

	/// Returns the output of a descriptor; empty if it has none.
	std::span<std::byte> output(const accel_soft_descriptor &d, const accel_completion &done)
	{
		switch (d.op) {
		case ACCEL_SOFT_OP_COPY:
		case ACCEL_SOFT_OP_FILL:
		case ACCEL_SOFT_OP_COPY_CRC32C: return {at(d.transfer.dst), d.transfer.length};
		case ACCEL_SOFT_OP_DEFLATE:
		case ACCEL_SOFT_OP_INFLATE: return {at(d.compress.dst), done.result};
		case ACCEL_SOFT_OP_MATMUL:
			return {at(d.matmul.c), size_t{d.matmul.m} * d.matmul.n * sizeof(float)};
		default: return {};
		}
	}

	static std::byte *at(uint64_t address)
	{
		return reinterpret_cast<std::byte *>(static_cast<uintptr_t>(address));
	}

	static int exit_of(const std::function<void()> &work)
	{
		try {
			work();
			return 0;
		} catch (const Failure &failure) {
			return static_cast<int>(failure.code);
		}
	}

	BenchMemory memory_;
	accel::Device device_ = open_device("soft0", {});
	Accelerator accelerator_{device_, RunOptions(), 4, 1};
	BenchWork::Execute execute_ = [this](const accel_soft_descriptor &descriptor) {
		accelerator_.publish(descriptor);
		return accelerator_.next();
	};
};

TEST_P(BenchWorkTest, AcceptsCorrectWork)
{
	std::unique_ptr<BenchWork> work = make();

	ASSERT_EQ(work->slots(), kSlots);
	work->corrupt();
	run_all(*work);
	EXPECT_NO_THROW(work->check(kSlots));
	work->corrupt();
	run_all(*work);
	EXPECT_NO_THROW(work->check(kSlots)) << "a second time";
}

/// Operations with an output in memory.
class BenchOutputTest : public BenchWorkTest {};

TEST_P(BenchOutputTest, FindsMissingWork)
{
	std::unique_ptr<BenchWork> work = make();

	run_all(*work);
	for (uint32_t lazy = 0; lazy < kSlots; ++lazy) {
		work->corrupt();
		for (uint32_t i = 0; i < kSlots; ++i)
			if (i != lazy)
				work->take(i, execute_(work->descriptor(i)));
		EXPECT_NE(exit_of([&] { work->check(kSlots); }), 0) << lazy;
	}
}

TEST_P(BenchOutputTest, FindsOneWrongByte)
{
	std::unique_ptr<BenchWork> work = make();

	work->corrupt();
	for (uint32_t i = 0; i < kSlots; ++i) {
		accel_completion done = execute_(work->descriptor(i));
		std::span<std::byte> out = output(work->descriptor(i), done);

		ASSERT_FALSE(out.empty());
		if (i == kSlots - 1)
			// Of a gzip member the last byte belongs to its length.
			out.back() ^= std::byte{0x40};
	}
	EXPECT_NO_THROW(work->check(kSlots - 1));
	EXPECT_NE(exit_of([&] { work->check(kSlots); }), 0);
}

/// Operations that copy.
class BenchCopyTest : public BenchWorkTest {};

TEST_P(BenchCopyTest, FindsWorkOnTheWrongSlot)
{
	std::unique_ptr<BenchWork> work = make();
	accel_soft_descriptor other = work->descriptor(1);

	run_all(*work);
	other.transfer.src = work->descriptor(0).transfer.src;
	execute_(other);
	EXPECT_EQ(exit_of([&] { work->check(kSlots); }), static_cast<int>(Exit::difference));
}

TEST_P(BenchWorkTest, FindsAWrongResultAndAFault)
{
	std::unique_ptr<BenchWork> work = make();
	accel_completion done = execute_(work->descriptor(0));

	EXPECT_NO_THROW(work->take(0, done));
	done.result ^= 1;
	EXPECT_EQ(exit_of([&] { work->take(0, done); }), static_cast<int>(Exit::difference));
	done.result ^= 1;
	done.status = ACCEL_RING_STATUS_ENGINE_ERROR;
	done.detail = EIO;
	EXPECT_EQ(exit_of([&] { work->take(0, done); }), static_cast<int>(Exit::device));
	done.detail = ENOMEM;
	EXPECT_EQ(exit_of([&] { work->take(0, done); }), static_cast<int>(Exit::resources));
}

TEST_P(BenchWorkTest, TakesFewerSlotsThanMemoryHas)
{
	uint64_t size = GetParam().size ? BenchWork::kMostBytes : 0;
	std::unique_ptr<BenchWork> work =
		BenchWork::make(memory_, execute_, GetParam().operation, size, 64);

	if (size) {
		EXPECT_GE(work->slots(), 1u);
		EXPECT_LE(work->slots(), BenchMemory::kBytes / size);
	} else {
		EXPECT_EQ(work->slots(), 64u);
	}
}

const Case kWithoutOutput[] = {{ACCEL_SOFT_OP_NOP, 0},
			       {ACCEL_SOFT_OP_COMPARE, 1},
			       {ACCEL_SOFT_OP_COMPARE, 4096},
			       {ACCEL_SOFT_OP_CRC32C, 9}};
const Case kCopies[] = {
	{ACCEL_SOFT_OP_COPY, 1}, {ACCEL_SOFT_OP_COPY, 4099}, {ACCEL_SOFT_OP_COPY_CRC32C, 4097}};
const Case kOthers[] = {{ACCEL_SOFT_OP_FILL, 13},   {ACCEL_SOFT_OP_FILL, 65536},
			{ACCEL_SOFT_OP_DEFLATE, 1}, {ACCEL_SOFT_OP_DEFLATE, 70001},
			{ACCEL_SOFT_OP_INFLATE, 1}, {ACCEL_SOFT_OP_INFLATE, 70001},
			{ACCEL_SOFT_OP_MATMUL, 1},  {ACCEL_SOFT_OP_MATMUL, 4096}};

INSTANTIATE_TEST_SUITE_P(WithoutOutput, BenchWorkTest, testing::ValuesIn(kWithoutOutput));
INSTANTIATE_TEST_SUITE_P(Copies, BenchWorkTest, testing::ValuesIn(kCopies));
INSTANTIATE_TEST_SUITE_P(Others, BenchWorkTest, testing::ValuesIn(kOthers));
INSTANTIATE_TEST_SUITE_P(Copies, BenchOutputTest, testing::ValuesIn(kCopies));
INSTANTIATE_TEST_SUITE_P(Others, BenchOutputTest, testing::ValuesIn(kOthers));
INSTANTIATE_TEST_SUITE_P(Copies, BenchCopyTest, testing::ValuesIn(kCopies));

} // namespace
