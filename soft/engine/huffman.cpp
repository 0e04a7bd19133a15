// SPDX-License-Identifier: MIT
// Builds the tables that decode the Huffman codes of deflate.
#include "huffman.hpp"

#include <algorithm>
#include <array>

namespace accel::core::engine::huffman {

namespace {

// The entry of each symbol without its codeword: the low bits hold the number of extra bits.

constexpr std::array<Entry, kLengthCodes> make_length_codes()
{
	std::array<Entry, kLengthCodes> all{};

	for (Entry symbol = 0; symbol < all.size(); symbol++)
		all[symbol] = symbol << 16;
	return all;
}

/// Symbols 257 to 284 encode 3 to 257 bytes, in groups of four that have one more extra bit each; 285 encodes 258.
constexpr std::array<Entry, kLiterals> make_literals()
{
	constexpr Entry kFirstLength = 257, kLastLength = 285;
	std::array<Entry, kLiterals> all{};
	Entry length = 3;

	all.fill(kSpecial); // 286 and 287 have codewords in the fixed code but no meaning
	for (Entry symbol = 0; symbol < 256; symbol++)
		all[symbol] = kLiteral | symbol << 16;
	all[256] = kSpecial | kEnd;
	for (Entry symbol = kFirstLength; symbol < kLastLength; symbol++) {
		const Entry group = (symbol - kFirstLength) / 4;
		const Entry extra = group > 1 ? group - 1 : 0;

		all[symbol] = length << 16 | extra;
		length += Entry{1} << extra;
	}
	all[kLastLength] = Entry{258} << 16;
	return all;
}

/// Symbols 0 to 29 encode 1 to 32768 bytes, in pairs that have one more extra bit each.
constexpr std::array<Entry, kDistances> make_distances()
{
	constexpr Entry kUsed = 30;
	std::array<Entry, kDistances> all{};
	Entry distance = 1;

	all.fill(kSpecial);
	for (Entry symbol = 0; symbol < kUsed; symbol++) {
		const Entry extra = symbol > 3 ? symbol / 2 - 1 : 0;

		all[symbol] = distance << 16 | extra;
		distance += Entry{1} << extra;
	}
	return all;
}

constexpr auto kLengthCodeSymbols = make_length_codes();
constexpr auto kLiteralSymbols = make_literals();
constexpr auto kDistanceSymbols = make_distances();

/// The low @bits of @code in reverse order: deflate stores codewords with their highest bit first.
unsigned reversed(unsigned code, unsigned bits)
{
	code = (code & 0x5555) << 1 | (code >> 1 & 0x5555);
	code = (code & 0x3333) << 2 | (code >> 2 & 0x3333);
	code = (code & 0x0f0f) << 4 | (code >> 4 & 0x0f0f);
	code = (code & 0x00ff) << 8 | (code >> 8 & 0x00ff);
	return code >> (16 - bits);
}

struct Counts {
	std::array<std::uint16_t, kLongest + 1> of{}; // codewords of each length
	unsigned longest = 0;
	int unused = 1; // codewords of 15 bits; below 0: over-subscribed

	explicit Counts(std::span<const std::uint8_t> lengths)
	{
		for (const std::uint8_t length : lengths)
			of[length]++;
		of[0] = 0;
		for (unsigned bits = 1; bits <= kLongest && unused >= 0; bits++) {
			unused = 2 * unused - of[bits];
			if (of[bits])
				longest = bits;
		}
	}
};

/// Fills the two levels of a table, codeword by codeword in ascending order.
class Builder {
public:
	Builder(std::span<Entry> table, unsigned root, const Counts &counts)
		: table_(table),
		  root_(root),
		  longest_(counts.longest),
		  left_(counts.of),
		  end_(std::size_t{1} << root)
	{}

	void add(unsigned code, unsigned bits, Entry symbol)
	{
		const unsigned low_first = reversed(code, bits);

		if (bits <= root_) {
			fill(table_.first(std::size_t{1} << root_), low_first, bits, symbol);
		} else {
			const unsigned prefix = low_first & ((1U << root_) - 1);
			if (prefix != prefix_)
				open(prefix, bits);
			fill(table_.subspan(begin_, end_ - begin_), low_first >> root_,
			     bits - root_, symbol);
		}
		left_[bits]--;
	}

private:
	static void fill(std::span<Entry> part, unsigned first, unsigned bits, Entry symbol)
	{
		const Entry entry = symbol + (bits << 8 | bits);

		for (std::size_t at = first; at < part.size(); at += std::size_t{1} << bits)
			part[at] = entry;
	}

	/// Begin the second table of the codewords that begin with @prefix; the first and shortest has @bits bits.
	void open(unsigned prefix, unsigned bits)
	{
		unsigned select = bits - root_;

		// Enlarge it for longer codewords while the shorter ones leave entries free.
		int unused = (1 << select) - left_[bits];
		while (unused > 0 && root_ + select < longest_) {
			select++;
			unused = 2 * unused - left_[root_ + select];
		}
		begin_ = end_;
		end_ = std::min(begin_ + (std::size_t{1} << select), table_.size());
		prefix_ = prefix;
		table_[prefix] =
			kSpecial | kLink | static_cast<Entry>(begin_ << 16) | select << 8 | root_;
	}

	std::span<Entry> table_;
	const unsigned root_;
	const unsigned longest_;
	std::array<std::uint16_t, kLongest + 1> left_; // codewords of each length still to add
	std::size_t begin_ = 0, end_;		       // of the current second table
	unsigned prefix_ = ~0U;
};

bool build(std::span<const std::uint8_t> lengths, const Entry *symbols, unsigned root,
	   bool may_be_incomplete, std::span<Entry> table)
{
	const Counts counts(lengths);
	std::array<std::uint16_t, kLiterals> sorted;
	std::array<std::uint16_t, kLongest + 2> next{};

	if (counts.unused < 0)
		return false;
	if (counts.unused > 0) {
		if (!may_be_incomplete || counts.longest > 1)
			return false;
		std::ranges::fill(table.first(std::size_t{1} << root), kSpecial | 1 << 8 | 1);
	}
	for (unsigned bits = 1; bits <= kLongest; bits++)
		next[bits + 1] = static_cast<std::uint16_t>(next[bits] + counts.of[bits]);
	for (std::size_t symbol = 0; symbol < lengths.size(); symbol++)
		if (lengths[symbol])
			sorted[next[lengths[symbol]]++] = static_cast<std::uint16_t>(symbol);

	Builder builder(table, root, counts);
	unsigned code = 0, at = 0;
	for (unsigned bits = 1; bits <= counts.longest; bits++, code <<= 1)
		for (unsigned i = 0; i < counts.of[bits]; i++)
			builder.add(code++, bits, symbols[sorted[at++]]);
	return true;
}

} // namespace

bool build_length_codes(std::span<const std::uint8_t> lengths,
			std::span<Entry, kLengthCodeRoom> table)
{
	return build(lengths, kLengthCodeSymbols.data(), kLengthCodeBits, false, table);
}

bool build_literals(std::span<const std::uint8_t> lengths, std::span<Entry, kLiteralRoom> table)
{
	return build(lengths, kLiteralSymbols.data(), kLiteralBits, true, table);
}

bool build_distances(std::span<const std::uint8_t> lengths, std::span<Entry, kDistanceRoom> table)
{
	return build(lengths, kDistanceSymbols.data(), kDistanceBits, true, table);
}

} // namespace accel::core::engine::huffman
