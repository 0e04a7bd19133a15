// SPDX-License-Identifier: MIT
// The extra field that tells the size of a gzip member.
#include "soft_run_members.hpp"

#include <algorithm>
#include <array>

namespace cli {

namespace {

constexpr size_t kBareHeader = kSizedHeader - kSizeField;
constexpr size_t kSizeAt = 16;
constexpr size_t kLeast = kSizedHeader + 2 + 8; // an empty block, and the trailer

using Header = std::array<uint8_t, kSizedHeader>;

/// No time, unknown system; 8 bytes of extra fields, which are the one called "ms" of 4 bytes.
constexpr Header kHeader = {0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 255, 8, 0, 'm', 's', 4, 0, 0, 0, 0, 0};
constexpr uint8_t kBare[kBareHeader] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255};

bool begins_with(std::span<const std::byte> bytes, std::span<const uint8_t> wanted)
{
	return bytes.size() >= wanted.size() &&
	       std::ranges::equal(bytes.first(wanted.size()), std::as_bytes(wanted));
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

size_t recorded_size(std::span<const std::byte> header)
{
	size_t size = 0;

	if (header.size() < kSizedHeader || !begins_with(header, std::span(kHeader).first(kSizeAt)))
		return 0;
	for (size_t i = 0; i < 4; ++i)
		size |= static_cast<size_t>(header[kSizeAt + i]) << (8 * i);
	return size < kLeast ? 0 : size;
}

} // namespace cli
