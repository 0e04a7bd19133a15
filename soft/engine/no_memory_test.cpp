// SPDX-License-Identifier: MIT
// Tests of the engines when their allocations fail.
#include "engine.hpp"
#include "test_gzip.hpp"

#include <gtest/gtest.h>

#include <new>
#include <vector>

namespace {

// Number of allocations that succeed before one fails; -1: all succeed.
thread_local int allocations_left = -1;

bool fails()
{
	if (allocations_left < 0)
		return false;
	if (allocations_left == 0)
		return true;
	allocations_left--;
	return false;
}

struct FailAfter {
	explicit FailAfter(int count) { allocations_left = count; }
	~FailAfter() { allocations_left = -1; }
	FailAfter(const FailAfter &) = delete;
	FailAfter &operator=(const FailAfter &) = delete;
};

} // namespace

// The engines use only these forms.
void *operator new(std::size_t size, const std::nothrow_t &) noexcept
try {
	return fails() ? nullptr : ::operator new(size);
} catch (const std::bad_alloc &) {
	return nullptr;
}

void *operator new[](std::size_t size, const std::nothrow_t &) noexcept
try {
	return fails() ? nullptr : ::operator new[](size);
} catch (const std::bad_alloc &) {
	return nullptr;
}

void *operator new(std::size_t size, std::align_val_t align, const std::nothrow_t &) noexcept
try {
	return fails() ? nullptr : ::operator new(size, align);
} catch (const std::bad_alloc &) {
	return nullptr;
}

namespace accel::core::engine {
namespace {

using test::Bytes;

TEST(NoMemory, DeflateSaysSoAndWorksLater)
{
	const Bytes data = test::text(1000);
	Bytes wide(deflate_bound(data.size()));
	// An output smaller than the bound makes the engine compress into memory of its own first.
	Bytes tight(deflate_bound(data.size()) - 9);
	Deflate deflate;
	{
		const FailAfter none(0);
		EXPECT_EQ(deflate.member(1, data, wide).status, Status::no_memory);
	}
	{
		const FailAfter one(1);
		EXPECT_EQ(deflate.member(1, data, tight).status, Status::no_memory);
		EXPECT_EQ(deflate.member(1, data, wide).status, Status::ok);
	}
	EXPECT_EQ(deflate.member(1, data, tight).status, Status::ok);
}

TEST(NoMemory, InflateSaysSoAndWorksLater)
{
	const Bytes data = test::text(1000);
	const Bytes member = test::zlib_deflate(data, 6);
	Bytes out(1000);
	Inflate inflate;
	{
		const FailAfter none(0);
		EXPECT_EQ(inflate.run(member, out, true).status, Status::no_memory);
		inflate.reset();
	}
	EXPECT_EQ(inflate.run(member, out, true).status, Status::stream_end);
	EXPECT_EQ(out, data);
}

TEST(NoMemory, MultiplierSaysSoAndWorksLater)
{
	const std::uint16_t two = 0x4000; // as bf16
	float product = 0;
	const Matmul job{.type = DType::bf16,
			 .m = 1,
			 .n = 1,
			 .k = 1,
			 .lda = 1,
			 .ldb = 1,
			 .ldc = 1,
			 .a = &two,
			 .b = &two,
			 .c = &product};
	Multiplier multiplier;
	{
		const FailAfter none(0);
		EXPECT_EQ(multiplier.run(job), Status::no_memory);
	}
	EXPECT_EQ(multiplier.run(job), Status::ok);
	EXPECT_EQ(product, 4.0f);
}

TEST(NoMemory, MultiplierWithoutAPrimitiveUsesTiles)
{
	constexpr std::uint32_t kSize = 128;
	const std::vector<std::uint16_t> ones(std::size_t{kSize} * kSize, 0x3f80);
	std::vector<float> product(ones.size());
	const Matmul job{.type = DType::bf16,
			 .m = kSize,
			 .n = kSize,
			 .k = kSize,
			 .lda = kSize,
			 .ldb = kSize,
			 .ldc = kSize,
			 .a = ones.data(),
			 .b = ones.data(),
			 .c = product.data()};
	Multiplier multiplier;

	for (const int allocations : {0, 1, 2}) {
		const FailAfter few(allocations);
		const Status status = multiplier.run(job);
		EXPECT_TRUE(status == Status::ok || status == Status::no_memory);
	}
	EXPECT_EQ(multiplier.run(job), Status::ok);
	EXPECT_EQ(product.front(), float{kSize});
	EXPECT_EQ(product.back(), float{kSize});
}

TEST(Context, Moves)
{
	const Bytes data = test::text(1000);
	Bytes out(deflate_bound(data.size()));
	Context first;
	EXPECT_EQ(first.deflate.member(1, data, out).status, Status::ok);
	Context second = std::move(first);
	EXPECT_EQ(second.deflate.member(1, data, out).status, Status::ok);
	first = std::move(second);
	EXPECT_EQ(first.deflate.member(1, data, out).status, Status::ok);
}

} // namespace
} // namespace accel::core::engine
