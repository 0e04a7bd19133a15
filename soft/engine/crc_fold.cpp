// SPDX-License-Identifier: MIT
// CRC-32C by folding, alone and with a copy from the same registers.
//
// A message is a polynomial over GF(2), its CRC the remainder of the division by P. 128 bits X that are
// D bits before another 128 bits Y may be replaced by Y + X * (x^D mod P), which leaves the same
// remainder: this is a fold. One 512-bit register holds four such X; four registers hide the latency
// of the multiplication. The last 128 bits are reduced by the crc32 instruction.
//
// This CRC is reflected: bit i of the 128 is the coefficient of x^(127-i). The product of two reflected
// halves is shifted by one, so the factors are x^(D-1) and, for the first half, x^(D+63).
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
constexpr unsigned kLanes = 4; // more were not faster and slow down short ranges
// From this size on aligning to a cache line pays: an access across two lines takes the cache twice.
constexpr std::size_t kAlignFrom = 2048;

/// x^n mod P, reflected, in the upper 32 of 64 bits.
constexpr long long power(unsigned n)
{
	std::uint64_t rest = 0x80000000;

	for (; n > 0; n--)
		rest = rest >> 1 ^ (rest & 1 ? 0x82f63b78 : 0);
	return std::bit_cast<long long>(rest << 32);
}

/// The factors of the first and the second half of 128 bits for a fold over @bytes.
template <unsigned bytes>
constexpr long long kFirst = power(bytes * 8 + 63);
template <unsigned bytes>
constexpr long long kSecond = power(bytes * 8 - 1);

/// Bytes up to the next line boundary.
std::size_t to_line(const std::byte *at)
{
	return -reinterpret_cast<std::uintptr_t>(at) % kLine;
}

enum class Store { none, cached, streamed };

/// The rest of the ranges. Every function that loads bytes also stores them as @store demands.
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
	/// Returns a line whose last bytes are the next @bytes (1 to 64) and whose first bytes are zero.
	ACCEL_FOLD_INLINE __m512i end_of_line(std::size_t bytes)
	{
		const std::size_t zeros = kLine - bytes;
		const __mmask64 mask = ~__mmask64{0} << zeros;
		// Bytes outside the mask are neither read nor written, so they need not be mapped.
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

/// The CRC of a line (four times 128 bits).
ACCEL_FOLD_INLINE std::uint32_t reduce(__m512i x)
{
	// The last 128 bits are kept, the others are folded over 48, 32 and 16 bytes.
	const __m512i by = _mm512_set_epi64(0, 0, kSecond<16>, kFirst<16>, kSecond<32>, kFirst<32>,
					    kSecond<48>, kFirst<48>);
	const __m512i over = _mm512_xor_si512(_mm512_clmulepi64_epi128(x, by, 0x00),
					      _mm512_clmulepi64_epi128(x, by, 0x11));
	const __m512i all = _mm512_mask_mov_epi64(over, 0xc0, x);
	// The masked forms, because gcc 12 warns about its own header for the unmasked ones and for the casts.
	const __m256i half = _mm256_xor_si256(_mm512_maskz_extracti64x4_epi64(0xf, all, 0),
					      _mm512_maskz_extracti64x4_epi64(0xf, all, 1));
	const __m128i rest =
		_mm_xor_si128(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
	const auto first = static_cast<std::uint64_t>(_mm_cvtsi128_si64(rest));
	const auto second = static_cast<std::uint64_t>(_mm_extract_epi64(rest, 1));

	return static_cast<std::uint32_t>(_mm_crc32_u64(_mm_crc32_u64(0, first), second));
}

/// The first @head bytes (4 to 64), then whole lines. Leading zeros do not change a CRC, so the head is padded in front
/// to a line; the register @crc is added to the first four bytes of the head.
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
		// Three variables, because the compiler kept an array in memory.
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

/// The next @n bytes, less than a line.
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

/// All of the ranges. Large ones are processed by the line boundaries of @aligned, one of the two.
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
	// Streaming stores must be aligned; all() aligns from this size on.
	if (n < kAlignFrom)
		return fold_copy_crc(crc, to, from, n);
	crc = all(crc, Ranges<Store::streamed>{to, from, n}, to);
	// Streaming stores are weakly ordered: without the fence a client could see the completion before the data.
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
