// SPDX-License-Identifier: MIT
// Multiplication of bf16 through a primitive of oneDNN.
//
// The instruction VDPBF16PS does twice the work of an FMA. On Zen 4 its issue rate is that of an FMA: the primitive
// was measured at 0.90 of its peak and at 2.1 times the speed of the tiles of matmul.cpp. On the measured Xeon the
// issue rate is half of that and the tiles are 1.5 times as fast; so the vendor of the processor decides.
//
// A primitive is compiled for each shape, in 0.1 to 0.7 ms, which is less than what it saves from 256 × 256 on.
// oneDNN caches the last 1024 primitives of the process; a lookup takes 4 us, which is more than the gain below
// 128 × 128.
#include "matmul_bf16.hpp"
#include "onednn.hpp"

#include <oneapi/dnnl/dnnl.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <type_traits>

namespace accel::core::engine {

namespace {

constexpr std::uint64_t kLeastProducts = std::uint64_t{128} * 128 * 128;

template <auto destroy>
struct Destroy {
	template <typename T>
	void operator()(T *handle) const
	{
		destroy(handle);
	}
};

/// Owns a handle of oneDNN, which is a pointer.
template <typename Handle, auto destroy>
using Owner = std::unique_ptr<std::remove_pointer_t<Handle>, Destroy<destroy>>;

using Memory = Owner<dnnl_memory_t, dnnl_memory_destroy>;
using Description = Owner<dnnl_primitive_desc_t, dnnl_primitive_desc_destroy>;
using Primitive = Owner<dnnl_primitive_t, dnnl_primitive_destroy>;

/// Stores the handle that @make_handle creates in @owner. Returns the status of @make_handle.
template <typename T, typename D, typename Make>
dnnl_status_t make(std::unique_ptr<T, D> &owner, const Make &make_handle)
{
	T *handle = nullptr;
	const dnnl_status_t status = make_handle(&handle);

	if (status == dnnl_success)
		owner.reset(handle);
	return status;
}

/// The exponent (biased by 127) of the smallest nonzero element; 0 if it is denormal, 255 if all elements are zero.
unsigned least_exponent(const void *matrix, std::size_t rows, std::size_t columns,
			std::size_t stride)
{
	const auto *from = static_cast<const char *>(matrix);
	std::uint16_t least = 0x7fff;

	for (std::size_t row = 0; row < rows; row++, from += stride * sizeof(least)) {
		for (std::size_t column = 0; column < columns; column++) {
			std::uint16_t element;
			std::memcpy(&element, from + column * sizeof(element), sizeof(element));
			// Zero becomes the largest.
			const auto size = static_cast<std::uint16_t>((element & 0x7fff) - 1);
			least = std::min(least, static_cast<std::uint16_t>(size & 0x7fff));
		}
	}
	return least == 0x7fff ? 255 : (least + 1U) >> 7;
}

bool is_fast()
{
#if defined(__x86_64__) || defined(__i386__)
	const auto isa = static_cast<unsigned>(dnnl_get_effective_cpu_isa());

	__builtin_cpu_init();
	return __builtin_cpu_is("amd") &&
	       (isa & dnnl_cpu_isa_avx512_core_bf16) == dnnl_cpu_isa_avx512_core_bf16;
#else
	return false;
#endif
}

struct Matrix {
	dnnl_memory_desc_t description;
	Memory memory;

	dnnl_status_t set(dnnl_engine_t engine, std::uint32_t rows, std::uint32_t columns,
			  std::uint32_t stride, dnnl_data_type_t type, const void *at)
	{
		const dnnl_dims_t sizes = {rows, columns}, strides = {stride, 1};
		const dnnl_status_t status =
			dnnl_memory_desc_init_by_strides(&description, 2, sizes, type, strides);

		if (status != dnnl_success)
			return status;
		return make(memory, [&](dnnl_memory_t *handle) {
			// Only C is written.
			return dnnl_memory_create(handle, &description, engine,
						  const_cast<void *>(at));
		});
	}
};

} // namespace

struct Bf16Primitive::Engine {
	Owner<dnnl_engine_t, dnnl_engine_destroy> engine;
	Owner<dnnl_stream_t, dnnl_stream_destroy> stream;

	dnnl_status_t start();
	dnnl_status_t run(const Matmul &job) const;
};

dnnl_status_t Bf16Primitive::Engine::start()
{
	const dnnl_status_t status = make(engine, [](dnnl_engine_t *handle) {
		return dnnl_engine_create(handle, dnnl_cpu, 0);
	});

	if (status != dnnl_success)
		return status;
	return make(stream, [this](dnnl_stream_t *handle) {
		return dnnl_stream_create(handle, engine.get(), dnnl_stream_default_flags);
	});
}

dnnl_status_t Bf16Primitive::Engine::run(const Matmul &job) const
{
	Matrix a, b, c;
	dnnl_matmul_desc_t operation;
	Description description;
	Primitive primitive;
	dnnl_status_t status = a.set(engine.get(), job.m, job.k, job.lda, dnnl_bf16, job.a);

	// Runs a step only if all steps before it succeeded.
	const auto then = [&status](const auto &step) {
		if (status == dnnl_success)
			status = step();
	};
	then([&] { return b.set(engine.get(), job.k, job.n, job.ldb, dnnl_bf16, job.b); });
	then([&] { return c.set(engine.get(), job.m, job.n, job.ldc, dnnl_f32, job.c); });
	then([&] {
		return dnnl_matmul_desc_init(&operation, &a.description, &b.description, nullptr,
					     &c.description);
	});
	then([&] {
		return make(description, [&](dnnl_primitive_desc_t *handle) {
			return dnnl_primitive_desc_create(handle, &operation, nullptr, engine.get(),
							  nullptr);
		});
	});
	then([&] {
		return make(primitive, [&](dnnl_primitive_t *handle) {
			return dnnl_primitive_create(handle, description.get());
		});
	});
	then([&] {
		const dnnl_exec_arg_t arguments[] = {{DNNL_ARG_SRC, a.memory.get()},
						     {DNNL_ARG_WEIGHTS, b.memory.get()},
						     {DNNL_ARG_DST, c.memory.get()}};
		return dnnl_primitive_execute(primitive.get(), stream.get(), 3, arguments);
	});
	then([&] { return dnnl_stream_wait(stream.get()); });
	return status;
}

bool Bf16Primitive::pays(const Matmul &job) noexcept
{
	static const bool fast = is_fast();

	return fast && std::uint64_t{job.m} * job.n * job.k >= kLeastProducts;
}

bool Bf16Primitive::is_exact(const Matmul &job) noexcept
{
	// An element is a multiple of 2^(exponent - 127 - 7). So every sum of products, however it is rounded, is a
	// multiple of the product of these units of the two smallest elements, which must not be below 2^-126.
	constexpr unsigned kLeastSum = 2 * (127 + 7) - 126;
	const unsigned a = least_exponent(job.a, job.m, job.k, job.lda);
	const unsigned b = a ? least_exponent(job.b, job.k, job.n, job.ldb) : 0;

	return a && b && a + b >= kLeastSum;
}

Bf16Primitive::Bf16Primitive() noexcept = default;
Bf16Primitive::~Bf16Primitive() = default;

Status Bf16Primitive::run(const Matmul &job)
{
	dnnl_status_t status = dnnl_success;

	if (!has_room(kRoomForKernels)) // each new shape is compiled
		return Status::no_memory;
	if (!engine_) {
		std::unique_ptr<Engine> engine(new (std::nothrow) Engine);
		if (!engine)
			return Status::no_memory;
		status = engine->start();
		if (status == dnnl_success)
			engine_ = std::move(engine);
	}
	if (status == dnnl_success)
		status = engine_->run(job);
	return status == dnnl_success	    ? Status::ok :
	       status == dnnl_out_of_memory ? Status::no_memory :
					      Status::internal;
}

} // namespace accel::core::engine
