// SPDX-License-Identifier: MIT
// gzip members with their size in an extra field of the header (RFC 1952, 2.3.1.1), which other programs skip. It
// allows finding a member, and so parallel decompression, without decompressing the previous members. The two fields
// are "ms", for members of any size, and "BC" of BGZF (the SAM specification, 4.1).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace cli {

/// Bytes that the field "ms" adds to a member.
inline constexpr size_t kSizeField = 10;
/// Bytes that the field "BC" adds to a member.
inline constexpr size_t kBgzfField = 8;
/// Largest size of a member with "BC".
inline constexpr size_t kMostBgzf = 65536;
/// Largest content of such a member, so that incompressible content fits; the value of bgzip.
inline constexpr size_t kBgzfContent = 0xff00;
/// Bytes of a header with "ms" and no other optional field. A whole member with "BC" is longer.
inline constexpr size_t kSizedHeader = 10 + kSizeField;

/// Returns the room for a gzip member of incompressible content: 18 bytes, 5 for each stored block, and the field.
constexpr size_t member_room(size_t content)
{
	return content + content / 8192 + 64;
}

/// Adds "ms" to a member with a bare header. @room: kSizeField free bytes, then the member. Returns the result, which
/// is the unchanged member if it has another header or is too long.
std::span<const std::byte> record_size(std::span<std::byte> room);

/// Adds "BC" to a member with a bare header. @room: kBgzfField free bytes, then the member. Throws if the member has
/// another header or is too long.
std::span<const std::byte> record_bgzf(std::span<std::byte> room);

/// The empty member at the end of a BGZF file.
std::span<const std::byte> bgzf_end();

/// Returns the size of the whole member from one of the fields; 0 if @header is not the start of a member with one.
/// "BC" must be the first field, as all known programs write it.
size_t recorded_size(std::span<const std::byte> header);

} // namespace cli
