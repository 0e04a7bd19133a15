// SPDX-License-Identifier: MIT
// Compares DeflateDecoder with zlib on invalid and nearly invalid streams: both must accept the same streams and
// produce the same output.
//
// ACCEL_INFLATE_STREAMS sets how many streams are compared, ACCEL_SEED repeats a run.
#include "deflate_decoder.hpp"
#include "engine.hpp"
#include "test_deflate.hpp"
#include "test_gzip.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <random>

namespace accel::core::engine {
namespace {

using test::Bytes;
using test::random_block;
using Random = std::mt19937_64;
using Answer = DeflateDecoder::Answer;

constexpr std::size_t kRoom = 5000;
constexpr const char *kNoLengthCodes = "an impossible code for the code lengths";

/// The result of a decoder for a stream.
struct Verdict {
	Answer answer = Answer::bad;
	std::size_t used = 0; // only of a stream that ended
	Bytes out;
};

Verdict ask_zlib(const Bytes &in)
{
	z_stream stream{};
	Verdict verdict;

	verdict.out.resize(kRoom);
	if (inflateInit2(&stream, -15) != Z_OK)
		std::abort();
	stream.next_in = reinterpret_cast<Bytef *>(const_cast<std::byte *>(in.data()));
	stream.avail_in = static_cast<uInt>(in.size());
	stream.next_out = reinterpret_cast<Bytef *>(verdict.out.data());
	stream.avail_out = static_cast<uInt>(kRoom);
	const int answer = inflate(&stream, Z_SYNC_FLUSH);
	if (answer == Z_STREAM_END)
		verdict.answer = Answer::end;
	else if (answer != Z_DATA_ERROR)
		verdict.answer = stream.avail_out == 0 ? Answer::output : Answer::input;
	verdict.used = in.size() - stream.avail_in;
	verdict.out.resize(kRoom - stream.avail_out);
	inflateEnd(&stream);
	return verdict;
}

/// @most: the largest number of bytes of input and of output per call.
Verdict ask_ours(DeflateDecoder &decoder, const Bytes &in, std::size_t most, Random &random)
{
	Verdict verdict;
	std::size_t at = 0, made_in_all = 0;

	verdict.out.resize(kRoom);
	decoder.reset();
	for (bool all_in = false, all_out = false; !all_in || !all_out;) {
		std::size_t n = in.size() - at, room = kRoom - made_in_all, used, made;
		if (most) {
			n = std::min<std::size_t>(n, random() % most);
			room = std::min<std::size_t>(room, random() % most);
		}
		all_in = n == in.size() - at;
		all_out = room == kRoom - made_in_all;
		verdict.answer =
			decoder.run(std::span(in).subspan(at, n),
				    std::span(verdict.out).subspan(made_in_all, room), used, made);
		EXPECT_LE(used, n);
		EXPECT_LE(made, room);
		at += used;
		made_in_all += made;
		if (verdict.answer == Answer::bad || verdict.answer == Answer::end ||
		    (verdict.answer == Answer::input && all_in) ||
		    (verdict.answer == Answer::output && all_out))
			break;
	}
	verdict.used = at;
	verdict.out.resize(made_in_all);
	return verdict;
}

class Streams {
public:
	explicit Streams(std::uint64_t seed) : random(seed)
	{
		for (int level = 0; level < 10; level++)
			for (const std::size_t size : {0, 1, 30, 300, 2000}) {
				const int strategy = level % 4 == 3 ? Z_FIXED : Z_DEFAULT_STRATEGY;
				good_.push_back(test::zlib_deflate(test::text(size, random()),
								   level, strategy, {}, -15));
				good_.push_back(
					test::zlib_deflate(test::random_bytes(size / 4, random()),
							   level, Z_HUFFMAN_ONLY, {}, -15));
			}
	}

	/// Half of the streams are valid ones with changed bits, mostly at the front, where the sets of codes are.
	Bytes next()
	{
		if (random() % 2)
			return random_block(random);
		Bytes stream = good_[random() % good_.size()];
		for (auto changes = random() % 4; changes > 0; changes--) {
			const std::size_t range = random() % 4 ?
							  std::min<std::size_t>(stream.size(), 80) :
							  stream.size();
			stream[random() % range] ^= static_cast<std::byte>(1 << random() % 8);
		}
		if (random() % 8 == 0)
			stream.resize(random() % stream.size());
		if (random() % 4 == 0)
			stream.push_back(std::byte{0x55});
		return stream;
	}

	Random random;

private:
	std::vector<Bytes> good_;
};

std::uint64_t from_environment(const char *name, std::uint64_t otherwise)
{
	const char *text = getenv(name);
	return text ? strtoull(text, nullptr, 0) : otherwise;
}

TEST(InflateAgree, EveryStreamIsJudgedAsByZlib)
{
	const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
	const auto seed = from_environment("ACCEL_SEED", static_cast<std::uint64_t>(now));
	const auto count = from_environment("ACCEL_INFLATE_STREAMS", 100'000);
	const auto decoder = std::make_unique<DeflateDecoder>();
	std::uint64_t by_answer[4] = {};
	Streams streams(seed);

	SCOPED_TRACE(testing::Message() << "ACCEL_SEED=" << seed);
	for (std::uint64_t i = 0; i < count; i++) {
		const Bytes in = streams.next();
		const Verdict expected = ask_zlib(in);
		const Verdict got =
			ask_ours(*decoder, in, i % 4 == 0 ? 2 + i % 97 : 0, streams.random);

		by_answer[static_cast<int>(expected.answer)]++;
		// With a full output zlib does not read further, but DeflateDecoder does. zlib treats an empty code of
		// the lengths as one in which every bit is the length 0, and refuses the result later.
		const bool later = expected.answer == Answer::input && got.answer == Answer::bad &&
				   decoder->why() == std::string_view(kNoLengthCodes);
		if (expected.answer != Answer::output && !later) {
			ASSERT_EQ(got.answer, expected.answer) << "stream " << i;
		}
		if (expected.answer == Answer::end) {
			ASSERT_EQ(got.used, expected.used) << "stream " << i;
		}
		ASSERT_EQ(got.out, expected.out) << "stream " << i;
	}
	RecordProperty("good", std::to_string(by_answer[static_cast<int>(Answer::end)]));
	EXPECT_GT(by_answer[static_cast<int>(Answer::end)], count / 50);
	EXPECT_GT(by_answer[static_cast<int>(Answer::bad)], count / 10);
}

/// The status of the decompressor for a gzip member that zlib refuses.
Status judge(std::initializer_list<int> bytes)
{
	Bytes in;
	Bytes out(100);

	for (const int byte : bytes)
		in.push_back(static_cast<std::byte>(byte));
	EXPECT_EQ(test::zlib_inflate(in, 100).good, false) << "the test is wrong";
	return Inflate().run(in, out, true).status;
}

TEST(InflateAgree, AnIncompleteSetOfCodesIsRefused)
{
	// Checksum and length are correct: only the set of codes is invalid.
	EXPECT_EQ(judge({0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0x05, 0xc1,
			 0x01, 0x0e, 0x80, 0x20, 0x08, 0x00, 0xc0, 0x26, 0x64, 0xcc, 0x4c, 0x45,
			 0x9d, 0x0c, 0xf0, 0xff, 0xef, 0xec, 0x8e, 0x2a, 0x73, 0xde, 0xbe, 0x40,
			 0x5e, 0x3c, 0x22, 0xc3, 0xbb, 0x0a, 0x00, 0x00, 0x00}),
		  Status::data_error);
}

/// Whether sets with single codewords are accepted; only literals and distances may have them.
bool takes_lengths(std::initializer_list<std::uint8_t> literals, std::uint8_t end,
		   std::initializer_list<std::uint8_t> distances)
{
	std::array<std::uint8_t, 257> all{};
	std::array<huffman::Entry, huffman::kLiteralRoom> literal_table;
	std::array<huffman::Entry, huffman::kDistanceRoom> distance_table;

	std::ranges::copy(literals, all.begin());
	all[256] = end;
	return huffman::build_literals(all, literal_table) &&
	       huffman::build_distances(std::span(distances.begin(), distances.size()),
					distance_table);
}

TEST(InflateAgree, OneCodewordOfOneBitIsEnough)
{
	EXPECT_TRUE(takes_lengths({}, 1, {0}));
	EXPECT_TRUE(takes_lengths({}, 1, {1}));
	EXPECT_TRUE(takes_lengths({1}, 1, {1, 1}));
	EXPECT_FALSE(takes_lengths({}, 2, {0})) << "half of the codewords are unused";
	EXPECT_FALSE(takes_lengths({1}, 1, {2}));
	EXPECT_FALSE(takes_lengths({1, 1}, 1, {1})) << "three codewords of one bit";
	EXPECT_FALSE(takes_lengths({1}, 1, {1, 1, 15}));

	std::array<std::uint8_t, huffman::kLengthCodes> lengths{};
	std::array<huffman::Entry, huffman::kLengthCodeRoom> table;
	EXPECT_FALSE(huffman::build_length_codes(lengths, table));
	lengths[0] = 1;
	EXPECT_FALSE(huffman::build_length_codes(lengths, table)) << "not allowed for code lengths";
	lengths[18] = 1;
	EXPECT_TRUE(huffman::build_length_codes(lengths, table));
}

} // namespace
} // namespace accel::core::engine
