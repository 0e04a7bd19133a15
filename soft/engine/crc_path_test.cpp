// SPDX-License-Identifier: MIT
// Tests of each implementation of CRC-32C, independent of the one that crc32c() chooses.
#include "crc_path.hpp"
#include "test_data.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace accel::core::engine {
namespace {

using test::Bytes;
using test::Guarded;

constexpr std::size_t kLongest = 1100;
constexpr std::size_t kAddresses = 64;
// From this size on the folding is aligned to cache lines.
constexpr std::size_t kLong = 2048;
constexpr std::byte kUntouched{0xa5};

/// One implementation; with `copy` it also writes.
struct Path {
	const char *name;
	std::uint32_t (*crc)(std::uint32_t, const std::byte *, std::size_t) noexcept;
	std::uint32_t (*copy)(std::uint32_t, std::byte *, const std::byte *, std::size_t) noexcept;

	std::uint32_t run(std::uint32_t seed, std::byte *to, const std::byte *from,
			  std::size_t n) const
	{
		return copy ? copy(seed, to, from, n) : crc(seed, from, n);
	}
};

std::vector<Path> paths()
{
	std::vector<Path> all = {{"isal", isal_crc, nullptr},
				 {"isal-copy", nullptr, isal_copy_crc}};
	if (has_folding()) {
		all.push_back({"fold", fold_crc, nullptr});
		all.push_back({"fold-copy", nullptr, fold_copy_crc});
		all.push_back({"fold-stream", nullptr, fold_stream_crc});
	}
	return all;
}

/// Bit by bit, from the definition: polynomial 0x1edc6f41, reflected.
std::uint32_t next(std::uint32_t crc, std::byte byte)
{
	crc ^= static_cast<std::uint32_t>(byte);
	for (int bit = 0; bit < 8; bit++)
		crc = (crc >> 1) ^ ((crc & 1) ? 0x82f63b78 : 0);
	return crc;
}

std::uint32_t reference(std::uint32_t crc, std::span<const std::byte> data)
{
	for (const auto byte : data)
		crc = next(crc, byte);
	return crc;
}

class CrcPath : public testing::TestWithParam<Path> {};

TEST_P(CrcPath, EqualsTheDefinitionForEveryLengthAndAddress)
{
	const Path path = GetParam();
	const Bytes data = test::random_bytes(kLongest + kAddresses);
	Bytes room(kLongest + 2 * kAddresses, kUntouched);

	for (std::size_t address = 0; address < kAddresses; address++) {
		const std::uint32_t seed = static_cast<std::uint32_t>(address) * 0x9e3779b9;
		const std::byte *const from = data.data() + address;
		// Covers every distance between the two addresses within a line.
		std::byte *const to = room.data() + 1 + address * 7 % kAddresses;
		std::uint32_t expected = seed;
		for (std::size_t n = 0; n <= kLongest; n++) {
			ASSERT_EQ(path.run(seed, to, from, n), expected) << n << " at " << address;
			if (path.copy) {
				ASSERT_EQ(std::memcmp(to, from, n), 0) << n << " at " << address;
				ASSERT_EQ(to[-1], kUntouched);
				ASSERT_EQ(to[n], kUntouched) << n << " at " << address;
				std::memset(to, static_cast<int>(kUntouched), n);
			}
			if (n < kLongest)
				expected = next(expected, from[n]);
		}
		ASSERT_TRUE(std::ranges::all_of(room, [](auto b) { return b == kUntouched; }));
	}
}

TEST_P(CrcPath, TouchesNothingBeyondTheRange)
{
	const Path path = GetParam();
	const Bytes data = test::random_bytes(kLong + 2 * kAddresses);

	for (const auto source : {Guarded::Flush::begin, Guarded::Flush::end}) {
		for (const auto target : {Guarded::Flush::begin, Guarded::Flush::end}) {
			for (std::size_t n = 0; n <= data.size();
			     n = n == kLongest ? kLong : n + 1) {
				const auto part = std::span(data).first(n);
				const Guarded from(part, source), to(n, target);
				ASSERT_EQ(path.run(~0U, to.data(), from.data(), n),
					  reference(~0U, part));
				ASSERT_TRUE(!path.copy || std::ranges::equal(to.span(), part));
			}
		}
	}
}

TEST_P(CrcPath, TakesLongRangesAtEveryAddress)
{
	const Path path = GetParam();
	const Bytes data = test::random_bytes(kLong + 4 * kAddresses);
	Bytes room(data.size(), kUntouched);

	for (std::size_t address = 0; address < kAddresses * kAddresses; address++) {
		const std::size_t n = kLong - 1 + address % 131;
		const auto part = std::span(data).subspan(address % kAddresses, n);
		std::byte *const to = room.data() + 1 + address / kAddresses;

		ASSERT_EQ(path.run(static_cast<std::uint32_t>(~address), to, part.data(), n),
			  reference(static_cast<std::uint32_t>(~address), part))
			<< n << " at " << address;
		ASSERT_TRUE(!path.copy || std::ranges::equal(std::span(to, n), part));
		std::fill_n(to, n, kUntouched);
		ASSERT_TRUE(std::ranges::all_of(room, [](auto b) { return b == kUntouched; }))
			<< n << " at " << address;
	}
}

TEST_P(CrcPath, TakesLongRangesAndAnySeed)
{
	const Path path = GetParam();
	const Bytes data = test::random_bytes(300007);
	Bytes to(data.size());

	for (const std::uint32_t seed : {0U, 1U, 0x80000000U, 0xffffffffU, 0x12345678U}) {
		for (const std::size_t n : {8191, 8192, 8193, 65536, 300007}) {
			const auto part = std::span(data).first(n);
			ASSERT_EQ(path.run(seed, to.data(), data.data(), n), reference(seed, part));
			ASSERT_TRUE(!path.copy || std::ranges::equal(std::span(to).first(n), part));
		}
	}
}

INSTANTIATE_TEST_SUITE_P(All, CrcPath, testing::ValuesIn(paths()), [](const auto &one) {
	std::string name = one.param.name;
	std::ranges::replace(name, '-', '_');
	return name;
});

} // namespace
} // namespace accel::core::engine
