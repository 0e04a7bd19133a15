// SPDX-License-Identifier: MIT
// Matrix multiplication through oneDNN.
//
// Which function does the work, and why (oneDNN 2.6.3 of Debian, one thread; measured on a Xeon and on a Zen 4,
// both with AVX-512, VNNI and AVX512_BF16; a matmul primitive costs 2 to 4 us to make out of oneDNN's cache and
// 0.5 to 1 us to run):
//
// f32: dnnl_sgemm. As fast as the matmul primitive from 64 × 64 on (Zen 4: 0.92 to 0.96 of the peak of its FMA
// from 128 × 128 on), faster below by what the primitive costs, and nothing has to be made or kept.
//
// s8: dnnl_gemm_s8s8s32 where the processor has VNNI: at 1024 × 1024 1.3 times the primitive on the Xeon; as fast
// on Zen 4, and 0.92 of the peak. On a processor without it this function sums pairs of products in saturating 16
// bits, and its results are plainly wrong (the primitive calls the same code). There: tiles.
//
// bf16: a primitive where matmul_bf16.cpp says that it pays, tiles elsewhere. Not measured: AMX.
//
// Tiles: A and B are widened to f32, tile by tile, and multiplied by dnnl_sgemm. bf16 loses nothing
// by it. s8 neither: a product is at most 2^14, and a tile sums 2^10 of them, which f32 holds
// exactly.
//
// The first call in a process takes some 20 to 40 ms: oneDNN compiles its kernels then.
//
// Threads: Debian builds oneDNN for OpenMP (libgomp). It asks for as many threads as the calling
// thread's OpenMP setting says, and libgomp would keep such a team for every worker. OneThread sets
// that to 1 for the time of a call, with which oneDNN does not even enter a parallel region.
#include "engine.hpp"
#include "matmul_bf16.hpp"

#include <oneapi/dnnl/dnnl.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <iterator>
#include <new>

#if DNNL_CPU_THREADING_RUNTIME == DNNL_RUNTIME_OMP
// Not <omp.h>: it is the compiler's, and clang's goes with another library than oneDNN's.
extern "C" void omp_set_num_threads(int);
extern "C" int omp_get_max_threads();
#endif

namespace accel::core::engine {

namespace {

class OneThread {
public:
	OneThread(const OneThread &) = delete;
	OneThread &operator=(const OneThread &) = delete;
#if DNNL_CPU_THREADING_RUNTIME == DNNL_RUNTIME_OMP
	OneThread() noexcept : before_(omp_get_max_threads())
	{
		if (before_ != 1)
			omp_set_num_threads(1);
	}
	// The thread may be one of the program's own.
	~OneThread()
	{
		if (before_ != 1)
			omp_set_num_threads(before_);
	}

private:
	int before_;
#else
	OneThread() noexcept = default;
#endif
};

bool has(dnnl_cpu_isa_t wanted)
{
	// The values are sets of bits: a later processor has those of an earlier one, too. It
	// honours ONEDNN_MAX_CPU_ISA.
	static const auto isa = static_cast<unsigned>(dnnl_get_effective_cpu_isa());
	return (isa & wanted) == static_cast<unsigned>(wanted);
}

bool has_exact_int8()
{
	return has(dnnl_cpu_isa_avx512_core_vnni) || has(dnnl_cpu_isa_avx2_vnni);
}

Status from(dnnl_status_t status)
{
	switch (status) {
	case dnnl_success: return Status::ok;
	case dnnl_out_of_memory: return Status::no_memory;
	default: return Status::internal;
	}
}

/// Element (@row, @column) of a matrix whose rows are @stride elements apart.
template <typename T>
const T *element(const void *matrix, std::size_t stride, std::size_t row, std::size_t column)
{
	return static_cast<const T *>(matrix) + row * stride + column;
}

template <typename T>
T *element(void *matrix, std::size_t stride, std::size_t row, std::size_t column)
{
	return static_cast<T *>(matrix) + row * stride + column;
}

struct Bf16 {
	std::uint16_t bits;
};

float widen(Bf16 value)
{
	return std::bit_cast<float>(std::uint32_t{value.bits} << 16);
}

float widen(std::int8_t value)
{
	return value;
}

/// Make f32 of @rows rows of @columns elements at @from; packed at @to.
template <typename T>
void widen(const T *from, std::size_t stride, std::size_t rows, std::size_t columns, float *to)
{
	// Copied out first, since the matrix may lie at an odd address. With a fixed number of
	// elements the compiler makes vector instructions of it.
	T part[16];

	for (std::size_t row = 0; row < rows; row++, from += stride, to += columns) {
		std::size_t column = 0;
		for (; columns - column >= std::size(part); column += std::size(part)) {
			std::memcpy(part, from + column, sizeof(part));
			for (std::size_t i = 0; i < std::size(part); i++)
				to[column + i] = widen(part[i]);
		}
		for (; column < columns; column++) {
			std::memcpy(part, from + column, sizeof(T));
			to[column] = widen(part[0]);
		}
	}
}

/// Put or add exact f32 sums, packed at @from, to 32-bit integers at @to.
void accumulate(const float *from, std::size_t rows, std::size_t columns, std::int32_t *to,
		std::size_t stride, bool add)
{
	for (std::size_t row = 0; row < rows; row++, from += columns, to += stride) {
		for (std::size_t column = 0; column < columns; column++) {
			std::uint32_t sum = 0;
			if (add)
				std::memcpy(&sum, to + column, sizeof(sum));
			sum += static_cast<std::uint32_t>(static_cast<std::int32_t>(from[column]));
			std::memcpy(to + column, &sum, sizeof(sum));
		}
	}
}

Status sgemm(std::size_t m, std::size_t n, std::size_t k, const float *a, std::size_t lda,
	     const float *b, std::size_t ldb, bool add, float *c, std::size_t ldc)
{
	const auto dim = [](std::size_t value) { return static_cast<dnnl_dim_t>(value); };
	return from(dnnl_sgemm('N', 'N', dim(m), dim(n), dim(k), 1.0f, a, dim(lda), b, dim(ldb),
			       add ? 1.0f : 0.0f, c, dim(ldc)));
}

Status run_f32(const Matmul &job)
{
	return sgemm(job.m, job.n, job.k, static_cast<const float *>(job.a), job.lda,
		     static_cast<const float *>(job.b), job.ldb, false, static_cast<float *>(job.c),
		     job.ldc);
}

Status run_native_s8(const Matmul &job)
{
	const std::int32_t no_offset = 0;
	return from(dnnl_gemm_s8s8s32('N', 'N', 'F', job.m, job.n, job.k, 1.0f,
				      static_cast<const std::int8_t *>(job.a), job.lda, 0,
				      static_cast<const std::int8_t *>(job.b), job.ldb, 0, 0.0f,
				      static_cast<std::int32_t *>(job.c), job.ldc, &no_offset));
}

void clear(const Matmul &job)
{
	// All types of C have 4 bytes, and the same zero.
	for (std::size_t row = 0; row < job.m; row++)
		std::memset(element<std::uint32_t>(job.c, job.ldc, row, 0), 0,
			    job.n * sizeof(std::uint32_t));
}

} // namespace

// 1.6 MiB: together they fit the second-level cache of a recent core, and widening is a small part
// of the work, since each element of A is used n times and each one of B m times.
struct Multiplier::Tiles {
	static constexpr std::size_t kM = 128;
	static constexpr std::size_t kN = 256;
	static constexpr std::size_t kK = 1024; // not more: see the top

	float a[kM * kK];
	float b[kK * kN];
	float c[kM * kN];

	template <typename T>
	Status multiply(const Matmul &job);
	Status tile(const Matmul &job, std::size_t row, std::size_t rows, std::size_t column,
		    std::size_t columns, std::size_t depth, bool first);
};

/// Multiply the widened tiles into the one of C at (@row, @column).
Status Multiplier::Tiles::tile(const Matmul &job, std::size_t row, std::size_t rows,
			       std::size_t column, std::size_t columns, std::size_t depth,
			       bool first)
{
	if (job.type == DType::bf16)
		return sgemm(rows, columns, depth, a, depth, b, columns, !first,
			     element<float>(job.c, job.ldc, row, column), job.ldc);

	const Status status = sgemm(rows, columns, depth, a, depth, b, columns, false, c, columns);
	if (status == Status::ok)
		accumulate(c, rows, columns, element<std::int32_t>(job.c, job.ldc, row, column),
			   job.ldc, !first);
	return status;
}

template <typename T>
Status Multiplier::Tiles::multiply(const Matmul &job)
{
	for (std::size_t column = 0; column < job.n; column += kN) {
		const std::size_t columns = std::min(kN, job.n - column);
		for (std::size_t at = 0; at < job.k; at += kK) {
			const std::size_t depth = std::min(kK, job.k - at);
			widen(element<T>(job.b, job.ldb, at, column), job.ldb, depth, columns, b);
			for (std::size_t row = 0; row < job.m; row += kM) {
				const std::size_t rows = std::min(kM, job.m - row);
				widen(element<T>(job.a, job.lda, row, at), job.lda, rows, depth, a);
				const Status status =
					tile(job, row, rows, column, columns, depth, at == 0);
				if (status != Status::ok)
					return status;
			}
		}
	}
	return Status::ok;
}

Multiplier::Multiplier() noexcept = default;
Multiplier::~Multiplier() = default;
Multiplier::Multiplier(Multiplier &&) noexcept = default;
Multiplier &Multiplier::operator=(Multiplier &&) noexcept = default;

Status Multiplier::run_tiled(const Matmul &job)
{
	if (!tiles_)
		tiles_.reset(new (std::nothrow) Tiles);
	if (!tiles_)
		return Status::no_memory;
	return job.type == DType::bf16 ? tiles_->multiply<Bf16>(job) :
					 tiles_->multiply<std::int8_t>(job);
}

Status Multiplier::run_bf16(const Matmul &job)
{
	if (Bf16Primitive::pays(job)) {
		if (!bf16_)
			bf16_.reset(new (std::nothrow) Bf16Primitive);
		if (bf16_ && bf16_->run(job) == Status::ok)
			return Status::ok;
		// Tiles need no more than their memory, whatever it was.
	}
	return run_tiled(job);
}

Status Multiplier::run(const Matmul &job) noexcept
{
	if (job.type > DType::s8 || job.lda < job.k || job.ldb < job.n || job.ldc < job.n)
		return Status::unsupported;
	if (job.m == 0 || job.n == 0)
		return Status::ok;
	if (job.k == 0) {
		clear(job);
		return Status::ok;
	}
	const OneThread one_thread;
	// oneDNN answers by a status, but what it is made of may throw.
	try {
		switch (job.type) {
		case DType::f32: return run_f32(job);
		case DType::bf16: return run_bf16(job);
		case DType::s8: return has_exact_int8() ? run_native_s8(job) : run_tiled(job);
		}
	} catch (const std::bad_alloc &) {
		return Status::no_memory;
	} catch (...) {
		return Status::internal;
	}
	return Status::unsupported;
}

} // namespace accel::core::engine
