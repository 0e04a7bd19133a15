// SPDX-License-Identifier: MIT
// Bare OpenBLAS, one thread, on the worker's processor. OpenBLAS chooses its kernels when it is loaded; bench/run
// starts the probe twice, once with OPENBLAS_CORETYPE set.
#include "harness.hpp"

#include <cblas.h>
#include <cstdlib>
#include <vector>

int main()
{
	using namespace bench;

	raise_priority();
	pin(kWorkerCpu);
	openblas_set_num_threads(1);

	const char *chosen = getenv("OPENBLAS_CORETYPE");
	const std::string core = openblas_get_corename();
	const std::string name = chosen ? "openblas-chosen" : "openblas";
	std::vector<float> a(1024 * 1024, 1.0F), b(1024 * 1024, 2.0F), c(1024 * 1024);
	auto multiply = [&](int n) {
		cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, n, n, 1, a.data(), n,
			    b.data(), n, 0, c.data(), n);
	};

	emit_fact(chosen ? "OpenBLAS kernels with OPENBLAS_CORETYPE" :
			   "OpenBLAS kernels by default",
		  core);
	multiply(1024);
	if (c[0] != 2048.0F || c.back() != 2048.0F)
		die("a product is wrong");
	return serve([&](unsigned samples) {
		while (samples--)
			for (int n : {64, 256, 1024}) {
				const int repeat = std::max(1, 512 * 512 / n / n);
				const double aside = times_put_aside();
				const uint64_t from = now_ns();

				for (int i = 0; i < repeat; i++)
					multiply(n);
				const auto ns = static_cast<double>(now_ns() - from);

				emit(name + "/matmul/f32/" + std::to_string(n), "GOP/s",
				     2.0 * n * n * n * repeat / ns,
				     {{"ns", ns}, {"aside", times_put_aside() - aside}});
			}
	});
}
