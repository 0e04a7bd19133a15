// SPDX-License-Identifier: MIT
// The result of `accel run crc32c`, for all providers: the CRC-32Cs of consecutive pieces, which can be processed in
// parallel, are joined.
#pragma once

#include "run/options.hpp"
#include "run/summary.hpp"

#include <cstdint>

namespace cli {

/// Computes crc(A + B) from crc(A), crc(B) and the length of B. A CRC is a polynomial over GF(2); appending n bytes
/// multiplies it by x^(8n). Caches the factor of the last length, since nearly all pieces have the same length.
class CrcJoiner {
public:
	uint32_t join(uint32_t first, uint32_t second, uint64_t second_bytes)
	{
		if (second_bytes != bytes_) {
			factor_ = power(second_bytes);
			bytes_ = second_bytes;
		}
		return multiply(factor_, first) ^ second;
	}

private:
	static constexpr uint32_t kPolynomial = 0x82f63b78; // reflected: bit 31 is x^0

	static constexpr uint32_t multiply(uint32_t a, uint32_t b)
	{
		uint32_t product = 0;

		for (; a; a <<= 1) {
			if (a & 0x80000000)
				product ^= b;
			b = b & 1 ? (b >> 1) ^ kPolynomial : b >> 1;
		}
		return product;
	}

	/// x^(8 * bytes)
	static constexpr uint32_t power(uint64_t bytes)
	{
		uint32_t result = 0x80000000;
		uint32_t square = 0x80000000 >> 8;

		for (; bytes; bytes >>= 1) {
			if (bytes & 1)
				result = multiply(result, square);
			square = multiply(square, square);
		}
		return result;
	}

	uint64_t bytes_ = 0;
	uint32_t factor_ = 0x80000000;
};

/// Prints the CRC of the whole file as sha256sum does, or as JSON.
void report_crc32c(const RunOptions &options, const Summary &summary, uint32_t crc);

} // namespace cli
