// SPDX-License-Identifier: MIT
// Tests of copy, fill and compare.
#include "memory.hpp"

#include "engine.hpp"
#include "test_data.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace accel::core::engine {
namespace {

using test::Bytes;
using test::Guarded;

constexpr std::uint64_t kPattern = 0x8877665544332211;

TEST(Copy, CopiesOverlappingRangesAsMemmove)
{
	const Bytes before = test::random_bytes(10000);
	for (const std::size_t from : {0, 1, 4000}) {
		for (const std::size_t to : {0, 1, 3999, 4001}) {
			Bytes moved = before;
			engine::copy(moved.data() + to, moved.data() + from, 5000);
			EXPECT_TRUE(std::equal(before.begin() + static_cast<long>(from),
					       before.begin() + static_cast<long>(from) + 5000,
					       moved.begin() + static_cast<long>(to)));
		}
	}
}

// Long ranges whose content depends on the position, written without a byte loop, which is slow with a sanitizer.
Bytes counted(std::size_t size)
{
	Bytes bytes(size);
	for (std::size_t at = 0; at + 8 <= size; at += 8)
		std::memcpy(bytes.data() + at, &at, 8);
	return bytes;
}

TEST(Copy, CopiesLongRangesPastTheCachesAlike)
{
	const std::size_t from_here = last_cache_bytes() / 2;
	const Bytes data = counted(from_here + 200);

	for (const std::size_t size : {from_here - 1, from_here, from_here + 77}) {
		for (const std::size_t offset : {0, 1, 16, 63}) {
			Guarded memory(size + offset);
			engine::copy(memory.data() + offset, data.data() + offset / 3, size);
			ASSERT_EQ(
				std::memcmp(memory.data() + offset, data.data() + offset / 3, size),
				0);
			ASSERT_TRUE(std::ranges::all_of(memory.span().first(offset),
							[](auto b) { return b == std::byte{0}; }));
		}
	}
}

TEST(Copy, CopiesLongOverlappingRangesAsMemmove)
{
	const std::size_t size = last_cache_bytes() / 2 + 5;
	const Bytes data = counted(size + 1000);

	for (const std::size_t to : {0, 999, 1000}) {
		Bytes moved = data;
		engine::copy(moved.data() + to, moved.data() + 500, size);
		EXPECT_EQ(std::memcmp(moved.data() + to, data.data() + 500, size), 0);
	}
}

TEST(CopyCrc32c, CopiesLongRangesPastTheCachesAlike)
{
	const std::size_t size = last_cache_bytes() / 2 + 77;
	const Bytes data = counted(size);
	Guarded memory(size);

	EXPECT_EQ(copy_crc32c(1, memory.data(), data.data(), size), crc32c(1, data.data(), size));
	EXPECT_EQ(std::memcmp(memory.data(), data.data(), size), 0);
}

TEST(LastCache, IsWhatAProcessorMayHave)
{
	EXPECT_GE(last_cache_bytes(), kLeastCache);
	EXPECT_LE(last_cache_bytes(), std::size_t{4} << 30);
	EXPECT_EQ(last_cache_bytes(), last_cache_bytes());
}

TEST(Copy, TakesNothingFromNowhere)
{
	engine::copy(nullptr, nullptr, 0);
	fill(nullptr, 0, kPattern);
	EXPECT_EQ(compare(nullptr, nullptr, 0), 0U);
}

// The specification of fill(), byte by byte.
bool holds_pattern(std::span<const std::byte> range, std::uint64_t pattern)
{
	for (std::size_t i = 0; i < range.size(); i++) {
		if (range[i] != static_cast<std::byte>(pattern >> (8 * (i % 8))))
			return false;
	}
	return true;
}

TEST(Fill, BeginsThePatternAtTheFirstByteWhateverTheAddress)
{
	for (const std::uint64_t pattern :
	     {kPattern, std::uint64_t{0}, std::uint64_t{0x4242424242424242},
	      std::uint64_t{0x4242424242424241}}) {
		for (std::size_t offset = 0; offset < 17; offset++) {
			for (std::size_t size = 0; size < 300; size++) {
				Guarded memory(size + offset);
				const auto range = memory.span().subspan(offset);
				fill(range.data(), size, pattern);
				ASSERT_TRUE(holds_pattern(range, pattern))
					<< size << " bytes at " << offset;
				const auto head = memory.span().first(offset);
				ASSERT_TRUE(std::ranges::all_of(
					head, [](auto b) { return b == std::byte{0}; }));
			}
		}
	}
}

TEST(Fill, FillsLargeRangesPastTheCachesAlike)
{
	const std::size_t large = last_cache_bytes();
	for (const std::size_t size : {large - 1, large, large + 77}) {
		for (const std::size_t offset : {0, 1, 8, 13}) {
			Guarded memory(size + offset);
			fill(memory.data() + offset, size, kPattern);
			// By words: a byte loop is slow with a sanitizer.
			std::size_t wrong = 0;
			for (std::size_t at = offset; at + 8 <= offset + size; at += 8) {
				std::uint64_t word;
				std::memcpy(&word, memory.data() + at, 8);
				wrong += word != kPattern;
			}
			EXPECT_EQ(wrong, 0U);
			const std::size_t tail = size % 8;
			std::array<std::byte, 8> end{};
			std::memcpy(end.data(), memory.data() + offset + size - tail, tail);
			EXPECT_TRUE(holds_pattern(std::span(end).first(tail), kPattern));
		}
	}
}

TEST(Compare, FindsTheFirstDifferenceWhereverItIs)
{
	for (const std::size_t size : {1, 7, 8, 9, 100, 4095, 4096, 4097, 9000}) {
		const Bytes data = test::random_bytes(size);
		const Guarded left(data), right(data);
		EXPECT_EQ(compare(left.data(), right.data(), size), size);
		for (std::size_t at = 0; at < size; at += size > 1000 ? 13 : 1) {
			right.data()[at] ^= std::byte{0x10};
			right.data()[size - 1] ^= std::byte{1};
			ASSERT_EQ(compare(left.data(), right.data(), size), at);
			right.data()[at] ^= std::byte{0x10};
			right.data()[size - 1] ^= std::byte{1};
		}
	}
}

TEST(Compare, TakesAnyAddress)
{
	const Bytes data = test::random_bytes(5000);
	Bytes shifted(data.size() + 3);
	std::ranges::copy(data, shifted.begin() + 3);
	EXPECT_EQ(compare(data.data(), shifted.data() + 3, data.size()), data.size());
	shifted.back() ^= std::byte{1};
	EXPECT_EQ(compare(data.data(), shifted.data() + 3, data.size()), data.size() - 1);
}

} // namespace
} // namespace accel::core::engine
