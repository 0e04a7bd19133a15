// SPDX-License-Identifier: MIT
// `accel run inflate`: whether the input stopped to make sense behind a member, or inside of one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace cli {

/// The last bytes of the input that were consumed. Behind a member these are its trailer: the CRC-32 and the length
/// of its content.
class InputEnd {
public:
	void add(std::span<const std::byte> consumed);

	/// The engine stopped behind what was added. @all: bytes of the output up to there, of which the last ones are
	/// in @before and @last. How many bytes before the end of the input that was added the last member ends: 0, or
	/// 1 if the first byte behind it looks like a header. None: it does not end there, or nothing can tell, since
	/// more than one member was read and the content of the last one is longer than the two outputs.
	std::optional<uint64_t> behind_member(uint64_t all, std::span<const std::byte> before,
					      std::span<const std::byte> last) const;

private:
	std::array<std::byte, 9> bytes_ = {}; // a trailer, and a byte of a header
	size_t count_ = 0;
};

} // namespace cli
