// SPDX-License-Identifier: MIT
// The settings that trade processor time for latency, and the measurement of the limit of inline execution.
#include "soft/queue/tuning.hpp"

#include "soft/engine/engine.hpp"
#include "soft/queue/worker.hpp"
#include "sys/sys.hpp"

#include <algorithm>
#include <cstddef>
#include <uapi/accel/soft.h>

namespace accel::core::softdev {

namespace {

/* About the cost of a sleep and a wake-up: spinning that long wastes at most as much time as it can save. */
constexpr uint64_t kSpinNs = 50000;

/* Bytes per nanosecond of a copy within the caches; at least one. */
uint64_t copied_per_ns()
{
	constexpr size_t kBytes = 4096;
	constexpr unsigned kTimes = 32;
	alignas(64) static std::byte from[kBytes];
	alignas(64) std::byte to[kBytes];

	engine::copy(to, from, kBytes);
	const uint64_t began = sys::now_ns();
	for (unsigned i = 0; i < kTimes; i++) {
		engine::copy(to, from, kBytes);
		__asm__ __volatile__("" : : "r"(to) : "memory");
	}
	const uint64_t took = std::max<uint64_t>(sys::now_ns() - began, 1);

	return std::max<uint64_t>(kBytes * kTimes / took, 1);
}

} // namespace

/* With one processor a spinning worker only delays the producer. */
Tuning::Tuning(uint32_t processors) : spin_ns_(processors > 1 ? kSpinNs : 0) {}

/* Execution by a worker adds about two round trips of a cache line: one for the entry and one for its completion. The
 * limit is the number of bytes copied in that time. The distance between processors varies, also over time in a virtual
 * machine, so it is measured again when the last measurement is older than kMeasuredForNs. */
uint32_t Tuning::inline_limit(Worker &worker)
{
	constexpr uint64_t kMeasuredForNs = 100'000'000;
	constexpr uint64_t kRoundTrips = 2;
	std::lock_guard lock(mutex_);

	if (inline_measured_ns_ && sys::now_ns() - inline_measured_ns_ < kMeasuredForNs)
		return inline_limit_;
	if (const uint64_t round_trip_ns = worker.measure_round_trip()) {
		const uint64_t bytes = kRoundTrips * round_trip_ns * copied_per_ns();

		inline_limit_ = static_cast<uint32_t>(
			std::clamp<uint64_t>(bytes / 64 * 64, 512, ACCEL_SOFT_MAX_INLINE));
		inline_measured_ns_ = sys::now_ns();
	}
	return inline_limit_;
}

} // namespace accel::core::softdev
