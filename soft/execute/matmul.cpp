// SPDX-License-Identifier: MIT
// The operation matmul.
#include "soft/execute/work.hpp"
#include "soft/process/at_exit.hpp"

#include <cerrno>
#include <cstddef>
#include <uapi/accel/accel.h>

namespace accel::core::softdev {

namespace {

struct Type {
	engine::DType type;
	uint8_t input_bytes; // of an element of A or B; an element of C has four
};

/* By param, which counts from 1. */
constexpr Type kTypes[] = {
	{engine::DType::f32, 4}, {engine::DType::bf16, 2}, {engine::DType::s8, 1}};
constexpr uint8_t kOutputBytes = 4;

constexpr uint8_t kA = 8, kB = 16, kC = 24, kM = 32, kN = 36, kK = 40, kLda = 44, kLdb = 48,
		  kLdc = 52;
static_assert(offsetof(Descriptor, matmul.ldc) == kLdc);

/* Bytes from the first to the last element, including the gaps between rows. */
constexpr uint64_t span(uint64_t rows, uint64_t columns, uint64_t stride, uint64_t element)
{
	return rows && columns ? ((rows - 1) * stride + columns) * element : 0;
}

struct Spans {
	uint64_t a, b, c;
};

uint8_t check_shape(Work &work, Spans &spans)
{
	const auto &x = work.d.matmul;

	if (work.d.param < ACCEL_SOFT_MATRIX_TYPE_F32 || work.d.param > ACCEL_SOFT_MATRIX_TYPE_S8)
		return work.bad_field(kFieldParam);
	const uint64_t element = kTypes[work.d.param - 1].input_bytes;

	if (x.m > ACCEL_SOFT_MAX_MATRIX)
		return work.bad_field(kM);
	if (x.n > ACCEL_SOFT_MAX_MATRIX)
		return work.bad_field(kN);
	if (x.k > ACCEL_SOFT_MAX_MATRIX)
		return work.bad_field(kK);
	if (x.lda < x.k)
		return work.bad_field(kLda);
	if (x.ldb < x.n)
		return work.bad_field(kLdb);
	if (x.ldc < x.n)
		return work.bad_field(kLdc);
	spans = {span(x.m, x.k, x.lda, element), span(x.k, x.n, x.ldb, element),
		 span(x.m, x.n, x.ldc, kOutputBytes)};
	if (spans.a > ACCEL_SOFT_MAX_TRANSFER || wraps(x.a, spans.a))
		return work.bad_field(kA);
	if (spans.b > ACCEL_SOFT_MAX_TRANSFER || wraps(x.b, spans.b))
		return work.bad_field(kB);
	if (spans.c > ACCEL_SOFT_MAX_TRANSFER || wraps(x.c, spans.c))
		return work.bad_field(kC);
	return 0;
}

/* Stores C by rows: the gaps between them must not change. */
void store_rows(Work &work, const Range &c)
{
	const auto &x = work.d.matmul;

	if (!c.pieces())
		return;
	for (uint64_t row = 0; row < x.m; row++)
		c.store(work, uint64_t{x.n} * kOutputBytes, row * x.ldc * kOutputBytes);
}

} // namespace

uint8_t run_matmul(Work &work)
{
	const auto &x = work.d.matmul;
	Spans spans;
	Range a, b, c;

	if (uint8_t wrong = check_shape(work, spans))
		return wrong;
	if (uint8_t fault = a.check(work, kA, x.a, spans.a, ACCEL_ACCESS_READ))
		return fault;
	if (uint8_t fault = b.check(work, kB, x.b, spans.b, ACCEL_ACCESS_READ))
		return fault;
	if (uint8_t fault = c.check(work, kC, x.c, spans.c, ACCEL_ACCESS_WRITE))
		return fault;
	if (!a.load(work, 0) || !b.load(work, 1) || !c.prepare(work, 2))
		return work.engine_error(ENOMEM);

	engine::Multiplier &multiplier = work.context.resources.engines.multiplier;
	const engine::DType type = kTypes[work.d.param - 1].type;

	prepare_exit_after(multiplier, type);
	engine::Status status = multiplier.run({.type = type,
						.m = x.m,
						.n = x.n,
						.k = x.k,
						.lda = x.lda,
						.ldb = x.ldb,
						.ldc = x.ldc,
						.a = a.at(),
						.b = b.at(),
						.c = c.at()});
	if (status == engine::Status::ok)
		store_rows(work, c);
	work.context.bytes += spans.a + spans.b;
	return work.of_engine(status);
}

} // namespace accel::core::softdev
