// SPDX-License-Identifier: MIT
// Tests of crc32c() and copy_crc32c().
#include "engine.hpp"
#include "test_data.hpp"

#include <gtest/gtest.h>

#include <array>
#include <numeric>

namespace accel::core::engine {
namespace {

using test::Bytes;
using test::Guarded;

// Bit by bit, from the definition: polynomial 0x1edc6f41, reflected.
std::uint32_t reference(std::uint32_t seed, std::span<const std::byte> data)
{
	std::uint32_t crc = ~seed;
	for (const auto byte : data) {
		crc ^= static_cast<std::uint32_t>(byte);
		for (int bit = 0; bit < 8; bit++)
			crc = (crc >> 1) ^ ((crc & 1) ? 0x82f63b78 : 0);
	}
	return ~crc;
}

TEST(Crc32c, GivesThePublishedValues)
{
	std::array<std::uint8_t, 32> data{};
	EXPECT_EQ(crc32c(0, "123456789", 9), 0xe3069283);
	EXPECT_EQ(crc32c(0, nullptr, 0), 0U);
	// RFC 3720, B.4
	EXPECT_EQ(crc32c(0, data.data(), data.size()), 0x8a9136aa);
	data.fill(0xff);
	EXPECT_EQ(crc32c(0, data.data(), data.size()), 0x62a8ab43);
	std::iota(data.begin(), data.end(), std::uint8_t{0});
	EXPECT_EQ(crc32c(0, data.data(), data.size()), 0x46dd794e);
	std::iota(data.rbegin(), data.rend(), std::uint8_t{0});
	EXPECT_EQ(crc32c(0, data.data(), data.size()), 0x113fdb5c);
}

TEST(Crc32c, EqualsTheDefinitionForEveryLengthAndAddress)
{
	const Bytes data = test::random_bytes(1100);
	for (std::size_t size = 0; size < 1024; size++) {
		const auto part = std::span(data).subspan(size % 67, size);
		const Guarded memory(part);
		const auto seed = static_cast<std::uint32_t>(size * 0x9e3779b9);
		ASSERT_EQ(crc32c(seed, memory.data(), size), reference(seed, part)) << size;
	}
}

TEST(Crc32c, GoesOnWhereItStopped)
{
	const Bytes data = test::random_bytes(70000);
	const std::uint32_t whole = crc32c(0, data.data(), data.size());
	for (const std::size_t cut :
	     {std::size_t{0}, std::size_t{1}, std::size_t{4097}, data.size()}) {
		const std::uint32_t head = crc32c(0, data.data(), cut);
		EXPECT_EQ(crc32c(head, data.data() + cut, data.size() - cut), whole);
	}
}

TEST(Crc32c, TakesMoreThanAnIntCounts)
{
	const test::Zeros zeros((std::size_t{1} << 31) + 5);
	constexpr std::size_t kPiece = std::size_t{1} << 20;
	std::uint32_t expected = 7;
	std::size_t left = zeros.span().size();
	for (; left > kPiece; left -= kPiece)
		expected = crc32c(expected, zeros.span().data(), kPiece);
	expected = crc32c(expected, zeros.span().data(), left);
	EXPECT_EQ(crc32c(7, zeros.span().data(), zeros.span().size()), expected);
}

TEST(CopyCrc32c, CopiesAndGivesTheCrcOfTheCopy)
{
	for (const std::size_t size : {0, 1, 8191, 8192, 8193, 100000}) {
		const Bytes data = test::random_bytes(size);
		const Guarded from(data), to(size);
		EXPECT_EQ(copy_crc32c(3, to.data(), from.data(), size),
			  crc32c(3, data.data(), size));
		EXPECT_EQ(compare(to.data(), data.data(), size), size);
	}
}

TEST(CopyCrc32c, CopesWithOverlap)
{
	const Bytes data = test::random_bytes(60000);
	for (const std::size_t from : {0, 100, 20000}) {
		for (const std::size_t to : {0, 99, 101, 10000}) {
			Bytes moved = data;
			const std::uint32_t crc =
				copy_crc32c(0, moved.data() + to, moved.data() + from, 40000);
			EXPECT_EQ(crc, crc32c(0, data.data() + from, 40000));
			EXPECT_EQ(compare(moved.data() + to, data.data() + from, 40000), 40000U);
		}
	}
}

} // namespace
} // namespace accel::core::engine
