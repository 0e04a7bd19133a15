// SPDX-License-Identifier: MIT
// What oneDNN and libgomp need before they are called: neither can tell that it did not get it.
#include "onednn.hpp"

#include <oneapi/dnnl/dnnl.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <sys/mman.h>

#if DNNL_CPU_THREADING_RUNTIME == DNNL_RUNTIME_OMP
// Not <omp.h>: it is the compiler's, and clang's goes with another library than oneDNN's.
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
	// Each overrides what the environment says.
	(void)dnnl_set_verbose(0);
	(void)dnnl_set_jit_dump(0);
	(void)dnnl_set_jit_profiling_flags(0);
	(void)dnnl_set_default_fpmath_mode(dnnl_fpmath_mode_strict);
	done.store(true, std::memory_order_release);
}

#if DNNL_CPU_THREADING_RUNTIME == DNNL_RUNTIME_OMP
OneThread::OneThread() noexcept : before_(omp_get_max_threads())
{
	// libgomp takes a little memory the first time that a thread sets anything.
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
	// The thread may be one of the program's own.
	if (before_ > 1)
		omp_set_num_threads(before_);
}
#else
OneThread::OneThread() noexcept = default;
OneThread::~OneThread() = default;
#endif

} // namespace accel::core::engine
