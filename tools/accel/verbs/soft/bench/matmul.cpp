// SPDX-License-Identifier: MIT
// The work of `accel bench`: products of square matrices of 32-bit floating point.
#include "verbs/soft/bench/work.hpp"

#include <algorithm>
#include <cmath>
#include <random>

namespace cli {

namespace {

/// The elements are small integers, so that every sum of products is exact in any order.
class Matmul final : public BenchWork {
public:
	Matmul(BenchMemory &memory, std::string name, uint32_t n, uint32_t slots)
		: BenchWork(std::move(name), memory, slots, 2 * bytes(n), bytes(n)),
		  n_(n),
		  factors_(n)
	{
		std::minstd_rand random(1);

		for (double &factor : factors_)
			factor = 1 + static_cast<double>(random() % 7);
		for (Slot &slot : slots_) {
			float *a = reinterpret_cast<float *>(slot.in.data());
			float *b = a + size_t{n} * n;

			for (size_t i = 0; i < 2 * size_t{n} * n; ++i)
				a[i] = static_cast<float>(random() % 5) - 2;
			accel_soft_matmul(&slot.descriptor, ACCEL_SOFT_MATRIX_TYPE_F32, n, n, n,
					  {slot.out.data(), n}, {a, n}, {b, n}, 0);
		}
	}

	/// Compares C·x with A·(B·x), which takes O(n²) and is exact. No element of x is zero, so that a single wrong
	/// element is always found.
	void check(uint32_t count) override
	{
		for (uint32_t i = 0; i < count; ++i) {
			const float *a = reinterpret_cast<const float *>(slots_[i].in.data());
			const float *c = reinterpret_cast<const float *>(slots_[i].out.data());
			std::vector<double> expected =
				times(a, times(a + size_t{n_} * n_, factors_));
			std::vector<double> given = times(c, factors_);
			auto [at, other] = std::ranges::mismatch(given, expected);

			if (at != given.end())
				wrong(i, static_cast<uint64_t>(at - given.begin()) * n_ *
						 sizeof(float));
		}
	}

	double flops() const override { return 2.0 * n_ * n_ * n_; }

private:
	static size_t bytes(uint32_t n) { return size_t{n} * n * sizeof(float); }

	std::vector<double> times(const float *matrix, const std::vector<double> &vector) const
	{
		std::vector<double> product(n_);

		for (uint32_t row = 0; row < n_; ++row)
			for (uint32_t column = 0; column < n_; ++column)
				product[row] +=
					static_cast<double>(matrix[size_t{row} * n_ + column]) *
					vector[column];
		return product;
	}

	uint32_t n_;
	std::vector<double> factors_; // x
};

} // namespace

std::unique_ptr<BenchWork> make_bench_matmul(BenchMemory &memory, std::string name, uint64_t size,
					     uint32_t slots)
{
	double n = std::sqrt(static_cast<double>(size) / sizeof(float));

	return std::make_unique<Matmul>(memory, std::move(name),
					std::max<uint32_t>(1, static_cast<uint32_t>(n)), slots);
}

} // namespace cli
