// SPDX-License-Identifier: MIT
// Deflate blocks with random sets of codes, valid and invalid.
#pragma once

#include "test_data.hpp"

#include <algorithm>

namespace accel::core::engine::test {

/// Writes bits in the order of deflate.
class BitWriter {
public:
	void put(unsigned bits, unsigned value)
	{
		for (unsigned i = 0; i < bits; i++, count_++) {
			if (count_ % 8 == 0)
				bytes.push_back({});
			bytes.back() |= static_cast<std::byte>((value >> i & 1) << count_ % 8);
		}
	}
	Bytes bytes;

private:
	unsigned count_ = 0;
};

/// Lengths of a complete code for @n of @symbols, none longer than @longest; occasionally incomplete.
inline std::vector<std::uint8_t> random_lengths(std::size_t symbols, std::size_t n,
						unsigned longest, std::mt19937_64 &random)
{
	std::vector<std::uint8_t> leaves{0}, lengths(symbols);

	if (random() % 16 == 0)
		n = random() % 3;
	while (leaves.size() < n) {
		auto &leaf = leaves[random() % leaves.size()];
		if (leaf < longest)
			leaves.push_back(++leaf);
	}
	for (const std::uint8_t leaf : leaves)
		lengths[random() % symbols] = std::max<std::uint8_t>(leaf, n != 0);
	for (auto changes = random() % 3; changes > 0; changes--)
		lengths[random() % symbols] = static_cast<std::uint8_t>(random() % (longest + 1));
	return lengths;
}

/// A block with random dynamic codes and random data.
inline Bytes random_block(std::mt19937_64 &random)
{
	static constexpr std::uint8_t kOrder[] = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
						  11, 4,  12, 3, 13, 2, 14, 1, 15};
	BitWriter writer;

	writer.put(1, random() % 4 != 0);
	writer.put(2, 2);
	// Most have a complete code of 16 codewords of 4 bits for the lengths, so that the decoder reaches the sets
	// after it.
	const bool plain = random() % 4 != 0;
	const auto literals = 257 + (plain ? random() % 30 : random() % 32);
	const auto distances = 1 + (plain ? random() % 30 : random() % 32);
	writer.put(5, static_cast<unsigned>(literals - 257));
	writer.put(5, static_cast<unsigned>(distances - 1));
	writer.put(4, 15);
	const auto codes = random_lengths(19, 2 + random() % 17, 7, random);
	for (const std::uint8_t symbol : kOrder)
		writer.put(3, plain ? (symbol < 16 ? 4 : 0) : codes[symbol]);
	const auto put_plain = [&](std::uint8_t length) {
		unsigned code = 0;
		for (unsigned i = 0; i < 4; i++)
			code |= (length >> i & 1U) << (3 - i);
		writer.put(4, code);
	};
	if (plain) {
		auto lengths = random_lengths(literals, 1 + random() % 100, 15, random);
		if (random() % 8 != 0 && !lengths[256])
			std::swap(lengths[256], *std::ranges::max_element(lengths));
		for (const auto length : lengths)
			put_plain(length);
		for (const auto length :
		     random_lengths(distances, random() % distances, 15, random))
			put_plain(length);
	}
	for (auto words = random() % 40; words > 0; words--)
		writer.put(16, static_cast<unsigned>(random() & 0xffff));
	return writer.bytes;
}

/// Which set of codes of a block is incomplete.
enum class Incomplete { none, length_codes, literals, distances };

/// A set of codes in the order of deflate: shorter codewords first, then smaller symbols.
class CodeSet {
public:
	/// A complete set for these symbols, which are at least two.
	CodeSet(std::size_t symbols, std::vector<unsigned> used, unsigned longest,
		std::mt19937_64 &random)
		: lengths(symbols)
	{
		std::vector<std::uint8_t> leaves{0};

		while (leaves.size() < used.size()) {
			auto &leaf = leaves[random() % leaves.size()];
			if (leaf < longest)
				leaves.push_back(++leaf);
		}
		std::ranges::shuffle(used, random);
		for (std::size_t i = 0; i < used.size(); i++)
			lengths[used[i]] = leaves[i];
	}

	void put(BitWriter &writer, unsigned symbol) const
	{
		unsigned code = 0;

		for (unsigned bits = 1; bits <= lengths[symbol]; bits++, code <<= 1)
			for (unsigned other = 0; other < lengths.size(); other++) {
				if (bits == lengths[symbol] && other == symbol) {
					for (unsigned i = bits; i-- > 0;)
						writer.put(1, code >> i & 1);
					return;
				}
				code += lengths[other] == bits;
			}
	}

	std::vector<std::uint8_t> lengths;
};

/// A block of random data that is valid except for one incomplete set. A symbol is missing in that set, or its codeword
/// is too long; the data does not use it.
inline Bytes valid_block(Incomplete incomplete, std::mt19937_64 &random)
{
	static constexpr std::uint8_t kOrder[] = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
						  11, 4,  12, 3, 13, 2, 14, 1, 15};
	constexpr unsigned kEnd = 256, kFirstMatch = 257, kMatches = 8, kDistances = 4;
	const auto shorten = [&](CodeSet &set, unsigned unused) {
		auto &length = set.lengths[unused];
		length = static_cast<std::uint8_t>(random() % 2 && length < 7 ? length + 1 : 0);
	};
	std::vector<unsigned> used;
	BitWriter writer;

	/* The last literal and the last distance are the unused ones. */
	for (unsigned literal = 'A'; literal <= 'A' + 3 + random() % 60; literal++)
		used.push_back(literal);
	const unsigned unused_literal = used.back();
	for (unsigned other = kEnd; other < kFirstMatch + kMatches; other++)
		used.push_back(other);
	CodeSet literals(kFirstMatch + kMatches, used, 15, random);
	CodeSet distances(kDistances + 1, {0, 1, 2, 3, 4}, 15, random);
	if (incomplete == Incomplete::literals)
		shorten(literals, unused_literal);
	if (incomplete == Incomplete::distances)
		shorten(distances, kDistances);
	used.clear();
	for (unsigned length = 0; length <= 16; length++) /* the code 16 is unused */
		used.push_back(length);
	CodeSet length_codes(19, used, 7, random);
	if (incomplete == Incomplete::length_codes)
		shorten(length_codes, 16);

	writer.put(1, 1);
	writer.put(2, 2);
	writer.put(5, kMatches);
	writer.put(5, kDistances);
	writer.put(4, 15);
	for (const std::uint8_t symbol : kOrder)
		writer.put(3, length_codes.lengths[symbol]);
	for (const CodeSet *set : {&literals, &distances})
		for (const std::uint8_t length : set->lengths)
			length_codes.put(writer, length);
	for (auto at = 0U, count = static_cast<unsigned>(random() % 300); at < count; at++) {
		if (at < kDistances || random() % 4) {
			literals.put(writer, 'A' + static_cast<unsigned>(random() %
									 (unused_literal - 'A')));
		} else {
			literals.put(writer,
				     kFirstMatch + static_cast<unsigned>(random() % kMatches));
			distances.put(writer, static_cast<unsigned>(random() % kDistances));
		}
	}
	literals.put(writer, kEnd);
	return writer.bytes;
}

} // namespace accel::core::engine::test
