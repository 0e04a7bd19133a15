// SPDX-License-Identifier: MIT
// Reads the header of a gzip member.
#include "gzip_header.hpp"

#include <isa-l/crc.h>

namespace accel::core::engine {

namespace {

constexpr std::uint8_t kDeflateMethod = 8;
constexpr std::uint8_t kFlagHeaderCrc = 0x02;
constexpr std::uint8_t kFlagExtra = 0x04;
constexpr std::uint8_t kFlagName = 0x08;
constexpr std::uint8_t kFlagComment = 0x10;
constexpr std::uint8_t kReservedFlags = 0xe0;
constexpr std::uint16_t kTimeAndSystemSize = 6;

} // namespace

bool GzipHeader::magic(std::uint8_t byte, std::uint8_t wanted, Step next) noexcept
{
	if (byte != wanted) {
		why_ = "not gzip data";
		return false;
	}
	step_ = next;
	return true;
}

/// Select the next field that the flags announce.
void GzipHeader::go_on_after(Step step) noexcept
{
	if (step < Step::extra_low && (flags_ & kFlagExtra))
		step_ = Step::extra_low;
	else if (step < Step::name && (flags_ & kFlagName))
		step_ = Step::name;
	else if (step < Step::comment && (flags_ & kFlagComment))
		step_ = Step::comment;
	else if (step < Step::crc_low && (flags_ & kFlagHeaderCrc))
		step_ = Step::crc_low;
	else
		step_ = Step::done;
}

bool GzipHeader::take(std::uint8_t byte) noexcept
{
	switch (step_) {
	case Step::id1: return magic(byte, 0x1f, Step::id2);
	case Step::id2: return magic(byte, 0x8b, Step::method);
	case Step::method:
		why_ = "unknown compression method";
		step_ = Step::flags;
		return byte == kDeflateMethod;
	case Step::flags:
		why_ = "reserved flags in the header";
		flags_ = byte;
		left_ = kTimeAndSystemSize;
		step_ = Step::time_and_system;
		return (byte & kReservedFlags) == 0;
	case Step::extra_low:
		left_ = byte;
		step_ = Step::extra_high;
		return true;
	case Step::extra_high:
		left_ = static_cast<std::uint16_t>(left_ | byte << 8);
		step_ = Step::extra;
		if (left_ == 0)
			go_on_after(Step::extra);
		return true;
	case Step::time_and_system:
	case Step::extra:
		if (--left_ == 0)
			go_on_after(step_);
		return true;
	case Step::name:
	case Step::comment:
		if (byte == 0)
			go_on_after(step_);
		return true;
	case Step::crc_low:
		stated_crc_ = byte;
		step_ = Step::crc_high;
		return true;
	case Step::crc_high:
		stated_crc_ = static_cast<std::uint16_t>(stated_crc_ | byte << 8);
		step_ = Step::done;
		return true;
	case Step::done: break;
	}
	return true;
}

GzipHeader::Answer GzipHeader::feed(std::span<const std::byte> in, std::size_t &used) noexcept
{
	std::size_t covered = 0; // by the checksum

	for (used = 0; used < in.size() && step_ != Step::done; used++) {
		if (step_ < Step::crc_low)
			covered = used + 1;
		if (!take(static_cast<std::uint8_t>(in[used])))
			return Answer::bad;
	}
	crc_ = crc32_gzip_refl(crc_, reinterpret_cast<const unsigned char *>(in.data()), covered);
	if (step_ != Step::done)
		return Answer::more;
	if ((flags_ & kFlagHeaderCrc) && stated_crc_ != (crc_ & 0xffff)) {
		why_ = "the checksum of the header differs";
		return Answer::checksum;
	}
	return Answer::done;
}

} // namespace accel::core::engine
