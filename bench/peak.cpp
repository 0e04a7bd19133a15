// SPDX-License-Identifier: MIT
// The peak rates of a processor. The instructions are written in assembly so that the compiler neither removes
// them nor inserts others. With 12 independent sums each execution unit always has an instruction ready.
#include "peak.hpp"

namespace bench {

#ifdef __x86_64__

namespace {

constexpr uint64_t kSums = 12;

/* An ordinary number, so that speed and power are those of real data. */
constexpr float kNumber = 0.70710677F;

/* One iteration has one instruction for each of the sums, which are in registers 0 to 11. */
#define ACCEL_BENCH_PEAK(name, instruction, vector, operations)                               \
	uint64_t name(uint64_t loops)                                                         \
	{                                                                                     \
		const uint64_t done = loops * kSums * (operations);                           \
		asm volatile("vzeroall\n\t"                                                   \
			     "vbroadcastss %1, %%" vector "14\n\t"                            \
			     "vbroadcastss %1, %%" vector "15\n"                              \
			     "1:\n\t"                                                         \
			     ".irp sum, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11\n\t" instruction \
			     " %%" vector "14, %%" vector "15, %%" vector "\\sum\n\t"         \
			     ".endr\n\t"                                                      \
			     "dec %0\n\t"                                                     \
			     "jnz 1b\n\t"                                                     \
			     "vzeroupper"                                                     \
			     : "+r"(loops)                                                    \
			     : "m"(kNumber)                                                   \
			     : "cc", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6",  \
			       "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13",    \
			       "xmm14", "xmm15");                                             \
		return done;                                                                  \
	}

ACCEL_BENCH_PEAK(fma_512, "vfmadd231ps", "zmm", 16 * 2)
ACCEL_BENCH_PEAK(fma_256, "vfmadd231ps", "ymm", 8 * 2)
ACCEL_BENCH_PEAK(dot_512, "vpdpbusd", "zmm", 64 * 2)
ACCEL_BENCH_PEAK(dot_256, "%{vex%} vpdpbusd", "ymm", 32 * 2)

} // namespace

Peak peak_f32()
{
	if (__builtin_cpu_supports("avx512f"))
		return {"vfmadd231ps zmm", fma_512};
	if (__builtin_cpu_supports("fma"))
		return {"vfmadd231ps ymm", fma_256};
	return {nullptr, nullptr};
}

Peak peak_s8()
{
	if (__builtin_cpu_supports("avx512vnni"))
		return {"vpdpbusd zmm", dot_512};
	if (__builtin_cpu_supports("avxvnni"))
		return {"vpdpbusd ymm", dot_256};
	return {nullptr, nullptr};
}

#else

Peak peak_f32()
{
	return {nullptr, nullptr};
}

Peak peak_s8()
{
	return {nullptr, nullptr};
}

#endif

} // namespace bench
