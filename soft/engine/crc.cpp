// SPDX-License-Identifier: MIT
// CRC-32C, alone and combined with a copy.
#include "crc_path.hpp"
#include "engine.hpp"
#include "memory.hpp"

#include <isa-l/crc.h>

#include <algorithm>
#include <cstring>

namespace accel::core::engine {

namespace {

// ISA-L takes the length as an int.
constexpr std::size_t kMostAtOnce = std::size_t{1} << 30;
// Measured from 2 to 256 KiB: source and destination block must fit the first-level cache together.
constexpr std::size_t kCopyBlock = 8192;

// False until it is initialized, while the process starts: ISA-L computes the CRC then.
const bool folds = has_folding();

} // namespace

std::uint32_t isal_crc(std::uint32_t crc, const std::byte *p, std::size_t n) noexcept
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

std::uint32_t isal_copy_crc(std::uint32_t crc, std::byte *to, const std::byte *from,
			    std::size_t n) noexcept
{
	while (n > 0) {
		const std::size_t part = std::min(n, kCopyBlock);
		std::memcpy(to, from, part);
		// The CRC of the copy, not of the source: it must match the copy even if another
		// thread changes the source meanwhile.
		crc = isal_crc(crc, to, part);
		to += part;
		from += part;
		n -= part;
	}
	return crc;
}

std::uint32_t crc32c(std::uint32_t seed, const void *p, std::size_t n) noexcept
{
	const auto *from = static_cast<const std::byte *>(p);

	return folds ? ~fold_crc(~seed, from, n) : ~isal_crc(~seed, from, n);
}

std::uint32_t copy_crc32c(std::uint32_t seed, void *dst, const void *src, std::size_t n) noexcept
{
	auto *to = static_cast<std::byte *>(dst);
	const auto *from = static_cast<const std::byte *>(src);

	// A copy by blocks to a higher address within its own source would read bytes that it has already overwritten.
	if (overlap(to, from, n)) {
		copy(dst, src, n);
		return crc32c(seed, dst, n);
	}
	if (!folds)
		return ~isal_copy_crc(~seed, to, from, n);
	return is_past_caches(2 * n) ? ~fold_stream_crc(~seed, to, from, n) :
				       ~fold_copy_crc(~seed, to, from, n);
}

} // namespace accel::core::engine
