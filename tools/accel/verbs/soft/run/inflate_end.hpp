// SPDX-License-Identifier: MIT
// `accel run inflate`: finds out whether invalid data begins directly after a member or inside one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace cli {

/// The last consumed bytes of the input. After a member these are its trailer: the CRC-32 and the length of its
/// content.
class InputEnd {
public:
	void add(std::span<const std::byte> consumed);

	/// Returns the number of consumed bytes after the end of the last member: 0, or 1 if the byte after it equals
	/// the first byte of a header. Returns nothing if no member ends there, or if that is unknown because several
	/// members were read and the content of the last one is longer than the two outputs. @all: bytes of the output
	/// so far, the last of which are in @before and @last.
	std::optional<uint64_t> after_member(uint64_t all, std::span<const std::byte> before,
					     std::span<const std::byte> last) const;

private:
	std::array<std::byte, 9> bytes_ = {}; // a trailer, and a byte of a header
	size_t count_ = 0;
};

} // namespace cli
