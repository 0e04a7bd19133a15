// SPDX-License-Identifier: MIT
// Tests of the decompressor with valid data.
#include "engine.hpp"
#include "test_gzip.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace accel::core::engine {
namespace {

using test::Bytes;
using test::Guarded;
using test::operator+;

struct Outcome {
	Status status = Status::ok;
	Bytes data;
	std::size_t consumed = 0;
	std::string why;
};

/// Decompresses @in by pieces of @in_piece bytes into outputs of @out_piece bytes; each of them is next
/// to a forbidden page.
Outcome inflated(std::span<const std::byte> in, std::size_t in_piece, std::size_t out_piece,
		 Guarded::Flush flush = Guarded::Flush::end)
{
	Inflate inflate;
	Outcome outcome;
	const Guarded room(out_piece, flush);
	const Guarded source(in_piece, flush);
	const std::span<std::byte> out = room.span();
	do {
		const std::size_t size = std::min(in_piece, in.size() - outcome.consumed);
		const auto piece = flush == Guarded::Flush::end ? source.span().last(size) :
								  source.span().first(size);
		std::ranges::copy(in.subspan(outcome.consumed, size), piece.begin());
		const bool last = outcome.consumed + size == in.size();
		const Result result = inflate.run(piece, out, last);
		EXPECT_LE(result.consumed, size);
		EXPECT_LE(result.produced, out_piece);
		outcome.consumed += result.consumed;
		outcome.data.insert(outcome.data.end(), out.begin(),
				    out.begin() + static_cast<long>(result.produced));
		outcome.status = result.status;
		outcome.why = result.why ? result.why : "";
		if (result.status == Status::ok || result.status == Status::stream_end) {
			EXPECT_EQ(result.consumed, size);
			if (last)
				break;
		}
	} while (outcome.status == Status::ok || outcome.status == Status::stream_end ||
		 outcome.status == Status::output_full);
	return outcome;
}

void expect_inflates(const Bytes &in, const Bytes &expected, std::size_t in_piece,
		     std::size_t out_piece)
{
	for (const auto flush : {Guarded::Flush::begin, Guarded::Flush::end}) {
		const Outcome outcome = inflated(in, in_piece, out_piece, flush);
		ASSERT_EQ(outcome.status, Status::stream_end)
			<< outcome.why << ", pieces " << in_piece << " " << out_piece;
		ASSERT_EQ(outcome.consumed, in.size());
		ASSERT_EQ(outcome.data.size(), expected.size());
		ASSERT_EQ(compare(outcome.data.data(), expected.data(), expected.size()),
			  expected.size());
	}
}

/// One of every kind of compressor output: stored, fixed and dynamic blocks, long matches.
std::vector<Bytes> samples(std::size_t size)
{
	std::vector<Bytes> members;
	const Bytes mixed = test::text(size / 2) + test::random_bytes(size / 4) + Bytes(size / 4);
	for (const Bytes &data : {test::text(size), test::random_bytes(size), Bytes(size), mixed}) {
		members.push_back(test::zlib_deflate(data, 0));
		members.push_back(test::zlib_deflate(data, 1));
		members.push_back(test::zlib_deflate(data, 9));
		members.push_back(test::zlib_deflate(data, 6, Z_FIXED));
		members.push_back(test::zlib_deflate(data, 6, Z_HUFFMAN_ONLY));
	}
	return members;
}

TEST(Inflate, ReadsWhatZlibMakesInPiecesOfAnySize)
{
	for (const Bytes &member : samples(3000)) {
		const auto expected = test::zlib_inflate(member, 3000);
		ASSERT_TRUE(expected.good);
		for (const std::size_t in : {1, 2, 7, 100, 100000})
			for (const std::size_t out : {1, 2, 257, 1000, 100000})
				expect_inflates(member, expected.data, in, out);
	}
}

TEST(Inflate, ReadsWhatZlibMakesOfLargerData)
{
	// More than the window, so that history must be kept from one output to the next.
	constexpr std::size_t kSize = 150000;
	static constexpr std::size_t kPieces[][2] = {
		{16, 1 << 20}, {1000, 301}, {1000, 32768}, {1 << 20, 65537}, {1 << 20, kSize}};
	for (const Bytes &member : samples(kSize)) {
		const auto expected = test::zlib_inflate(member, kSize);
		for (const auto &[in, out] : kPieces)
			expect_inflates(member, expected.data, in, out);
	}
}

TEST(Inflate, SplitsAnywhere)
{
	const Bytes data = test::text(400);
	const Bytes member =
		test::zlib_deflate(
			data, 6, Z_DEFAULT_STRATEGY,
			{.name = "name", .comment = "comment", .extra = "extra", .crc = true}) +
		test::zlib_deflate(data, 0);
	for (std::size_t cut = 0; cut <= member.size(); cut++) {
		Inflate inflate;
		Bytes out(2 * data.size());
		const auto whole = std::span<const std::byte>(member);
		const Result head = inflate.run(whole.first(cut), out, false);
		ASSERT_TRUE(head.status == Status::ok || head.status == Status::stream_end) << cut;
		ASSERT_EQ(head.consumed, cut);
		const Result tail = inflate.run(whole.subspan(cut),
						std::span(out).subspan(head.produced), true);
		ASSERT_EQ(tail.status, Status::stream_end) << cut << " " << tail.why;
		ASSERT_EQ(head.produced + tail.produced, out.size());
		ASSERT_EQ(out, data + data);
	}
}

TEST(Inflate, EndsInRoomThatFitsExactly)
{
	for (const std::size_t size : {0, 1, 5, 3000, 65535, 65536, 65537, 300000}) {
		for (const Bytes &member : samples(size)) {
			const auto expected = test::zlib_inflate(member, size);
			const Guarded room(expected.data.size());
			Inflate inflate;
			const Result result = inflate.run(member, room.span(), true);
			ASSERT_EQ(result.status, Status::stream_end) << size << " " << result.why;
			ASSERT_EQ(result.consumed, member.size());
			ASSERT_EQ(result.produced, expected.data.size());
		}
	}
}

TEST(Inflate, AsksForRoomOnlyWhenItIsFull)
{
	const Bytes data = test::text(1000);
	const Bytes member = test::zlib_deflate(data, 6);
	Inflate inflate;
	Bytes out(999);
	Result result = inflate.run(member, out, true);
	EXPECT_EQ(result.status, Status::output_full);
	EXPECT_EQ(result.produced, out.size());
	const auto rest = std::span<const std::byte>(member).subspan(result.consumed);
	result = inflate.run(rest, {}, true);
	EXPECT_EQ(result.status, Status::output_full);
	EXPECT_EQ(result.produced, 0U);
	result = inflate.run(rest.subspan(result.consumed), out, true);
	EXPECT_EQ(result.status, Status::stream_end);
	EXPECT_EQ(result.produced, 1U);
	EXPECT_EQ(out[0], data[999]);
}

TEST(Inflate, ReadsEveryHeaderField)
{
	const Bytes data = test::text(100);
	for (int set = 0; set < 16; set++) {
		test::HeaderFields fields;
		const std::string long_name(5000, 'n');
		fields.name = (set & 1) ? long_name.c_str() : nullptr;
		fields.comment = (set & 2) ? "" : nullptr;
		fields.extra = (set & 4) ? "ab\2" : nullptr;
		fields.crc = set & 8;
		const Bytes member = test::zlib_deflate(data, 6, Z_DEFAULT_STRATEGY, fields);
		for (const std::size_t piece : {1, 3, 100000})
			expect_inflates(member, data, piece, 1000);
	}
}

TEST(Inflate, ReadsAnEmptyExtraField)
{
	const Bytes data = test::text(50);
	Bytes member = test::zlib_deflate(data, 6);
	member[3] = std::byte{4};
	member.insert(member.begin() + 10, 2, std::byte{0});
	expect_inflates(member, data, 1, 1000);
}

TEST(Inflate, ReadsOneMemberAfterTheOther)
{
	const Bytes one = test::text(1000), two = test::random_bytes(500);
	const Bytes members = test::zlib_deflate(one, 6) + test::zlib_deflate({}, 6) +
			      test::zlib_deflate(two, 6) + test::zlib_deflate({}, 6);
	for (const std::size_t in : {1, 10, 1000000})
		for (const std::size_t out : {1, 10, 1500, 1000000})
			expect_inflates(members, one + two, in, out);
}

TEST(Inflate, AcceptsZerosAfterTheEnd)
{
	const Bytes data = test::text(1000);
	for (const std::size_t zeros : {1, 2, 511, 100000})
		for (const std::size_t piece : {1, 512, 1000000})
			expect_inflates(test::zlib_deflate(data, 6) + Bytes(zeros), data, piece,
					5000);
}

TEST(Inflate, SaysThatAMemberHasEndedBeforeItKnowsOfAnother)
{
	const Bytes data = test::text(100);
	const Bytes member = test::zlib_deflate(data, 6);
	Inflate inflate;
	Bytes out(100);
	EXPECT_EQ(inflate.run({}, out, false).status, Status::ok);
	EXPECT_EQ(inflate.run(member, out, false).status, Status::stream_end);
	EXPECT_EQ(inflate.run({}, out, false).status, Status::stream_end);
	EXPECT_EQ(inflate.run(member, out, false).status, Status::stream_end);
	EXPECT_EQ(inflate.run({}, out, true).status, Status::stream_end);
}

TEST(Inflate, BeginsAnewAfterReset)
{
	const Bytes data = test::text(5000);
	const Bytes member = test::zlib_deflate(data, 6);
	Inflate inflate;
	Bytes out(5000);
	inflate.reset();
	for (const std::size_t cut : {std::size_t{5}, member.size() / 2, member.size() - 3}) {
		inflate.run(std::span<const std::byte>(member).first(cut), out, false);
		inflate.reset();
		const Result result = inflate.run(member, out, true);
		EXPECT_EQ(result.status, Status::stream_end);
		EXPECT_EQ(out, data);
		inflate.reset();
	}
}

TEST(Inflate, ReadsWhatTheSystemWrites)
{
	const Bytes data = test::text(2000000) + test::random_bytes(300000) + Bytes(500000);
	const Bytes concatenated = test::filter("gzip -c", data) + test::filter("gzip -9c", data);
	expect_inflates(test::filter("gzip -1c", data), data, 100000, 70000);
	expect_inflates(concatenated, data + data, 4096, 65536);
	// From pigz: blocks written by several threads, and independent members.
	expect_inflates(test::filter("pigz -p2 -c", data), data, 100000, 70000);
	expect_inflates(test::filter("pigz -p2 -i -b128 -c", data), data, 100000, 70000);
}

TEST(Inflate, ReadsWhatDeflateWrites)
{
	Deflate deflate;
	const Bytes data = test::text(kDeflateSegment) + test::random_bytes(100000) + Bytes(200000);
	Bytes out(deflate_bound(data.size()));
	for (int level = 0; level <= 3; level++) {
		const Result result = deflate.member(level, data, out);
		ASSERT_EQ(result.status, Status::ok);
		const Bytes member(out.begin(), out.begin() + static_cast<long>(result.produced));
		expect_inflates(member, data, 100001, 65000);
		expect_inflates(member + member, data + data, 1 << 20, 1 << 20);
	}
}

// A client may name overlapping ranges. The content of the output is undefined then, but every access stays defined.
TEST(Inflate, WritesOverItsInput)
{
	Deflate deflate;
	const Bytes data = test::random_bytes(1000);
	Bytes memory(deflate_bound(data.size()));
	const Result stored = deflate.member(0, data, memory);
	ASSERT_EQ(stored.status, Status::ok);
	for (const std::size_t begin : {std::size_t{0}, stored.produced / 2}) {
		Bytes copy = memory;
		const std::span<std::byte> member = std::span(copy).first(stored.produced);
		Inflate inflate;
		const Result result = inflate.run(member, member.subspan(begin), true);
		EXPECT_LE(result.consumed, member.size());
		EXPECT_LE(result.produced, member.size() - begin);
		if (begin == 0) {
			EXPECT_EQ(result.status, Status::stream_end);
			EXPECT_TRUE(std::ranges::equal(member.first(data.size()), data));
		}
	}
}

} // namespace
} // namespace accel::core::engine
