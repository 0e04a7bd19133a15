// SPDX-License-Identifier: MIT
// Matrix multiplication through oneDNN.
//
// Which function is used, and why (oneDNN 2.6.3 of Debian, one thread; measured on a Xeon and on a Zen 4,
// both with AVX-512, VNNI and AVX512_BF16; a matmul primitive takes 2 to 4 us to create from oneDNN's cache and
// 0.5 to 1 us to run):
//
// f32: dnnl_sgemm. From 64 × 64 on as fast as the matmul primitive (Zen 4: 0.92 to 0.96 of the peak of its FMA
// from 128 × 128 on); below, faster by the cost of the primitive; it needs no object.
//
// s8: dnnl_gemm_s8s8s32 if the processor has VNNI: at 1024 × 1024 1.3 times as fast as the primitive on the Xeon;
// equally fast on Zen 4, at 0.92 of the peak. Without VNNI this function sums pairs of products in saturating 16
// bits and returns wrong results (the primitive calls the same code), so tiles are used.
//
// bf16: a primitive if Bf16Primitive::pays() returns true, tiles otherwise. Not measured: AMX.
//
// Tiles: A and B are converted to f32, tile by tile, and multiplied by dnnl_sgemm. The conversion is exact for
// bf16 and s8. The sums of s8 are exact, too: a product is at most 2^14, and a tile sums 2^10 of them, which f32
// represents exactly.
//
// The first call in a process takes 20 to 40 ms, as oneDNN compiles its kernels. oneDNN crashes if it gets no
// memory for them or may not make it executable, so both are tested first. Plain loops multiply the tiles until
// both tests succeed.
//
// Threads: Debian builds oneDNN for OpenMP (libgomp). It uses as many threads as the OpenMP setting of the calling
// thread, and libgomp would keep such a team for every worker. OneThread sets the number to 1 during a call; oneDNN
// then does not enter a parallel region.
#include "engine.hpp"
#include "matmul_bf16.hpp"
#include "onednn.hpp"
#include "sys/sys.hpp"

#include <oneapi/dnnl/dnnl.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstring>
#include <iterator>
#include <memory>
#include <mutex>
#include <new>

namespace accel::core::engine {

namespace {

bool has(dnnl_cpu_isa_t wanted)
{
	// The values are bit sets: a later processor also has the bits of an earlier one. The function
	// respects ONEDNN_MAX_CPU_ISA.
	static const auto isa = static_cast<unsigned>(dnnl_get_effective_cpu_isa());
	return (isa & wanted) == static_cast<unsigned>(wanted);
}

bool has_exact_int8()
{
	return has(dnnl_cpu_isa_avx512_core_vnni) || has(dnnl_cpu_isa_avx2_vnni);
}

/// The process (its generation) in which kernels were compiled.
std::atomic<std::uint64_t> compiled_in;

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

float widen(float value)
{
	return value;
}

float widen(std::int8_t value)
{
	return value;
}

/// Converts @rows rows of @columns elements at @from to packed f32 at @to.
template <typename T>
void widen(const T *from, std::size_t stride, std::size_t rows, std::size_t columns, float *to)
{
	// Copied first, since the matrix may be unaligned. With a fixed number of elements the
	// compiler uses vector instructions.
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

/// Stores or adds exact packed f32 sums at @from to 32-bit integers at @to.
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

/// Computes C = A × B of packed matrices without oneDNN.
void multiply_plainly(std::size_t m, std::size_t n, std::size_t k, const float *a, const float *b,
		      float *c)
{
	float sums[16]; // one per column; the compiler keeps them in registers

	for (std::size_t row = 0; row < m; row++, a += k, c += n) {
		for (std::size_t column = 0; column < n; column += std::size(sums)) {
			const std::size_t columns = std::min(std::size(sums), n - column);
			std::ranges::fill(sums, 0.0f);
			for (std::size_t at = 0; at < k; at++) {
				const float *from = b + at * n + column;
				if (columns == std::size(sums))
					for (std::size_t i = 0; i < std::size(sums); i++)
						sums[i] += a[at] * from[i];
				else
					for (std::size_t i = 0; i < columns; i++)
						sums[i] += a[at] * from[i];
			}
			std::copy_n(sums, columns, c + column);
		}
	}
}

/// Stores or adds packed f32 sums at @from to those at @to, which may be unaligned.
void accumulate(const float *from, std::size_t rows, std::size_t columns, float *to,
		std::size_t stride, bool add)
{
	for (std::size_t row = 0; row < rows; row++, from += columns, to += stride) {
		for (std::size_t column = 0; column < columns; column++) {
			float sum = 0;
			if (add)
				std::memcpy(&sum, to + column, sizeof(sum));
			sum += from[column];
			std::memcpy(to + column, &sum, sizeof(sum));
		}
	}
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
	// Every type of C has 4 bytes, and all of them are 0 for zero.
	for (std::size_t row = 0; row < job.m; row++)
		std::memset(element<std::uint32_t>(job.c, job.ldc, row, 0), 0,
			    job.n * sizeof(std::uint32_t));
}

} // namespace

// 1.6 MiB: they fit the second-level cache of a recent core. The conversion is a small part of the
// work, since each element of A is used n times and each element of B m times.
struct Multiplier::Tiles {
	static constexpr std::size_t kM = 128;
	static constexpr std::size_t kN = 256;
	static constexpr std::size_t kK = 1024; // limited by the exact sums of s8, see the top

	float a[kM * kK];
	float b[kK * kN];
	float c[kM * kN];
	bool plainly = false; // without oneDNN

	template <typename T>
	Status multiply(const Matmul &job);
	Status tile(const Matmul &job, std::size_t row, std::size_t rows, std::size_t column,
		    std::size_t columns, std::size_t depth, bool first);
};

/// Multiplies the converted tiles into the tile of C at (@row, @column).
Status Multiplier::Tiles::tile(const Matmul &job, std::size_t row, std::size_t rows,
			       std::size_t column, std::size_t columns, std::size_t depth,
			       bool first)
{
	Status status = Status::ok;

	if (job.type == DType::bf16 && !plainly)
		return sgemm(rows, columns, depth, a, depth, b, columns, !first,
			     element<float>(job.c, job.ldc, row, column), job.ldc);
	if (plainly)
		multiply_plainly(rows, columns, depth, a, b, c);
	else
		status = sgemm(rows, columns, depth, a, depth, b, columns, false, c, columns);
	if (status == Status::ok && job.type != DType::s8)
		accumulate(c, rows, columns, element<float>(job.c, job.ldc, row, column), job.ldc,
			   !first);
	else if (status == Status::ok)
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

Status Multiplier::run_tiled(const Matmul &job, bool plainly)
{
	if (!tiles_)
		tiles_.reset(new (std::nothrow) Tiles);
	if (!tiles_)
		return Status::no_memory;
	tiles_->plainly = plainly;
	switch (job.type) {
	case DType::f32: return tiles_->multiply<float>(job);
	case DType::bf16: return tiles_->multiply<Bf16>(job);
	case DType::s8: break;
	}
	return tiles_->multiply<std::int8_t>(job);
}

Status Multiplier::run_bf16(const Matmul &job)
{
	// oneDNN takes locks to create a primitive. If a thread of the parent held one at the fork, it is never
	// released in the child, so only the process that compiled the kernels creates primitives.
	const bool here = compiled_in.load(std::memory_order_relaxed) == sys::process_generation();

	if (here && Bf16Primitive::pays(job) && Bf16Primitive::is_exact(job)) {
		if (!bf16_)
			bf16_.reset(new (std::nothrow) Bf16Primitive);
		if (bf16_ && bf16_->run(job) == Status::ok)
			return Status::ok;
		// Whatever the error was, tiles need only their own memory.
	}
	return run_tiled(job, false);
}

Status Multiplier::run_by_onednn(const Matmul &job)
{
	const OneThread one_thread;

	if (!one_thread)
		return Status::no_memory;
	// oneDNN returns a status, but code inside it may throw.
	try {
		switch (job.type) {
		case DType::f32: return run_f32(job);
		case DType::bf16: return run_bf16(job);
		case DType::s8:
			return has_exact_int8() ? run_native_s8(job) : run_tiled(job, false);
		}
	} catch (const std::bad_alloc &) {
		return Status::no_memory;
	} catch (...) {
		return Status::internal;
	}
	return Status::internal;
}

/// Has every kernel of the type compiled. Two multiplications suffice: one with as many rows as the largest kernel
/// handles, and one with a single row, for which oneDNN has separate kernels. The first is also large enough for the
/// primitive of bf16, with which oneDNN creates its cache of primitives.
Multiplier::Kernels Multiplier::compile(DType type)
{
	constexpr std::uint32_t kSize = 128;
	constexpr std::size_t kElements = std::size_t{kSize} * kSize;
	const std::unique_ptr<float[]> memory(new (std::nothrow) float[3 * kElements]());

	// Tested before can_compile(), which also fails for lack of memory.
	if (!memory || !has_room(kRoomForKernels))
		return Kernels::later;
	if (!can_compile())
		return Kernels::never;
	ignore_environment_of_onednn();
	compiled_in.store(sys::process_generation(), std::memory_order_relaxed);
	for (const std::uint32_t rows : {1U, kSize})
		if (run_by_onednn({.type = type,
				   .m = rows,
				   .n = kSize,
				   .k = kSize,
				   .lda = kSize,
				   .ldb = kSize,
				   .ldc = kSize,
				   .a = memory.get(),
				   .b = memory.get() + kElements,
				   .c = memory.get() + 2 * kElements}) != Status::ok)
			return Kernels::never; // the kernels compiled so far must not be used
	return Kernels::ready;
}

Multiplier::Kernels Multiplier::prepare(DType type) noexcept
{
	static std::atomic<Kernels> of_type[3];
	static std::mutex mutex;

	if (type > DType::s8)
		return Kernels::never;
	std::atomic<Kernels> &kernels = of_type[static_cast<std::size_t>(type)];
	if (kernels.load(std::memory_order_acquire) != Kernels::later) [[likely]]
		return kernels.load(std::memory_order_relaxed);
	// try_lock, because a child forked while another thread holds the mutex would wait for ever. Plain loops
	// multiply until the kernels are ready.
	const std::unique_lock lock(mutex, std::try_to_lock);
	if (lock && kernels.load(std::memory_order_relaxed) == Kernels::later)
		kernels.store(compile(type), std::memory_order_release);
	return kernels.load(std::memory_order_relaxed);
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
	if (prepare(job.type) == Kernels::ready && run_by_onednn(job) == Status::ok)
		return Status::ok;
	// Whatever the error was, plain loops need only their own memory.
	return run_tiled(job, true);
}

} // namespace accel::core::engine
