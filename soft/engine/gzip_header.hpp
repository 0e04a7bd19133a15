// SPDX-License-Identifier: MIT
// Reads the header of a gzip member (RFC 1952, 2.3), with input in pieces.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace accel::core::engine {

class GzipHeader {
public:
	enum class Answer {
		more,	  ///< all of @in was read; the header needs more
		done,	  ///< the header is complete
		bad,	  ///< the header is invalid or unsupported; why() describes the error
		checksum, ///< the checksum of the header (FHCRC) differs
	};

	/// Read from @in to the end of the header, or to the first wrong byte.
	/// @param used  out: bytes that were read; a wrong byte is not counted
	Answer feed(std::span<const std::byte> in, std::size_t &used) noexcept;

	/// Whether the two magic bytes of gzip are not complete yet.
	[[nodiscard]] bool in_magic() const noexcept { return step_ <= Step::id2; }
	/// Whether no byte was read yet.
	[[nodiscard]] bool untouched() const noexcept { return step_ == Step::id1; }
	[[nodiscard]] const char *why() const noexcept { return why_; }

private:
	// In the order of the format: go_on_after() compares them.
	enum class Step : std::uint8_t {
		id1,
		id2,
		method,
		flags,
		time_and_system,
		extra_low,
		extra_high,
		extra,
		name,
		comment,
		crc_low,
		crc_high,
		done,
	};

	bool take(std::uint8_t byte) noexcept;
	bool magic(std::uint8_t byte, std::uint8_t wanted, Step next) noexcept;
	void go_on_after(Step step) noexcept;

	Step step_ = Step::id1;
	std::uint8_t flags_ = 0;
	std::uint16_t left_ = 0; // bytes left of the current field
	std::uint16_t stated_crc_ = 0;
	std::uint32_t crc_ = 0; // of the bytes before the checksum
	const char *why_ = nullptr;
};

} // namespace accel::core::engine
