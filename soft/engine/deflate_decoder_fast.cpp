// SPDX-License-Identifier: MIT
// The loop of the deflate decoder while neither the input nor the output is near its end.
//
// Bits are loaded by words of 8 bytes. 56 bits suffice for two literals and a length with its extra bits, or for a
// distance with its extra bits, so a match needs two loads. The next entry is looked up before the match is copied,
// since the two do not depend on each other.
#include "deflate_decoder.hpp"

#include <bit>
#include <cstring>

#if defined(__x86_64__)
#define ACCEL_HAS_BMI2 1
#else
#define ACCEL_HAS_BMI2 0
#endif

namespace accel::core::engine {

using namespace huffman;

namespace {

constexpr std::size_t kLongestMatch = 258, kStore = 16;
// The most that one iteration reads and writes: two or three loads; two literals and a match, by wide stores.
constexpr std::ptrdiff_t kInputMargin = 24, kOutputMargin = 3 + kLongestMatch + 2 * kStore;

struct Bits {
	const std::uint8_t *in;
	std::uint64_t bits;
	unsigned count;

	// Bits above `count` equal those that the next load puts there.
	[[gnu::always_inline]] void load()
	{
		std::uint64_t word;

		std::memcpy(&word, in, sizeof(word));
		if constexpr (std::endian::native == std::endian::big)
			word = __builtin_bswap64(word);
		bits |= word << count;
		in += (63 - count) / 8;
		count |= 56;
	}
	[[gnu::always_inline]] void drop(Entry entry)
	{
		bits >>= covered(entry);
		count -= covered(entry);
	}
	[[gnu::always_inline]] Entry find(const Entry *table, unsigned root) const
	{
		return table[bits & ((1U << root) - 1)];
	}
	/// Follow a link and drop the bits that it covers.
	[[gnu::always_inline]] Entry follow(const Entry *table, Entry link)
	{
		drop(link);
		return table[value(link) + (bits & ((1U << codeword(link)) - 1))];
	}
	/// Return the number that an entry encodes and drop the bits that it covers.
	[[gnu::always_inline]] std::size_t number(Entry entry)
	{
		const std::uint64_t all = bits & ((std::uint64_t{1} << covered(entry)) - 1);

		drop(entry);
		return value(entry) + (all >> codeword(entry));
	}
};

template <std::size_t n>
[[gnu::always_inline]] inline void copy_word(std::uint8_t *to, const std::uint8_t *from)
{
	std::uint8_t word[n];

	std::memcpy(word, from, n);
	std::memcpy(to, word, n);
}

/// Copies a match. Fewer than 2 * kStore bytes after it may be overwritten.
[[gnu::always_inline]] inline void copy_near(std::uint8_t *to, std::size_t distance,
					     std::size_t length)
{
	const std::uint8_t *from = to - distance;
	std::uint8_t *const end = to + length;

	if (distance >= kStore) {
		do {
			copy_word<kStore>(to, from);
			copy_word<kStore>(to + kStore, from + kStore);
			to += 2 * kStore;
			from += 2 * kStore;
		} while (to < end);
	} else if (distance == 1) {
		std::memset(to, *from, length);
	} else if (distance >= 8) {
		for (; to < end; to += 8, from += 8)
			copy_word<8>(to, from);
	} else {
		for (; to < end; to += distance) // the first @distance bytes of the word are right
			copy_word<8>(to, from);
	}
}

/// Copies a match from memory that does not overlap @to.
[[gnu::always_inline]] inline void copy_far(std::uint8_t *to, const std::uint8_t *from,
					    std::size_t length)
{
	for (std::uint8_t *const end = to + length; to < end; to += kStore, from += kStore)
		copy_word<kStore>(to, from);
}

} // namespace

[[gnu::always_inline]] inline DeflateDecoder::Step DeflateDecoder::fast_body(DeflateDecoder &self,
									     Cursor &c)
{
	if (c.in_end - c.in < kInputMargin || c.out_end - c.out < kOutputMargin)
		return Step::go_on;
	const std::uint8_t *const in_end = c.in_end - kInputMargin;
	std::uint8_t *const out_end = c.out_end - kOutputMargin;
	const Entry *const literals = self.literal_table_.data();
	const Entry *const distances = self.distance_table_.data();
	std::uint8_t *out = c.out;
	Bits b{c.in, self.bits_, self.count_};
	Step result = Step::go_on;

	b.load();
	Entry entry = b.find(literals, kLiteralBits);
	do {
		if (entry & kLiteral) {
			b.drop(entry);
			*out++ = static_cast<std::uint8_t>(entry >> 16);
			entry = b.find(literals, kLiteralBits);
			if (entry & kLiteral) {
				b.drop(entry);
				*out++ = static_cast<std::uint8_t>(entry >> 16);
				entry = b.find(literals, kLiteralBits);
				if (entry & kLiteral) {
					b.drop(entry);
					*out++ = static_cast<std::uint8_t>(entry >> 16);
					b.load();
					entry = b.find(literals, kLiteralBits);
					continue;
				}
			}
		}
		if (entry & kSpecial) [[unlikely]] {
			if (entry & kLink)
				entry = b.follow(literals, entry);
			if (entry & kLiteral) {
				b.drop(entry);
				*out++ = static_cast<std::uint8_t>(entry >> 16);
				b.load();
				entry = b.find(literals, kLiteralBits);
				continue;
			}
			if (entry & kEnd) {
				b.drop(entry);
				result = self.end_block();
				break;
			}
			if (entry & kSpecial) {
				result = self.fail("no literal or length has that code");
				break;
			}
		}
		const std::size_t length = b.number(entry);

		b.load();
		entry = b.find(distances, kDistanceBits);
		if (entry & kSpecial) [[unlikely]] {
			if (entry & kLink)
				entry = b.follow(distances, entry);
			if (entry & kSpecial) {
				result = self.fail("no distance has that code");
				break;
			}
		}
		const std::size_t distance = b.number(entry);

		b.load();
		entry = b.find(literals, kLiteralBits);
		if (distance > static_cast<std::size_t>(out - c.out_begin)) [[unlikely]] {
			const std::size_t before =
				distance - static_cast<std::size_t>(out - c.out_begin);
			const std::size_t from = (self.window_at_ + kWindow - before) % kWindow;
			if (before > self.window_bytes_) {
				result = self.fail(
					"a match refers to data before the start of the output");
				break;
			}
			if (length <= before && length <= kWindow - from) {
				copy_far(out, self.window_.data() + from, length);
				out += length;
			} else {
				c.out = out;
				self.left_ = length;
				self.distance_ = distance;
				self.copy_match(c); // all of it fits
				out = c.out;
			}
		} else {
			copy_near(out, distance, length);
			out += length;
		}
	} while (b.in < in_end && out < out_end);

	// Whole buffered bytes are returned to the input.
	c.out = out;
	c.in = b.in - (b.count / 8);
	self.count_ = b.count % 8;
	self.bits_ = b.bits & ((std::uint64_t{1} << self.count_) - 1);
	return result;
}

#if ACCEL_HAS_BMI2
// With BMI2 a shift by a variable number of bits is one operation, otherwise three.
[[gnu::target("bmi,bmi2")]] DeflateDecoder::Step DeflateDecoder::fast_bmi2(DeflateDecoder &self,
									   Cursor &c)
{
	return fast_body(self, c);
}
#endif

#if ACCEL_HAS_BMI2
const bool DeflateDecoder::kHasBmi2 =
	__builtin_cpu_supports("bmi2") && __builtin_cpu_supports("bmi");
#endif

DeflateDecoder::Step DeflateDecoder::fast(DeflateDecoder &self, Cursor &c)
{
#if ACCEL_HAS_BMI2
	if (kHasBmi2)
		return fast_bmi2(self, c);
#endif
	return fast_body(self, c);
}

} // namespace accel::core::engine
