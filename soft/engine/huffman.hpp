// SPDX-License-Identifier: MIT
// The tables by which the Huffman codes of deflate (RFC 1951, 3.2) are decoded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace accel::core::engine::huffman {

// An entry of a table says what the next bits of the input mean:
//   bits 0 to 5    bits of the input that it covers: the codeword, and the extra bits behind it
//   bits 8 to 11   bits of the codeword alone; of a link: the number of bits that select in the second table
//   bits 13 to 15  what it is, if it is neither a literal nor a number
//   bits 16 to 30  the literal; or the number that the extra bits are added to; of a link: where the second
//                  table begins
//   bit 31         it is a literal
using Entry = std::uint32_t;

inline constexpr Entry kLiteral = Entry{1} << 31;
inline constexpr Entry kSpecial = Entry{1}
				  << 15; ///< a link, an end, or (with neither) no code at all
inline constexpr Entry kLink = Entry{1} << 14;
inline constexpr Entry kEnd = Entry{1} << 13;

constexpr unsigned covered(Entry entry)
{
	return entry & 63;
}
constexpr unsigned codeword(Entry entry)
{
	return entry >> 8 & 15;
}
constexpr unsigned value(Entry entry)
{
	return entry >> 16 & 0x7fff;
}

inline constexpr unsigned kLongest = 15; ///< bits of a codeword
inline constexpr std::size_t kLengthCodes = 19, kLiterals = 288, kDistances = 32;
// Bits that select in the first table, and the most entries that both levels have for any complete code (the
// program enough.c of zlib counts them).
inline constexpr unsigned kLengthCodeBits = 7, kLiteralBits = 11, kDistanceBits = 8;
inline constexpr std::size_t kLengthCodeRoom = 128, kLiteralRoom = 2342, kDistanceRoom = 402;

/// Fill a table by the lengths of the codewords of symbols 0, 1, 2, …; length 0: the symbol has none.
/// @return false if no decoder takes such a set. The rule is that of zlib: a set that claims more codewords
///         than there are is wrong, and so is one that leaves some unused. Literals and distances may be a
///         single codeword of one bit; distances may have no codeword at all.
bool build_length_codes(std::span<const std::uint8_t> lengths,
			std::span<Entry, kLengthCodeRoom> table);
bool build_literals(std::span<const std::uint8_t> lengths, std::span<Entry, kLiteralRoom> table);
bool build_distances(std::span<const std::uint8_t> lengths, std::span<Entry, kDistanceRoom> table);

} // namespace accel::core::engine::huffman
