// SPDX-License-Identifier: MIT
// CRC-32C, alone and beside a copy.
#include "engine.hpp"

#include <isa-l/crc.h>

#include <algorithm>
#include <cstring>

namespace accel::engine {

namespace {

// ISA-L takes the length as an int.
constexpr std::size_t kMostAtOnce = std::size_t{1} << 30;
// Measured from 2 to 256 KiB: source and destination block must fit the first-level cache together.
constexpr std::size_t kCopyBlock = 8192;

/// The bare register of the CRC, as ISA-L has it: without the inversion before and after.
std::uint32_t update(std::uint32_t crc, const std::byte *p, std::size_t n)
{
	while (n > 0) {
		const std::size_t part = std::min(n, kMostAtOnce);
		// The parameter lacks a const; the function only reads.
		auto *bytes = reinterpret_cast<unsigned char *>(const_cast<std::byte *>(p));
		crc = crc32_iscsi(bytes, static_cast<int>(part), crc);
		p += part;
		n -= part;
	}
	return crc;
}

} // namespace

std::uint32_t crc32c(std::uint32_t seed, const void *p, std::size_t n) noexcept
{
	return ~update(~seed, static_cast<const std::byte *>(p), n);
}

std::uint32_t copy_crc32c(std::uint32_t seed, void *dst, const void *src, std::size_t n) noexcept
{
	auto *to = static_cast<std::byte *>(dst);
	const auto *from = static_cast<const std::byte *>(src);
	const auto gap =
		reinterpret_cast<std::uintptr_t>(to) - reinterpret_cast<std::uintptr_t>(from);
	std::uint32_t crc = ~seed;

	// Block by block, a copy upwards within its own source would read what it has just written.
	if (gap < n || -gap < n) {
		copy(dst, src, n);
		return crc32c(seed, dst, n);
	}
	while (n > 0) {
		const std::size_t part = std::min(n, kCopyBlock);
		std::memcpy(to, from, part);
		// Of the copy, not of the source: that is what the caller is told about, even if
		// somebody changes the source meanwhile.
		crc = update(crc, to, part);
		to += part;
		from += part;
		n -= part;
	}
	return ~crc;
}

} // namespace accel::engine
