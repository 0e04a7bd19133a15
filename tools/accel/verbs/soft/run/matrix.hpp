// SPDX-License-Identifier: MIT
// Matrices in memory in the layout of the accelerator: row-major, little-endian, without gaps.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace cli {

class Input;

/// Element types of A and B; the numbers of the specification (matrix-type).
struct ElementType {
	const char *name;
	unsigned number;
	size_t bytes;	    // of an element of A and B
	const char *result; // of C, whose elements have four bytes
};

const ElementType &element_type(const std::string &name);

/// Memory of a matrix, aligned for vector instructions.
class Matrix {
public:
	Matrix(uint32_t rows, uint32_t columns, size_t element);

	std::byte *data() { return memory_.get(); }
	const std::byte *data() const { return memory_.get(); }
	size_t bytes() const { return bytes_; }

	/// Reads the matrix from an input, which must have exactly its size. @shape: what messages call the matrix.
	void read(Input &input, const std::string &shape);
	/// Fills the matrix with numbers that depend on the seed alone: -1 to 1, for s8 -128 to 127.
	void randomize(const ElementType &type, uint64_t seed);

private:
	struct Freer {
		void operator()(std::byte *memory) const;
	};

	size_t bytes_;
	std::unique_ptr<std::byte, Freer> memory_;
};

struct Shape {
	uint32_t m, n, k;
};

/// The distance of C from the reference.
struct Check {
	uint64_t wrong = 0;	 // elements outside of the bound
	double most = 0;	 // largest distance, as a part of its bound
	std::string first_wrong; // "C[1][2] is 3, the reference 4"
};

/// Compares C with a plain reference. Floating point: the sum in double precision, with the bound k · 2^-23 · Σ|a·b|,
/// twice the rounding error of binary32 sums; an element may be infinite or NaN where partial sums can overflow
/// binary32. s8: exactly.
Check check_product(const ElementType &type, const Shape &shape, const Matrix &a, const Matrix &b,
		    const Matrix &c);

} // namespace cli
