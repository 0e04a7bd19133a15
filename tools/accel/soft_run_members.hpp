// SPDX-License-Identifier: MIT
// gzip members that tell their size: an extra field of the header (RFC 1952, 2.3.1.1), which other programs
// skip. With it, members can be found, and decompressed side by side, without decompressing those before. There are
// two such fields: "ms", for members of any size, and "BC", that of BGZF (the SAM specification, 4.1).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace cli {

/// Bytes that the field "ms" adds to a member.
inline constexpr size_t kSizeField = 10;
/// Bytes that the field "BC" adds to a member.
inline constexpr size_t kBgzfField = 8;
/// Bytes of a member that has "BC", at most.
inline constexpr size_t kMostBgzf = 65536;
/// Bytes of its content, at most, so that a member that does not get smaller fits, too. bgzip takes as many.
inline constexpr size_t kBgzfContent = 0xff00;
/// Bytes of a header that has "ms" and nothing else beside what each has. One with "BC" and the rest of its member
/// are more.
inline constexpr size_t kSizedHeader = 10 + kSizeField;

/// Room for the gzip member of content that does not get smaller: 18 bytes, 5 for each stored block, and the field.
constexpr size_t member_room(size_t content)
{
	return content + content / 8192 + 64;
}

/// Make a member with the field of one with a bare header: @room has kSizeField bytes that are free, then the
/// member. Returns where the result is; it is the member as it was, if it has another header or is too long.
std::span<const std::byte> record_size(std::span<std::byte> room);

/// Make a member of BGZF of one with a bare header: @room has kBgzfField bytes that are free, then the member.
/// Throws if it has another header or is too long.
std::span<const std::byte> record_bgzf(std::span<std::byte> room);

/// The member with nothing in it that ends a file of BGZF.
std::span<const std::byte> bgzf_end();

/// What one of the fields says, the size of the whole member; 0 if this is not the start of a member that has it.
/// "BC" is found where it is the first field, as all known programs write it.
size_t recorded_size(std::span<const std::byte> header);

} // namespace cli
