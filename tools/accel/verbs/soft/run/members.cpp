// SPDX-License-Identifier: MIT
// Extra fields with the size of a gzip member.
#include "verbs/soft/run/members.hpp"

#include "terminal/fail.hpp"

#include <algorithm>
#include <array>

namespace cli {

namespace {

constexpr size_t kBareHeader = kSizedHeader - kSizeField;
constexpr size_t kSizeAt = 16;
constexpr size_t kLeast = kSizedHeader + 2 + 8; // an empty block, and the trailer

using Header = std::array<uint8_t, kSizedHeader>;

/// No time, unknown system; 8 bytes of extra fields: "ms" with 4 bytes.
constexpr Header kHeader = {0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 255, 8, 0, 'm', 's', 4, 0, 0, 0, 0, 0};
/// The same with 6 bytes of extra fields: "BC" with 2 bytes, the size of the member minus one.
constexpr uint8_t kBgzfHeader[kBareHeader + kBgzfField] = {0x1f, 0x8b, 8, 4,   0,   0, 0, 0, 0,
							   255,	 6,    0, 'B', 'C', 2, 0, 0, 0};
constexpr size_t kBgzfSizeAt = 16;
constexpr size_t kFlags = 4;	 // bytes of a header up to the flags
constexpr size_t kLengthAt = 10; // of all extra fields
constexpr size_t kFieldAt = 12;	 // of the first one
constexpr uint8_t kBgzfEnd[] = {0x1f, 0x8b, 8,	4, 0, 0, 0, 0, 0, 255, 6, 0, 'B', 'C',
				2,    0,    27, 0, 3, 0, 0, 0, 0, 0,   0, 0, 0,	  0};
constexpr uint8_t kBare[kBareHeader] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255};

bool begins_with(std::span<const std::byte> bytes, std::span<const uint8_t> wanted)
{
	return bytes.size() >= wanted.size() &&
	       std::ranges::equal(bytes.first(wanted.size()), std::as_bytes(wanted));
}

size_t number(std::span<const std::byte> header, size_t at)
{
	return static_cast<size_t>(header[at]) | static_cast<size_t>(header[at + 1]) << 8;
}

/// Returns whether the header has "BC" first; time, level and system may have any value.
bool is_bgzf(std::span<const std::byte> header)
{
	return begins_with(header, std::span(kBgzfHeader).first(kFlags)) &&
	       number(header, kLengthAt) >= kBgzfSizeAt + 2 - kFieldAt &&
	       begins_with(header.subspan(kFieldAt),
			   std::span(kBgzfHeader).subspan(kFieldAt, kBgzfSizeAt - kFieldAt));
}

size_t bgzf_size(std::span<const std::byte> header)
{
	size_t size = number(header, kBgzfSizeAt) + 1;

	return size < kFieldAt + number(header, kLengthAt) + 2 + 8 ? 0 : size;
}

} // namespace

std::span<const std::byte> record_size(std::span<std::byte> room)
{
	std::span<std::byte> member = room.subspan(kSizeField);
	Header header = kHeader;

	if (!begins_with(member, kBare) || room.size() > UINT32_MAX)
		return member;
	for (size_t i = 0; i < 4; ++i)
		header[kSizeAt + i] = static_cast<uint8_t>(room.size() >> (8 * i));
	std::ranges::copy(std::as_bytes(std::span(header)), room.begin());
	return room;
}

std::span<const std::byte> record_bgzf(std::span<std::byte> room)
{
	const size_t last = room.size() - 1;

	if (!begins_with(room.subspan(kBgzfField), kBare) || room.size() > kMostBgzf)
		fail(Exit::device, "deflate",
		     "the member from the device does not fit BGZF: {} bytes; allowed: at most {} "
		     "bytes with a header of {} bytes",
		     room.size(), kMostBgzf, kBareHeader);
	std::ranges::copy(std::as_bytes(std::span(kBgzfHeader)), room.begin());
	room[kBgzfSizeAt] = static_cast<std::byte>(last);
	room[kBgzfSizeAt + 1] = static_cast<std::byte>(last >> 8);
	return room;
}

std::span<const std::byte> bgzf_end()
{
	return std::as_bytes(std::span(kBgzfEnd));
}

size_t recorded_size(std::span<const std::byte> header)
{
	size_t size = 0;

	if (header.size() < kSizedHeader)
		return 0;
	if (is_bgzf(header))
		return bgzf_size(header);
	if (!begins_with(header, std::span(kHeader).first(kSizeAt)))
		return 0;
	for (size_t i = 0; i < 4; ++i)
		size |= static_cast<size_t>(header[kSizeAt + i]) << (8 * i);
	return size < kLeast ? 0 : size;
}

} // namespace cli
