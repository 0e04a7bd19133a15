// SPDX-License-Identifier: MIT
// Tests and settings before a call of oneDNN or libgomp, which cannot report a failed allocation.
#include "onednn.hpp"

#include <oneapi/dnnl/dnnl.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <sys/mman.h>

#if DNNL_CPU_THREADING_RUNTIME == DNNL_RUNTIME_OMP
// Declared here, because <omp.h> is the compiler's, and that of clang belongs to another library than libgomp.
extern "C" void omp_set_num_threads(int);
extern "C" int omp_get_max_threads();
#endif

namespace accel::core::engine {

namespace {

constexpr std::size_t kPageBytes = 4096;

void *map(std::size_t bytes) noexcept
{
	void *memory =
		mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return memory == MAP_FAILED ? nullptr : memory;
}

} // namespace

bool has_room(std::size_t bytes) noexcept
{
	void *memory = map(bytes);

	if (memory)
		munmap(memory, bytes);
	return memory;
}

bool can_compile() noexcept
{
	void *memory = map(kPageBytes);
	const bool can =
		memory && mprotect(memory, kPageBytes, PROT_READ | PROT_WRITE | PROT_EXEC) == 0;

	if (memory)
		munmap(memory, kPageBytes);
	return can;
}

void ignore_environment_of_onednn() noexcept
{
	static std::atomic<bool> done{false};

	if (done.load(std::memory_order_acquire))
		return;
	// Each call overrides an environment variable.
	(void)dnnl_set_verbose(0);
	(void)dnnl_set_jit_dump(0);
	(void)dnnl_set_jit_profiling_flags(0);
	(void)dnnl_set_default_fpmath_mode(dnnl_fpmath_mode_strict);
	done.store(true, std::memory_order_release);
}

#if DNNL_CPU_THREADING_RUNTIME == DNNL_RUNTIME_OMP
OneThread::OneThread() noexcept : before_(omp_get_max_threads())
{
	// libgomp allocates a little memory when a thread changes a setting for the first time.
	constexpr std::size_t kBytes = 8192;
	static thread_local bool has_memory = false;

	if (before_ == 1)
		return;
	if (!has_memory) {
		void *volatile memory = malloc(kBytes);
		has_memory = memory;
		free(memory);
	}
	if (has_memory)
		omp_set_num_threads(1);
	else
		before_ = 0;
}

OneThread::~OneThread()
{
	// The thread may belong to the program.
	if (before_ > 1)
		omp_set_num_threads(before_);
}
#else
OneThread::OneThread() noexcept = default;
OneThread::~OneThread() = default;
#endif

} // namespace accel::core::engine
