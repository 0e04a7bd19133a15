// SPDX-License-Identifier: MIT
// Matrix products on soft0 with one worker and with bare oneDNN, and the peak rate of the processor. All on the
// worker's processor, one thread.
#include "peak.hpp"
#include "soft_client.hpp"

#include <cmath>
#include <cstdlib>
#include <oneapi/dnnl/dnnl.h>
#include <vector>

extern "C" void omp_set_num_threads(int);

namespace {

using namespace bench;

struct Matrices {
	explicit Matrices(uint32_t size)
		: n(size),
		  a(size_t{n} * n),
		  b(size_t{n} * n),
		  c(size_t{n} * n),
		  small_a(size_t{n} * n),
		  small_b(size_t{n} * n),
		  sums(size_t{n} * n)
	{
		for (size_t i = 0; i < a.size(); i++) {
			small_a[i] = static_cast<int8_t>(i * 7 % 15) - 7;
			small_b[i] = static_cast<int8_t>(i * 11 % 13) - 6;
			a[i] = small_a[i];
			b[i] = small_b[i];
		}
	}

	double operations() const { return 2.0 * n * n * n; }

	/// The same small integers in both types, so that the products are equal and exact.
	void verify() const
	{
		for (size_t i = 0; i < c.size(); i += 127) {
			int32_t sum = 0;

			for (uint32_t k = 0; k < n; k++)
				sum += small_a[i / n * n + k] * small_b[size_t{k} * n + i % n];
			if (sum != sums[i] || std::fabs(c[i] - static_cast<float>(sum)) > 0.5F)
				die("a product is wrong");
		}
	}

	uint32_t n;
	std::vector<float> a, b, c;
	std::vector<int8_t> small_a, small_b;
	std::vector<int32_t> sums;
};

/// @work returns the number of operations that it has executed.
template <class Work>
void sample(const std::string &name, Work work)
{
	const double aside = times_put_aside();
	const uint64_t from = now_ns();
	const double operations = work();
	const auto ns = static_cast<double>(now_ns() - from);

	emit(name, "GOP/s", operations / ns, {{"ns", ns}, {"aside", times_put_aside() - aside}});
}

void sample_peak(const char *name, const Peak &peak)
{
	if (peak.run)
		sample(std::string("peak/") + name,
		       [&] { return static_cast<double>(peak.run(1'000'000)); });
}

void wait_for_one(accel_queue *queue, Matrices &m, accel_soft_matrix_type type)
{
	const bool f32 = type == ACCEL_SOFT_MATRIX_TYPE_F32;
	accel_soft_matrix a{f32 ? static_cast<void *>(m.a.data()) : m.small_a.data(), m.n};
	accel_soft_matrix b{f32 ? static_cast<void *>(m.b.data()) : m.small_b.data(), m.n};
	accel_soft_matrix c{f32 ? static_cast<void *>(m.c.data()) : m.sums.data(), m.n};
	auto fill = [&](accel_soft_descriptor *d, uint64_t) {
		accel_soft_matmul(d, type, m.n, m.n, m.n, c, a, b, 0);
	};

	post(accel_queue_ring(queue), 1, fill);
	collect(accel_queue_ring(queue), 1);
}

void bare_f32(Matrices &m)
{
	if (dnnl_sgemm('N', 'N', m.n, m.n, m.n, 1, m.a.data(), m.n, m.b.data(), m.n, 0, m.c.data(),
		       m.n) != dnnl_success)
		die("dnnl_sgemm failed");
}

void bare_s8(Matrices &m)
{
	const int32_t zero = 0;

	if (dnnl_gemm_s8s8s32('N', 'N', 'F', m.n, m.n, m.n, 1, m.small_a.data(), m.n, 0,
			      m.small_b.data(), m.n, 0, 0, m.sums.data(), m.n,
			      &zero) != dnnl_success)
		die("dnnl_gemm_s8s8s32 failed");
}

void round(accel_queue *queue, Matrices &m)
{
	// One product wakes the worker and fills its caches; then as many products as take some milliseconds.
	const auto repeat = static_cast<unsigned>(1 + 4e8 / m.operations());
	const std::string end = "/" + std::to_string(m.n);
	auto products = [&](auto one) {
		one();
		return [&, one] {
			for (unsigned i = 0; i < repeat; i++)
				one();
			return m.operations() * repeat;
		};
	};

	sample("soft/matmul/f32" + end,
	       products([&] { wait_for_one(queue, m, ACCEL_SOFT_MATRIX_TYPE_F32); }));
	sample("soft/matmul/s8" + end,
	       products([&] { wait_for_one(queue, m, ACCEL_SOFT_MATRIX_TYPE_S8); }));
	m.verify();
	wait_asleep(accel_queue_ring(queue));
	pin(kWorkerCpu);
	sample("onednn/matmul/f32" + end, products([&] { bare_f32(m); }));
	sample("onednn/matmul/s8" + end, products([&] { bare_s8(m); }));
	m.verify();
	sample_peak("f32", peak_f32());
	sample_peak("s8", peak_s8());
	pin(kRequesterCpu);
}

const char *name_of(dnnl_cpu_isa_t isa)
{
	switch (isa) {
	case dnnl_cpu_isa_avx2: return "AVX2";
	case dnnl_cpu_isa_avx512_core: return "AVX-512";
	case dnnl_cpu_isa_avx512_core_vnni: return "AVX-512 with VNNI";
	case dnnl_cpu_isa_avx512_core_bf16: return "AVX-512 with VNNI and BF16";
	default: return "another";
	}
}

} // namespace

int main()
{
	raise_priority();
	omp_set_num_threads(1);

	Soft soft;
	accel_queue *queue = soft.make_queue(2, 0, kWorkerOnly);
	Matrices matrices[] = {Matrices(64), Matrices(256), Matrices(1024)};
	const char *f32 = peak_f32().instructions;
	const char *s8 = peak_s8().instructions;

	emit_fact("oneDNN uses", name_of(dnnl_get_effective_cpu_isa()));
	emit_fact("f32 peak by", f32 ? f32 : "none: no FMA");
	emit_fact("s8 peak by", s8 ? s8 : "none: no VNNI");
	// Both compile their kernels at the first call.
	for (Matrices &m : matrices) {
		wait_for_one(queue, m, ACCEL_SOFT_MATRIX_TYPE_F32);
		wait_for_one(queue, m, ACCEL_SOFT_MATRIX_TYPE_S8);
		bare_f32(m);
		bare_s8(m);
	}

	int status = serve([&](unsigned samples) {
		while (samples--)
			for (Matrices &m : matrices)
				round(queue, m);
	});
	accel_queue_destroy(queue, nullptr);
	return status;
}
