// SPDX-License-Identifier: MIT
// Tests of the compressor.
#include "engine.hpp"
#include "test_gzip.hpp"

#include <gtest/gtest.h>

namespace accel::core::engine {
namespace {

using test::Bytes;
using test::Guarded;
using test::operator+;

constexpr std::size_t kSizes[] = {0,
				  1,
				  2,
				  7,
				  8,
				  100,
				  4095,
				  4096,
				  65534,
				  65535,
				  65536,
				  kDeflateSegment - 1,
				  kDeflateSegment,
				  kDeflateSegment + 1,
				  (1 << 20) + 1,
				  3 * kDeflateSegment + 12345};

Bytes compressed(Deflate &deflate, int level, std::span<const std::byte> in)
{
	const Guarded out(deflate_bound(in.size()));
	const Result result = deflate.member(level, in, out.span());
	EXPECT_EQ(result.status, Status::ok) << result.why;
	EXPECT_EQ(result.consumed, in.size());
	return {out.data(), out.data() + result.produced};
}

void expect_round_trip(std::span<const std::byte> in)
{
	Deflate deflate;
	for (int level = 0; level <= 3; level++) {
		for (const auto flush : {Guarded::Flush::begin, Guarded::Flush::end}) {
			const Guarded source(in, flush);
			const Bytes member = compressed(deflate, level, source.span());
			const auto decoded = test::zlib_inflate(member, in.size());
			ASSERT_TRUE(decoded.good) << in.size() << " bytes at level " << level;
			ASSERT_EQ(decoded.data.size(), in.size());
			ASSERT_EQ(compare(decoded.data.data(), in.data(), in.size()), in.size());
		}
	}
}

TEST(Deflate, KeepsWithinItsBoundWithRandomData)
{
	for (const std::size_t size : kSizes)
		expect_round_trip(test::random_bytes(size, size));
}

TEST(Deflate, CompressesText)
{
	Deflate deflate;
	for (const std::size_t size : kSizes)
		expect_round_trip(test::text(size, size));

	const Bytes data = test::text(1 << 20);
	const std::size_t fast = compressed(deflate, 0, data).size();
	const std::size_t small = compressed(deflate, 3, data).size();
	EXPECT_LT(fast, data.size() / 2);
	EXPECT_LT(small, fast);
}

TEST(Deflate, CompressesRunsOfOneByte)
{
	for (const std::size_t size : kSizes) {
		expect_round_trip(Bytes(size));
		expect_round_trip(Bytes(size, std::byte{0xff}));
		expect_round_trip(Bytes(size, std::byte{'x'}));
	}
	Deflate deflate;
	EXPECT_LT(compressed(deflate, 1, Bytes(1 << 20)).size(), 2000U);
}

TEST(Deflate, CompressesEveryShortLength)
{
	for (std::size_t size = 0; size < 600; size++)
		expect_round_trip(size % 2 ? test::text(size, size) :
					     test::random_bytes(size, size));
}

TEST(Deflate, StoresWhatCannotBeCompressedBesideWhatCan)
{
	// Segments are independent: the random one must not affect the compression of the others.
	Deflate deflate;
	const Bytes mixed = test::text(kDeflateSegment) + test::random_bytes(kDeflateSegment) +
			    Bytes(kDeflateSegment);
	for (int level = 0; level <= 3; level++)
		EXPECT_LT(compressed(deflate, level, mixed).size(), mixed.size() / 2);
	expect_round_trip(mixed);
}

TEST(Deflate, MakesTheHeaderThatItPromises)
{
	Deflate deflate;
	const Bytes member = compressed(deflate, 1, test::text(1000));
	const std::uint8_t expected[10] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255};
	EXPECT_EQ(std::memcmp(member.data(), expected, sizeof(expected)), 0);
}

TEST(Deflate, TakesExactlyTheRoomThatItNeeds)
{
	Deflate deflate;
	for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{777},
				       std::size_t{70000}, kDeflateSegment + 99}) {
		for (int level = 0; level <= 3; level++) {
			for (const Bytes &data : {test::text(size), test::random_bytes(size)}) {
				const Bytes wide = compressed(deflate, level, data);
				const Guarded exact(wide.size());
				Result result = deflate.member(level, data, exact.span());
				ASSERT_EQ(result.status, Status::ok);
				ASSERT_EQ(result.produced, wide.size());
				ASSERT_EQ(compare(exact.data(), wide.data(), wide.size()),
					  wide.size());

				const Guarded less(wide.size() - 1);
				result = deflate.member(level, data, less.span());
				ASSERT_EQ(result.status, Status::output_full);
				ASSERT_EQ(result.produced, 0U);
				ASSERT_EQ(result.consumed, 0U);
				ASSERT_NE(result.why, nullptr);
			}
		}
	}
}

TEST(Deflate, RefusesEveryRoomThatIsTooSmall)
{
	Deflate deflate;
	const Bytes data = test::text(500);
	for (int level = 0; level <= 3; level++) {
		const std::size_t need = compressed(deflate, level, data).size();
		for (std::size_t room = 0; room < need; room++) {
			const Guarded out(room);
			ASSERT_EQ(deflate.member(level, data, out.span()).status,
				  Status::output_full);
		}
	}
}

TEST(Deflate, RefusesLevelsThatAreNotThere)
{
	Deflate deflate;
	Bytes out(100);
	EXPECT_EQ(deflate.member(-1, {}, out).status, Status::unsupported);
	EXPECT_EQ(deflate.member(4, {}, out).status, Status::unsupported);
}

TEST(Deflate, ForgetsTheMemberBefore)
{
	Deflate used, fresh;
	const Bytes data = test::text(50000);
	for (int level = 0; level <= 3; level++) {
		compressed(used, 3 - level, test::random_bytes(90000));
		EXPECT_EQ(compressed(used, level, data), compressed(fresh, level, data));
	}
}

TEST(Deflate, WritesWhatTheSystemReads)
{
	Deflate deflate;
	const Bytes data = test::text(3000000) + test::random_bytes(500000);
	for (int level = 0; level <= 3; level++)
		EXPECT_EQ(test::filter("gzip -dc", compressed(deflate, level, data)), data);
}

TEST(Deflate, CountsModulo32BitsInTheTrailer)
{
	const test::Zeros zeros((std::size_t{1} << 32) + 5);
	Deflate deflate;
	Bytes out(std::size_t{32} << 20);
	const Result result = deflate.member(0, zeros.span(), out);
	ASSERT_EQ(result.status, Status::ok);
	EXPECT_EQ(result.consumed, zeros.span().size());
	std::uint32_t length;
	std::memcpy(&length, out.data() + result.produced - 4, 4);
	EXPECT_EQ(length, 5U);

	// Decompress it again.
	Inflate inflate;
	Bytes piece(std::size_t{4} << 20);
	std::uint64_t total = 0;
	auto rest = std::span<const std::byte>(out).first(result.produced);
	Result step;
	do {
		step = inflate.run(rest, piece, true);
		rest = rest.subspan(step.consumed);
		total += step.produced;
	} while (step.status == Status::output_full);
	EXPECT_EQ(step.status, Status::stream_end) << step.why;
	EXPECT_EQ(total, zeros.span().size());
}

} // namespace
} // namespace accel::core::engine
