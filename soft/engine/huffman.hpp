// SPDX-License-Identifier: MIT
// The tables that decode the Huffman codes of deflate (RFC 1951, 3.2).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace accel::core::engine::huffman {

// An entry of a table defines the meaning of the next bits of the input:
//   bits 0 to 5    number of input bits that it covers: the codeword and its extra bits
//   bits 8 to 11   number of bits of the codeword alone; of a link: number of bits that index the second table
//   bits 13 to 15  the kind of the entry, if it is neither a literal nor a number
//   bits 16 to 30  the literal; or the number to which the extra bits are added; of a link: the start of the
//                  second table
//   bit 31         set for a literal
using Entry = std::uint32_t;

inline constexpr Entry kLiteral = Entry{1} << 31;
inline constexpr Entry kSpecial =
	Entry{1} << 15; ///< a link, an end, or (with neither bit) an unused codeword
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
// Number of bits that index the first table, and the largest number of entries of both levels for any complete code
// (computed by the program enough.c of zlib).
inline constexpr unsigned kLengthCodeBits = 7, kLiteralBits = 11, kDistanceBits = 8;
inline constexpr std::size_t kLengthCodeRoom = 128, kLiteralRoom = 2342, kDistanceRoom = 402;

/// Fill a table from the codeword lengths of symbols 0, 1, 2 and so on; length 0: the symbol has no codeword.
/// @return false if the set of lengths is invalid. The rule is that of zlib: a set must be neither over-subscribed
///         nor incomplete. Literals and distances may have a single codeword of one bit; distances may have no
///         codeword.
bool build_length_codes(std::span<const std::uint8_t> lengths,
			std::span<Entry, kLengthCodeRoom> table);
bool build_literals(std::span<const std::uint8_t> lengths, std::span<Entry, kLiteralRoom> table);
bool build_distances(std::span<const std::uint8_t> lengths, std::span<Entry, kDistanceRoom> table);

} // namespace accel::core::engine::huffman
