// SPDX-License-Identifier: MIT
// gzip members that tell their size: an extra field of the header (RFC 1952, 2.3.1.1), which other programs
// skip. With it, members can be found, and decompressed side by side, without decompressing those before.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace cli {

/// Bytes that the field adds to a member.
inline constexpr size_t kSizeField = 10;
/// Bytes of a header that has the field and nothing else beside what each has.
inline constexpr size_t kSizedHeader = 10 + kSizeField;

/// Room for the gzip member of content that does not get smaller: 18 bytes, 5 for each stored block, and the field.
constexpr size_t member_room(size_t content)
{
	return content + content / 8192 + 64;
}

/// Make a member with the field of one with a bare header: @room has kSizeField bytes that are free, then the
/// member. Returns where the result is; it is the member as it was, if it has another header or is too long.
std::span<const std::byte> record_size(std::span<std::byte> room);

/// What the field says, the size of the whole member; 0 if this is not the start of a member that has it.
size_t recorded_size(std::span<const std::byte> header);

} // namespace cli
