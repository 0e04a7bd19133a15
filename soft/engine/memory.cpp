// SPDX-License-Identifier: MIT
// Copy, fill and compare.
#include "memory.hpp"

#include "engine.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace accel::core::engine {

namespace {

// Small enough that a block with a difference is still in the first-level cache for first_difference().
constexpr std::size_t kCompareBlock = 4096;

/// Stores 64-byte lines of a repeated pattern.
void fill_lines(std::byte *dst, std::size_t lines, std::uint64_t pattern)
{
	std::uint64_t line[8];
	std::fill(std::begin(line), std::end(line), pattern);
	for (; lines > 0; lines--, dst += sizeof(line))
		std::memcpy(dst, line, sizeof(line));
}

#ifdef __SSE2__
/// Fills all but less than a line at the end with stores that bypass the caches.
/// @return the number of bytes filled; @pattern is rotated so that it continues after them
std::size_t stream_lines(std::byte *dst, std::size_t n, std::uint64_t &pattern)
{
	// Streaming stores must be aligned. Bytes before the first one may be written twice.
	const std::size_t head = -reinterpret_cast<std::uintptr_t>(dst) % 16;
	std::memcpy(dst, &pattern, 8);
	std::memcpy(dst + 8, &pattern, 8);
	pattern = std::rotr(pattern, static_cast<int>(head % 8 * 8));

	const __m128i value = _mm_set1_epi64x(static_cast<long long>(pattern));
	auto *to = reinterpret_cast<__m128i *>(dst + head);
	const std::size_t lines = (n - head) / 64;
	for (std::size_t line = 0; line < lines; line++, to += 4) {
		_mm_stream_si128(to, value);
		_mm_stream_si128(to + 1, value);
		_mm_stream_si128(to + 2, value);
		_mm_stream_si128(to + 3, value);
	}
	// Streaming stores are weakly ordered: without the fence a client could see the completion before the data.
	_mm_sfence();
	return head + lines * 64;
}
#endif

#ifdef __SSE2__
/// Copies all but less than a line at the end with stores that bypass the caches.
/// @return the number of bytes copied
std::size_t stream_copy(std::byte *dst, const std::byte *src, std::size_t n)
{
	const std::size_t head = -reinterpret_cast<std::uintptr_t>(dst) % 64;
	std::memcpy(dst, src, head);

	auto *to = reinterpret_cast<__m128i *>(dst + head);
	const auto *from = reinterpret_cast<const __m128i *>(src + head);
	const std::size_t lines = (n - head) / 64;
	for (std::size_t line = 0; line < lines; line++, to += 4, from += 4) {
		// The four stores of a line are adjacent, so that they leave the core as one write.
		const __m128i first = _mm_loadu_si128(from);
		const __m128i second = _mm_loadu_si128(from + 1);
		const __m128i third = _mm_loadu_si128(from + 2);
		const __m128i fourth = _mm_loadu_si128(from + 3);
		_mm_stream_si128(to, first);
		_mm_stream_si128(to + 1, second);
		_mm_stream_si128(to + 2, third);
		_mm_stream_si128(to + 3, fourth);
	}
	_mm_sfence(); // see stream_lines()
	return head + lines * 64;
}
#endif

/// Offset of the first difference in blocks that are known to differ.
std::size_t first_difference(const std::byte *a, const std::byte *b, std::size_t n)
{
	for (std::size_t at = 0; at + 8 <= n; at += 8) {
		std::uint64_t left, right;
		std::memcpy(&left, a + at, 8);
		std::memcpy(&right, b + at, 8);
		if (left != right)
			return static_cast<std::size_t>(
				std::mismatch(a + at, a + at + 8, b + at).first - a);
	}
	const std::size_t tail = n - n % 8;
	return static_cast<std::size_t>(std::mismatch(a + tail, a + n, b + tail).first - a);
}

#ifdef __SSE2__
/// Copies a range that may exceed the caches.
void copy_much(std::byte *dst, const std::byte *src, std::size_t n)
{
	const std::size_t done =
		is_past_caches(2 * n) && !overlap(dst, src, n) ? stream_copy(dst, src, n) : 0;

	std::memmove(dst + done, src + done, n - done);
}
#endif

} // namespace

void copy(void *dst, const void *src, std::size_t n) noexcept
{
#ifdef __SSE2__
	if (2 * n >= kLeastCache) [[unlikely]]
		return copy_much(static_cast<std::byte *>(dst), static_cast<const std::byte *>(src),
				 n);
#endif
	if (n > 0)
		std::memmove(dst, src, n);
}

void fill(void *dst, std::size_t n, std::uint64_t pattern) noexcept
{
	auto *to = static_cast<std::byte *>(dst);
	std::size_t done = 0;

	if constexpr (std::endian::native == std::endian::big)
		pattern = std::byteswap(pattern);
#ifdef __SSE2__
	if (is_past_caches(n))
		done = stream_lines(to, n, pattern);
#endif
	if (done == 0 && n > 0 && pattern == std::rotl(pattern, 8)) {
		std::memset(to, static_cast<int>(pattern & 0xff), n);
		return;
	}
	if (done == 0) {
		fill_lines(to, n / 64, pattern);
		done = n / 64 * 64;
	}
	for (; n - done >= 8; done += 8)
		std::memcpy(to + done, &pattern, 8);
	if (n > done)
		std::memcpy(to + done, &pattern, n - done);
}

std::size_t compare(const void *a, const void *b, std::size_t n) noexcept
{
	const auto *left = static_cast<const std::byte *>(a);
	const auto *right = static_cast<const std::byte *>(b);

	for (std::size_t at = 0; at < n;) {
		const std::size_t block = std::min(kCompareBlock, n - at);
		if (std::memcmp(left + at, right + at, block) != 0)
			return at + first_difference(left + at, right + at, block);
		at += block;
	}
	return n;
}

} // namespace accel::core::engine
