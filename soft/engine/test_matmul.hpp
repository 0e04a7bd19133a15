// SPDX-License-Identifier: MIT
// Multiplications with their matrices, and their check against the definition.
#pragma once

#include "engine.hpp"
#include "test_data.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>

namespace accel::core::engine::test {

inline constexpr std::uint8_t kUntouched = 0xa5;

inline float to_float(std::uint16_t bf16)
{
	return std::bit_cast<float>(std::uint32_t{bf16} << 16);
}

inline std::size_t size_of(DType type)
{
	return type == DType::f32 ? 4 : type == DType::bf16 ? 2 : 1;
}

/// Element @at of a matrix, as a number.
inline double value(DType type, const std::byte *matrix, std::size_t at)
{
	float single;
	std::uint16_t half;
	switch (type) {
	case DType::f32: std::memcpy(&single, matrix + at * 4, 4); return single;
	case DType::bf16: std::memcpy(&half, matrix + at * 2, 2); return to_float(half);
	case DType::s8: return static_cast<double>(static_cast<std::int8_t>(matrix[at]));
	}
	return NAN;
}

struct Shape {
	std::uint32_t m, n, k, more_a = 0, more_b = 0, more_c = 0;
};

/// A job with its matrices, each directly next to a forbidden page or, for an odd address, just before it.
class Case {
public:
	Case(DType type, const Shape &s)
		: a_(skew(s) + bytes(s.m, s.k, s.more_a, size_of(type))),
		  b_(skew(s) + bytes(s.k, s.n, s.more_b, size_of(type))),
		  c_(skew(s) + bytes(s.m, s.n, s.more_c, 4))
	{
		job = {type,
		       s.m,
		       s.n,
		       s.k,
		       s.k + s.more_a,
		       s.n + s.more_b,
		       s.n + s.more_c,
		       a_.data(),
		       b_.data(),
		       c_.data()};
		std::ranges::fill(c_.span(), static_cast<std::byte>(kUntouched));
	}

	/// Numbers from -1 to 1, or any int8; the gaps between the rows are NaN or -1.
	void randomise(std::uint64_t seed)
	{
		std::mt19937_64 random(seed);
		for (const auto &memory : {a_.span(), b_.span()}) {
			std::ranges::fill(memory, std::byte{0xff});
			const bool is_a = memory.data() == a_.data();
			const std::uint32_t rows = is_a ? job.m : job.k,
					    columns = is_a ? job.k : job.n;
			for (std::size_t i = 0; i < rows; i++)
				for (std::size_t j = 0; j < columns; j++)
					put(memory.data(), i * (is_a ? job.lda : job.ldb) + j,
					    random());
		}
	}

	/// Set all elements to the same int8.
	void put_all(int left, int right)
	{
		std::ranges::fill(a_.span(), static_cast<std::byte>(left));
		std::ranges::fill(b_.span(), static_cast<std::byte>(right));
	}

	/// Compare C with the sums of products of the definition.
	void check() const
	{
		for (std::size_t i = 0; i < job.m; i++) {
			for (std::size_t j = 0; j < job.ldc; j++) {
				const std::size_t at = i * job.ldc + j;
				if (i == job.m - 1 && j >= job.n)
					break; // the last row has no gap
				if (j >= job.n) {
					ASSERT_EQ(static_cast<std::uint8_t>(c_.data()[at * 4]),
						  kUntouched);
				} else {
					ASSERT_NO_FATAL_FAILURE(check_one(i, j, at));
				}
			}
		}
	}

	Matmul job;

private:
	static std::size_t skew(const Shape &s) { return (s.m + s.n) % 4; }

	static std::size_t bytes(std::size_t rows, std::size_t columns, std::size_t more,
				 std::size_t size)
	{
		return rows == 0 ? 0 : ((rows - 1) * (columns + more) + columns) * size;
	}

	void put(std::byte *matrix, std::size_t at, std::uint64_t random) const
	{
		const float single = static_cast<float>(random % 20001) / 10000.0f - 1.0f;
		const auto half =
			static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(single) >> 16);
		switch (job.type) {
		case DType::f32: std::memcpy(matrix + at * 4, &single, 4); break;
		case DType::bf16: std::memcpy(matrix + at * 2, &half, 2); break;
		case DType::s8: matrix[at] = static_cast<std::byte>(random); break;
		}
	}

	void check_one(std::size_t i, std::size_t j, std::size_t at) const
	{
		double expected = 0, magnitude = 0;
		for (std::size_t k = 0; k < job.k; k++) {
			const double product = value(job.type, a_.data(), i * job.lda + k) *
					       value(job.type, b_.data(), k * job.ldb + j);
			expected += product;
			magnitude += std::abs(product);
		}
		if (job.type == DType::s8) {
			std::int32_t got;
			std::memcpy(&got, c_.data() + at * 4, 4);
			ASSERT_EQ(got, static_cast<std::int64_t>(expected)) << i << " " << j;
		} else {
			// k roundings of half a unit in the last place, each of a sum not above the magnitude.
			const double slack = 0x1p-24 * job.k * magnitude;
			ASSERT_NEAR(value(DType::f32, c_.data(), at), expected, slack)
				<< i << " " << j;
		}
	}

	Guarded a_, b_, c_;
};

} // namespace accel::core::engine::test
