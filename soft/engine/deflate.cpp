// SPDX-License-Identifier: MIT
// Compression into gzip members.
#include "engine.hpp"

#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <cstring>
#include <new>

namespace accel::core::engine {

namespace {

// ID 1f 8b, deflate, no flags, no time, no level hint, unknown system.
constexpr std::uint8_t kHeader[10] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255};
constexpr std::size_t kTrailerSize = 8;
// The shortest stream: an empty final block with the fixed code.
constexpr std::uint8_t kEmptyBlock[2] = {0x03, 0x00};

constexpr std::size_t kMaxLevelBuffer = ISAL_DEF_LVL3_DEFAULT;
static_assert(kMaxLevelBuffer >= ISAL_DEF_LVL2_DEFAULT && kMaxLevelBuffer >= ISAL_DEF_LVL1_DEFAULT);

/// The largest size of one segment in bytes.
constexpr std::size_t segment_bound(std::size_t n)
{
	return n + 5 * ((n + kDeflateBlock - 1) / kDeflateBlock);
}

std::uint32_t level_buffer_size(int level)
{
	constexpr std::uint32_t kSizes[] = {ISAL_DEF_LVL0_DEFAULT, ISAL_DEF_LVL1_DEFAULT,
					    ISAL_DEF_LVL2_DEFAULT, ISAL_DEF_LVL3_DEFAULT};
	return kSizes[level];
}

void store_le32(std::byte *to, std::uint32_t value)
{
	for (int i = 0; i < 4; i++)
		to[i] = static_cast<std::byte>(value >> (8 * i));
}

} // namespace

struct alignas(64) Deflate::State {
	isal_zstream stream;
	std::uint8_t level_buffer[kMaxLevelBuffer];
	// The output of a segment for which @out may be too small; see compress().
	std::unique_ptr<std::byte[]> tight;

	Result compress(int level, std::span<const std::byte> in,
			std::span<std::byte> out) noexcept;
	int segment(int level, std::span<const std::byte> in, bool last, std::byte *to,
		    std::size_t &size) noexcept;
};

Deflate::Deflate() noexcept = default;
Deflate::~Deflate() = default;
Deflate::Deflate(Deflate &&) noexcept = default;
Deflate &Deflate::operator=(Deflate &&) noexcept = default;

// Stateless, by segments. isal_deflate() is not used because it does not fall back to stored blocks at
// level 0 (random data was measured to grow by 23 %) and counts in 32 bits. Each segment but the last
// ends with a full flush at a byte boundary, so the segments can be concatenated.
int Deflate::State::segment(int level, std::span<const std::byte> in, bool last, std::byte *to,
			    std::size_t &size) noexcept
{
	// isal_deflate_stateless_init() does not initialize hist_bits and other fields (2.30).
	isal_deflate_init(&stream);
	stream.level = static_cast<std::uint32_t>(level);
	stream.level_buf = level > 0 ? level_buffer : nullptr;
	stream.level_buf_size = level_buffer_size(level);
	stream.flush = last ? NO_FLUSH : FULL_FLUSH;
	stream.end_of_stream = last;
	stream.next_in = reinterpret_cast<std::uint8_t *>(const_cast<std::byte *>(in.data()));
	stream.avail_in = static_cast<std::uint32_t>(in.size());
	stream.next_out = reinterpret_cast<std::uint8_t *>(to);
	stream.avail_out = static_cast<std::uint32_t>(segment_bound(in.size()));

	const int error = isal_deflate_stateless(&stream);
	size = segment_bound(in.size()) - stream.avail_out;
	return error != COMP_OK ? error : stream.avail_in != 0 ? ISAL_INVALID_STATE : COMP_OK;
}

Result Deflate::State::compress(int level, std::span<const std::byte> in,
				std::span<std::byte> out) noexcept
{
	std::size_t produced = 0;
	std::uint32_t crc = 0;

	for (std::size_t at = 0; at < in.size();) {
		const auto part = in.subspan(at, std::min(kDeflateSegment, in.size() - at));
		const std::size_t room = out.size() - produced;
		const bool direct = room >= segment_bound(part.size());
		std::byte *to = out.data() + produced;
		std::size_t size = 0;

		// ISA-L needs some spare bytes and stores data that does not fit compressed, so near the
		// end of @out the result would depend on its size.
		if (!direct) {
			if (!tight)
				tight.reset(new (std::nothrow)
						    std::byte[segment_bound(kDeflateSegment)]);
			if (!tight)
				return {Status::no_memory, 0, 0, "no memory for the output"};
			to = tight.get();
		}
		crc = crc32_gzip_refl(crc, reinterpret_cast<const unsigned char *>(part.data()),
				      part.size());
		at += part.size();
		if (segment(level, part, at == in.size(), to, size) != COMP_OK)
			return {Status::internal, 0, 0, "ISA-L failed to compress"};
		if (size > room)
			return {Status::output_full, 0, 0, "the member is larger than the room"};
		if (!direct)
			std::memcpy(out.data() + produced, to, size);
		produced += size;
	}
	if (out.size() - produced < kTrailerSize)
		return {Status::output_full, 0, 0, "the member is larger than the room"};
	store_le32(out.data() + produced, crc);
	store_le32(out.data() + produced + 4, static_cast<std::uint32_t>(in.size()));
	return {Status::ok, in.size(), produced + kTrailerSize};
}

Result Deflate::member(int level, std::span<const std::byte> in, std::span<std::byte> out) noexcept
{
	if (level < ISAL_DEF_MIN_LEVEL || level > ISAL_DEF_MAX_LEVEL)
		return {Status::unsupported, 0, 0, "the level must be 0 to 3"};
	if (out.size() < sizeof(kHeader) + sizeof(kEmptyBlock) + kTrailerSize)
		return {Status::output_full, 0, 0, "the member is larger than the room"};
	if (!state_)
		state_.reset(new (std::nothrow) State);
	if (!state_)
		return {Status::no_memory, 0, 0, "no memory for the compressor"};

	std::memcpy(out.data(), kHeader, sizeof(kHeader));
	std::size_t begin = sizeof(kHeader);
	if (in.empty()) {
		std::memcpy(out.data() + begin, kEmptyBlock, sizeof(kEmptyBlock));
		begin += sizeof(kEmptyBlock);
	}
	Result result = state_->compress(level, in, out.subspan(begin));
	if (result.status == Status::ok)
		result.produced += begin;
	return result;
}

} // namespace accel::core::engine
