// SPDX-License-Identifier: MIT
// CRC-32C by folding, alone and with a copy out of the same registers.
//
// A message is a polynomial over GF(2), its CRC the remainder of dividing by P. 128 bits X that stand
// D bits before another 128 bits Y may be replaced by Y + X * (x^D mod P), which leaves the same
// remainder: that is a fold. One 512-bit register holds four such X; four registers hide the latency
// of the multiplication. In the end 128 bits are left, which the crc32 instruction reduces.
//
// Reflected, as this CRC is, bit i of the 128 stands for x^(127-i). The multiplication of two halves
// yields the product shifted by one, so the factors are x^(D-1) and, for the half that stands first,
// x^(D+63).
#include "crc_path.hpp"

#ifdef __x86_64__
#include <bit>
#include <cstring>
#include <immintrin.h>

namespace accel::core::engine {

namespace {

#define ACCEL_FOLD	  __attribute__((target("avx512f,avx512bw,avx512vl,vpclmulqdq,pclmul,sse4.2")))
#define ACCEL_FOLD_INLINE ACCEL_FOLD __attribute__((always_inline)) inline

constexpr std::size_t kLine = 64;
constexpr unsigned kLanes = 4; // not more: it was no faster, and costs short ranges
// From so many bytes on it pays to begin at a line: what lies across two takes the caches twice.
constexpr std::size_t kAlignFrom = 2048;

/// x^n mod P, reflected, at the upper end of 64 bits.
constexpr long long power(unsigned n)
{
	std::uint64_t rest = 0x80000000;

	for (; n > 0; n--)
		rest = rest >> 1 ^ (rest & 1 ? 0x82f63b78 : 0);
	return std::bit_cast<long long>(rest << 32);
}

/// What the half that stands first, and the other one, are multiplied with to get over @bytes.
template <unsigned bytes>
constexpr long long kFirst = power(bytes * 8 + 63);
template <unsigned bytes>
constexpr long long kSecond = power(bytes * 8 - 1);

/// Bytes up to where a line begins.
std::size_t to_line(const std::byte *at)
{
	return -reinterpret_cast<std::uintptr_t>(at) % kLine;
}

enum class Store { none, cached, streamed };

/// What is left of the ranges. Whoever takes bytes has copied them.
template <Store store>
struct Ranges {
	std::byte *to;
	const std::byte *from;
	std::size_t n;

	ACCEL_FOLD_INLINE __m512i line()
	{
		const __m512i data = _mm512_loadu_si512(from);

		if constexpr (store == Store::cached)
			_mm512_storeu_si512(to, data);
		if constexpr (store == Store::streamed)
			_mm512_stream_si512(reinterpret_cast<__m512i *>(to), data);
		go_on(kLine);
		return data;
	}
	/// The first @bytes, 1 to 64, at the end of a line that begins with zeros.
	ACCEL_FOLD_INLINE __m512i end_of_line(std::size_t bytes)
	{
		const std::size_t zeros = kLine - bytes;
		const __mmask64 mask = ~__mmask64{0} << zeros;
		// Where the mask has no bit, nothing is read or written, whatever is there.
		const __m512i data = _mm512_maskz_loadu_epi8(mask, before(from, zeros));

		if constexpr (store != Store::none)
			_mm512_mask_storeu_epi8(before(to, zeros), mask, data);
		go_on(bytes);
		return data;
	}
	template <typename T>
	static T *before(T *at, std::size_t bytes)
	{
		return reinterpret_cast<T *>(reinterpret_cast<std::uintptr_t>(at) - bytes);
	}
	template <typename T>
	ACCEL_FOLD_INLINE T word()
	{
		T data;

		std::memcpy(&data, from, sizeof(data));
		if constexpr (store != Store::none)
			std::memcpy(to, &data, sizeof(data));
		go_on(sizeof(data));
		return data;
	}
	ACCEL_FOLD_INLINE void go_on(std::size_t bytes)
	{
		from += bytes;
		if constexpr (store != Store::none)
			to += bytes;
		n -= bytes;
	}
};

template <unsigned bytes>
ACCEL_FOLD_INLINE __m512i fold(__m512i x, __m512i y)
{
	const __m512i by =
		_mm512_set_epi64(kSecond<bytes>, kFirst<bytes>, kSecond<bytes>, kFirst<bytes>,
				 kSecond<bytes>, kFirst<bytes>, kSecond<bytes>, kFirst<bytes>);
	constexpr int kXor = 0x96;

	return _mm512_ternarylogic_epi64(_mm512_clmulepi64_epi128(x, by, 0x00),
					 _mm512_clmulepi64_epi128(x, by, 0x11), y, kXor);
}

/// The CRC of the four times 128 bits of a line.
ACCEL_FOLD_INLINE std::uint32_t reduce(__m512i x)
{
	// The last 128 bits stay where they are, the others come over 48, 32 and 16 bytes.
	const __m512i by = _mm512_set_epi64(0, 0, kSecond<16>, kFirst<16>, kSecond<32>, kFirst<32>,
					    kSecond<48>, kFirst<48>);
	const __m512i over = _mm512_xor_si512(_mm512_clmulepi64_epi128(x, by, 0x00),
					      _mm512_clmulepi64_epi128(x, by, 0x11));
	const __m512i all = _mm512_mask_mov_epi64(over, 0xc0, x);
	// With a mask, for without one, and for the casts, gcc 12 warns about its own header.
	const __m256i half = _mm256_xor_si256(_mm512_maskz_extracti64x4_epi64(0xf, all, 0),
					      _mm512_maskz_extracti64x4_epi64(0xf, all, 1));
	const __m128i rest =
		_mm_xor_si128(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
	const auto first = static_cast<std::uint64_t>(_mm_cvtsi128_si64(rest));
	const auto second = static_cast<std::uint64_t>(_mm_extract_epi64(rest, 1));

	return static_cast<std::uint32_t>(_mm_crc32_u64(_mm_crc32_u64(0, first), second));
}

/// The first @head bytes, 4 to 64, then whole lines. Zeros before a message do not change its CRC, so the head is
/// a line, too; the register that it goes on from is added to its first four bytes.
template <Store store>
ACCEL_FOLD_INLINE std::uint32_t lines(std::uint32_t crc, Ranges<store> &ranges, std::size_t head)
{
	const std::size_t zeros = kLine - head;
	const auto turned = static_cast<int>(std::rotl(crc, static_cast<int>(zeros % 4 * 8)));
	const __m512i start =
		_mm512_maskz_mov_epi8(__mmask64{0xf} << zeros, _mm512_set1_epi32(turned));
	__m512i x =
		_mm512_xor_si512(head == kLine ? ranges.line() : ranges.end_of_line(head), start);

	if (ranges.n >= (kLanes - 1) * kLine) {
		// By name: with an array the compiler was seen to keep it in memory.
		__m512i x1 = ranges.line(), x2 = ranges.line(), x3 = ranges.line();
		while (ranges.n >= kLanes * kLine) {
			x = fold<kLanes * kLine>(x, ranges.line());
			x1 = fold<kLanes * kLine>(x1, ranges.line());
			x2 = fold<kLanes * kLine>(x2, ranges.line());
			x3 = fold<kLanes * kLine>(x3, ranges.line());
		}
		x = fold<kLine>(fold<2 * kLine>(x, x2), fold<2 * kLine>(x1, x3));
	}
	while (ranges.n >= kLine)
		x = fold<kLine>(x, ranges.line());
	return reduce(x);
}

/// The first @n bytes, less than a line.
template <Store store>
ACCEL_FOLD_INLINE std::uint32_t words(std::uint32_t crc, Ranges<store> &ranges, std::size_t n)
{
	std::uint64_t wide = crc;

	for (; n >= 8; n -= 8)
		wide = _mm_crc32_u64(wide, ranges.template word<std::uint64_t>());
	crc = static_cast<std::uint32_t>(wide);
	if (n & 4)
		crc = _mm_crc32_u32(crc, ranges.template word<std::uint32_t>());
	if (n & 2)
		crc = _mm_crc32_u16(crc, ranges.template word<std::uint16_t>());
	if (n & 1)
		crc = _mm_crc32_u8(crc, ranges.template word<std::uint8_t>());
	return crc;
}

/// All of the ranges. Lines begin where @aligned, one of the two, has them, if it is worth it.
template <Store store>
ACCEL_FOLD_INLINE std::uint32_t all(std::uint32_t crc, Ranges<store> ranges,
				    const std::byte *aligned)
{
	std::size_t head = kLine;

	if (ranges.n >= kAlignFrom) {
		head = to_line(aligned);
		if (head < 4) {
			crc = words(crc, ranges, head);
			head = kLine;
		}
	}
	if (ranges.n >= kLine)
		crc = lines(crc, ranges, head);
	return words(crc, ranges, ranges.n);
}

} // namespace

bool has_folding() noexcept
{
	__builtin_cpu_init();
	return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
	       __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("vpclmulqdq") &&
	       __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("sse4.2");
}

ACCEL_FOLD std::uint32_t fold_crc(std::uint32_t crc, const std::byte *from, std::size_t n) noexcept
{
	return all(crc, Ranges<Store::none>{nullptr, from, n}, from);
}

ACCEL_FOLD std::uint32_t fold_copy_crc(std::uint32_t crc, std::byte *to, const std::byte *from,
				       std::size_t n) noexcept
{
	return all(crc, Ranges<Store::cached>{to, from, n}, to);
}

ACCEL_FOLD std::uint32_t fold_stream_crc(std::uint32_t crc, std::byte *to, const std::byte *from,
					 std::size_t n) noexcept
{
	// Such stores must be aligned, as lines are from so many bytes on.
	if (n < kAlignFrom)
		return fold_copy_crc(crc, to, from, n);
	crc = all(crc, Ranges<Store::streamed>{to, from, n}, to);
	// They are weakly ordered: without this a completion could be seen before the data.
	_mm_sfence();
	return crc;
}

} // namespace accel::core::engine

#else

namespace accel::core::engine {

bool has_folding() noexcept
{
	return false;
}

std::uint32_t fold_crc(std::uint32_t crc, const std::byte *from, std::size_t n) noexcept
{
	return isal_crc(crc, from, n);
}

std::uint32_t fold_copy_crc(std::uint32_t crc, std::byte *to, const std::byte *from,
			    std::size_t n) noexcept
{
	return isal_copy_crc(crc, to, from, n);
}

std::uint32_t fold_stream_crc(std::uint32_t crc, std::byte *to, const std::byte *from,
			      std::size_t n) noexcept
{
	return isal_copy_crc(crc, to, from, n);
}

} // namespace accel::core::engine
#endif
