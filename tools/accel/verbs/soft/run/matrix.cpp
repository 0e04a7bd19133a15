// SPDX-License-Identifier: MIT
// Matrices in memory, and the plain reference of a product.
#include "verbs/soft/run/matrix.hpp"

#include "file/io.hpp"
#include "terminal/fail.hpp"

#include <algorithm>
#include <bit>
#include <cfloat>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <new>
#include <uapi/accel/soft.h>
#include <vector>

namespace cli {

namespace {

constexpr ElementType kTypes[] = {
	{"f32", ACCEL_SOFT_MATRIX_TYPE_F32, 4, "f32"},
	{"bf16", ACCEL_SOFT_MATRIX_TYPE_BF16, 2, "f32"},
	{"s8", ACCEL_SOFT_MATRIX_TYPE_S8, 1, "s32"},
};

constexpr size_t kAlign = 64;

/// splitmix64
uint64_t next_random(uint64_t &state)
{
	uint64_t z = state += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

template <class T>
T load(const std::byte *at)
{
	T value;

	memcpy(&value, at, sizeof(value));
	return value;
}

double element(const ElementType &type, const std::byte *matrix, size_t index)
{
	switch (type.number) {
	case ACCEL_SOFT_MATRIX_TYPE_F32: return load<float>(matrix + 4 * index);
	case ACCEL_SOFT_MATRIX_TYPE_BF16:
		return std::bit_cast<float>(uint32_t(load<uint16_t>(matrix + 2 * index)) << 16);
	default: return load<int8_t>(matrix + index);
	}
}

/// Returns whether @is, infinite or NaN, may be the computed element of that row and column. The order of the addends is
/// not specified. A partial sum is at most the sum of all addends of its sign, so only a sum beyond the range of 32 bits
/// can make the element infinite; two such sums can make it NaN. @rounding: relative error of a sum.
bool may_overflow(const ElementType &type, const Shape &shape, const Matrix &a, const Matrix &b,
		  size_t row, size_t column, double is, double rounding)
{
	double positive = 0;
	double negative = 0;

	for (size_t l = 0; l < shape.k; ++l) {
		double product = element(type, a.data(), row * shape.k + l) *
				 element(type, b.data(), l * shape.n + column);

		// A NaN makes both sums NaN.
		positive += std::max(product, 0.0);
		negative += std::min(product, 0.0);
	}
	const double sum = positive + negative;
	const bool has_plus = positive * (1 + rounding) > double{FLT_MAX};
	const bool has_minus = negative * (1 + rounding) < -double{FLT_MAX};

	if (std::isnan(is))
		return std::isnan(sum) || (has_plus && has_minus);
	if (!std::isfinite(sum))
		return is == sum;
	return is > 0 ? has_plus : has_minus;
}

} // namespace

const ElementType &element_type(const std::string &name)
{
	for (const ElementType &type : kTypes)
		if (name == type.name)
			return type;
	fail(Exit::usage, "--type", "'{}' is not allowed; allowed: f32, bf16, s8", name);
}

void Matrix::Freer::operator()(std::byte *memory) const
{
	free(memory);
}

Matrix::Matrix(uint32_t rows, uint32_t columns, size_t element)
	: bytes_(size_t(rows) * columns * element),
	  memory_(static_cast<std::byte *>(
		  aligned_alloc(kAlign, (bytes_ + kAlign - 1) / kAlign * kAlign)))
{
	if (!memory_)
		throw std::bad_alloc();
}

void Matrix::read(Input &input, const std::string &shape)
{
	std::byte more;
	size_t got = input.read(memory_.get(), bytes_, -1);

	if (got < bytes_)
		fail(Exit::data, input.name(), "it has {} bytes; {} has {}", got, shape, bytes_);
	if (input.read(&more, 1, -1))
		fail(Exit::data, input.name(), "it has more than the {} bytes of {}", bytes_,
		     shape);
}

void Matrix::randomize(const ElementType &type, uint64_t seed)
{
	for (size_t i = 0; i < bytes_ / type.bytes; ++i) {
		uint64_t random = next_random(seed);
		float value = static_cast<float>(static_cast<int64_t>(random) * 0x1p-63);
		uint16_t half = static_cast<uint16_t>(std::bit_cast<uint32_t>(value) >> 16);

		switch (type.number) {
		case ACCEL_SOFT_MATRIX_TYPE_F32: memcpy(memory_.get() + 4 * i, &value, 4); break;
		case ACCEL_SOFT_MATRIX_TYPE_BF16: memcpy(memory_.get() + 2 * i, &half, 2); break;
		default: memory_.get()[i] = static_cast<std::byte>(random);
		}
	}
}

Check check_product(const ElementType &type, const Shape &shape, const Matrix &a, const Matrix &b,
		    const Matrix &c)
{
	const bool exact = type.number == ACCEL_SOFT_MATRIX_TYPE_S8;
	const double rounding = exact ? 0 : shape.k * 0x1p-23;
	std::vector<double> sums(shape.n);
	std::vector<double> sizes(shape.n);
	std::vector<double> row(shape.n);
	Check check;

	for (size_t i = 0; i < shape.m; ++i) {
		std::fill(sums.begin(), sums.end(), 0);
		std::fill(sizes.begin(), sizes.end(), 0);
		for (size_t l = 0; l < shape.k; ++l) {
			double factor = element(type, a.data(), i * shape.k + l);

			for (size_t j = 0; j < shape.n; ++j)
				row[j] = factor * element(type, b.data(), l * shape.n + j);
			for (size_t j = 0; j < shape.n; ++j) {
				sums[j] += row[j];
				sizes[j] += std::fabs(row[j]);
			}
		}
		for (size_t j = 0; j < shape.n; ++j) {
			const std::byte *at = c.data() + 4 * (i * shape.n + j);
			const double is = exact ? load<int32_t>(at) : double{load<float>(at)};
			const double bound = exact ? 0 : rounding * sizes[j] + 0x1p-120;
			const bool is_right =
				std::isfinite(is) ?
					std::isfinite(sums[j]) && std::fabs(is - sums[j]) <= bound :
					may_overflow(type, shape, a, b, i, j, is, rounding);

			if (!is_right && check.wrong++ == 0)
				check.first_wrong = fmt::format("C[{}][{}] is {}, the reference {}",
								i, j, is, sums[j]);
			if (is_right && std::isfinite(is) && bound > 0)
				check.most = std::max(check.most, std::fabs(is - sums[j]) / bound);
		}
	}
	return check;
}

} // namespace cli
