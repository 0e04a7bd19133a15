// SPDX-License-Identifier: MIT
// `accel run inflate`: finds out whether invalid data begins directly after a member.
#include "verbs/soft/run/inflate_end.hpp"

#include <algorithm>

namespace cli {

namespace {

constexpr size_t kTrailer = 8;
constexpr std::byte kFirstOfHeader = std::byte{0x1f};

constexpr std::array<uint32_t, 256> make_crc_table()
{
	std::array<uint32_t, 256> table = {};

	for (uint32_t i = 0; i < table.size(); ++i) {
		uint32_t crc = i;

		for (int bit = 0; bit < 8; ++bit)
			crc = crc & 1 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
		table[i] = crc;
	}
	return table;
}

/// CRC-32 of gzip; the caller inverts all bits before and after.
/// Written here because the installed command links neither zlib nor ISA-L; only the path of invalid data uses it.
uint32_t crc32(uint32_t crc, std::span<const std::byte> bytes)
{
	static constexpr std::array<uint32_t, 256> kTable = make_crc_table();

	for (std::byte byte : bytes)
		crc = crc >> 8 ^ kTable[(crc ^ static_cast<uint32_t>(byte)) & 0xff];
	return crc;
}

uint32_t number(std::span<const std::byte> bytes)
{
	uint32_t value = 0;

	for (size_t i = 0; i < 4; ++i)
		value |= static_cast<uint32_t>(bytes[i]) << (8 * i);
	return value;
}

bool is_trailer(std::span<const std::byte> trailer, uint64_t all, std::span<const std::byte> before,
		std::span<const std::byte> last)
{
	const uint32_t crc = number(trailer);
	const uint32_t length = number(trailer.subspan(4));

	// The content is longer than the two outputs, so its checksum is unknown. Compare the length with all of the
	// output, which is right for a single member. A trailer of zeros is one only with an empty output.
	if (length > before.size() + last.size() || length == 0)
		return length == static_cast<uint32_t>(all) && (length != 0 || crc == 0);
	uint32_t own = UINT32_MAX;

	if (length > last.size())
		own = crc32(own, before.last(length - last.size()));
	own = crc32(own, last.last(std::min<size_t>(length, last.size())));
	return ~own == crc;
}

} // namespace

void InputEnd::add(std::span<const std::byte> consumed)
{
	size_t added = std::min(consumed.size(), bytes_.size());

	std::shift_left(bytes_.begin(), bytes_.end(), static_cast<ptrdiff_t>(added));
	std::ranges::copy(consumed.last(added), bytes_.end() - added);
	count_ = std::min(count_ + added, bytes_.size());
}

std::optional<uint64_t> InputEnd::after_member(uint64_t all, std::span<const std::byte> before,
					       std::span<const std::byte> last) const
{
	std::span<const std::byte> bytes(bytes_);

	if (count_ >= kTrailer && is_trailer(bytes.last(kTrailer), all, before, last))
		return 0;
	if (count_ > kTrailer && bytes.back() == kFirstOfHeader &&
	    is_trailer(bytes.first(kTrailer), all, before, last))
		return 1;
	return std::nullopt;
}

} // namespace cli
