// SPDX-License-Identifier: MIT
// Tests of the decompressor with invalid data.
#include "engine.hpp"
#include "test_gzip.hpp"

#include <gtest/gtest.h>

#include <random>

namespace accel::core::engine {
namespace {

using test::Bytes;
using test::Guarded;
using test::operator+;

Result run_once(std::span<const std::byte> in, bool last = true)
{
	Inflate inflate;
	Bytes out(100000);
	const Guarded source(in);
	const Result result = inflate.run(source.span(), out, last);
	if (result.status == Status::data_error || result.status == Status::checksum_error) {
		// An error stays until reset().
		const Result again = inflate.run(source.span(), out, last);
		EXPECT_EQ(again.status, result.status);
		EXPECT_EQ(again.consumed + again.produced, 0U);
		EXPECT_NE(result.why, nullptr);
		EXPECT_EQ(again.why, result.why);
	}
	return result;
}

Bytes sample()
{
	return test::zlib_deflate(test::text(1000), 6);
}

TEST(InflateError, AnEmptyInputIsNotGzip)
{
	const Result result = run_once({});
	EXPECT_EQ(result.status, Status::data_error);
	EXPECT_EQ(run_once({}, false).status, Status::ok);
}

TEST(InflateError, OtherDataIsNotGzip)
{
	for (const char *text : {"hello", "\x1f", "\x1f\x8c", "\x1f\x8b\x07", "PK\3\4"}) {
		const Bytes bytes = test::bytes_of(text);
		EXPECT_EQ(run_once(bytes).status, Status::data_error);
	}
	EXPECT_EQ(run_once(test::bytes_of("hello")).consumed, 0U);
	EXPECT_EQ(run_once(Bytes(100)).status, Status::data_error);
}

TEST(InflateError, HeadersWithUnknownPartsAreRefused)
{
	Bytes member = sample();
	member[2] = std::byte{9};
	EXPECT_EQ(run_once(member).status, Status::data_error);
	EXPECT_EQ(run_once(member).consumed, 2U);
	for (const int flag : {0x20, 0x40, 0x80}) {
		member = sample();
		member[3] = static_cast<std::byte>(flag);
		EXPECT_EQ(run_once(member).status, Status::data_error);
		EXPECT_EQ(run_once(member).consumed, 3U);
	}
}

TEST(InflateError, AHeaderWithAWrongChecksumIsRefused)
{
	const Bytes member = test::zlib_deflate(test::text(100), 6, Z_DEFAULT_STRATEGY,
						{.name = "name", .crc = true});
	for (const std::size_t at : {4, 11, 15, 16}) {
		Bytes bad = member;
		bad[at] ^= std::byte{1};
		EXPECT_EQ(run_once(bad).status, Status::checksum_error) << at;
	}
	EXPECT_EQ(run_once(member).status, Status::stream_end);
}

TEST(InflateError, ATruncatedInputIsSeenWhereverItEnds)
{
	const Bytes named = test::zlib_deflate(test::text(300), 6, Z_DEFAULT_STRATEGY,
					       {.name = "name", .extra = "extra", .crc = true});
	for (const Bytes &member :
	     {sample(), named, test::zlib_deflate(test::random_bytes(300), 0)}) {
		for (std::size_t size = 0; size < member.size(); size++) {
			const auto part = std::span<const std::byte>(member).first(size);
			const Result last = run_once(part);
			ASSERT_EQ(last.status, Status::data_error) << size;
			ASSERT_EQ(last.consumed, size);
			const Result more = run_once(part, false);
			ASSERT_EQ(more.status, Status::ok) << size;
			ASSERT_EQ(more.consumed, size);
		}
	}
}

TEST(InflateError, ATruncatedSecondMemberIsSeen)
{
	const Bytes member = sample();
	for (std::size_t size = 1; size < member.size(); size++) {
		const Bytes both =
			member + Bytes(member.begin(), member.begin() + static_cast<long>(size));
		ASSERT_EQ(run_once(both).status, Status::data_error) << size;
	}
}

TEST(InflateError, GarbageAfterTheEndIsSeen)
{
	const Bytes member = sample();
	for (const char *garbage : {"garbage", "\x1fgarbage"}) {
		const Result result = run_once(member + test::bytes_of(garbage));
		EXPECT_EQ(result.status, Status::data_error);
		EXPECT_EQ(result.consumed, member.size() + (garbage[0] == '\x1f'));
		EXPECT_EQ(result.produced, 1000U);
	}
	const Result padded = run_once(member + Bytes(9) + sample());
	EXPECT_EQ(padded.status, Status::data_error);
	EXPECT_EQ(padded.consumed, member.size() + 9);
}

TEST(InflateError, AWrongTrailerIsAChecksumError)
{
	const Bytes member = sample();
	for (std::size_t i = 1; i <= 8; i++) {
		for (const std::size_t piece : {std::size_t{1}, member.size()}) {
			Bytes bad = member;
			bad[bad.size() - i] ^= std::byte{0x80};
			Inflate inflate;
			Bytes out(1000);
			Result result;
			std::size_t produced = 0;
			for (std::size_t at = 0; at < bad.size(); at += piece) {
				result = inflate.run(
					std::span<const std::byte>(bad).subspan(at, piece),
					std::span(out).subspan(produced), false);
				produced += result.produced;
			}
			EXPECT_EQ(result.status, Status::checksum_error);
			EXPECT_EQ(produced, 1000U);
		}
	}
}

TEST(InflateError, CorruptBlocksAreDataErrors)
{
	const Bytes header = test::zlib_deflate({}, 6);
	const auto with = [&](std::initializer_list<int> body) {
		Bytes all(header.begin(), header.begin() + 10);
		for (const int byte : body)
			all.push_back(static_cast<std::byte>(byte));
		return all + Bytes(64);
	};
	// A reserved block type; a stored block whose lengths differ; a match before the start of the output.
	EXPECT_EQ(run_once(with({0x07})).status, Status::data_error);
	EXPECT_EQ(run_once(with({0x01, 0x05, 0x00, 0x00, 0x00})).status, Status::data_error);
	EXPECT_EQ(run_once(with({0x03, 0x02})).status, Status::data_error);
	const Result result = run_once(with({0x07}));
	EXPECT_GE(result.consumed, 10U);
	EXPECT_LE(result.consumed, 18U);
}

/// Decompresses @in by random pieces; checks that it ends and stays within its output, for any data.
Bytes feed_randomly(const Bytes &in, std::mt19937_64 &random, Status &status)
{
	Inflate inflate;
	Bytes all;
	std::size_t at = 0;
	int idle = 0;
	do {
		const std::size_t size = std::min<std::size_t>(in.size() - at, random() % 300);
		const auto piece = std::span(in).subspan(at, size);
		const Guarded source(piece);
		const Guarded room(random() % 3000);
		const bool last = at + size == in.size();
		const Result result = inflate.run(source.span(), room.span(), last);
		EXPECT_LE(result.consumed, size);
		EXPECT_LE(result.produced, room.span().size());
		EXPECT_NE(result.status, Status::internal);
		all.insert(all.end(), room.data(), room.data() + result.produced);
		at += result.consumed;
		idle = result.consumed + result.produced == 0 ? idle + 1 : 0;
		status = result.status;
		if (status == Status::stream_end && last)
			break;
	} while ((status == Status::ok || status == Status::output_full ||
		  status == Status::stream_end) &&
		 idle < 1000);
	EXPECT_LT(idle, 1000);
	return all;
}

TEST(InflateError, RandomCorruptionIsNeitherFatalNorJudgedOtherwiseThanByZlib)
{
	std::mt19937_64 random(20);
	int good = 0, bad = 0;
	for (int round = 0; round < 2500; round++) {
		const std::size_t size = random() % 20000;
		const Bytes data = round % 3 == 0 ? test::random_bytes(size, random()) :
						    test::text(size, random());
		Bytes member = test::zlib_deflate(data, static_cast<int>(random() % 10),
						  round % 5 == 0 ? Z_FIXED : Z_DEFAULT_STRATEGY);
		// More often at the front, where the tables are.
		for (auto changes = random() % 3; changes > 0; changes--) {
			const std::size_t range =
				random() % 2 ? std::min<std::size_t>(member.size(), 100) :
					       member.size();
			member[random() % range] ^= static_cast<std::byte>(1 << random() % 8);
		}
		if (random() % 8 == 0)
			member.resize(random() % member.size());

		Status status = Status::ok;
		const Bytes out = feed_randomly(member, random, status);
		const auto expected = test::zlib_inflate(member, 1 << 20);
		ASSERT_EQ(status == Status::stream_end, expected.good) << round;
		if (expected.good) {
			ASSERT_EQ(out, expected.data) << round;
		}
		(expected.good ? good : bad)++;
	}
	EXPECT_GT(good, 400);
	EXPECT_GT(bad, 400);
}

} // namespace
} // namespace accel::core::engine
