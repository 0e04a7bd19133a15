// SPDX-License-Identifier: MIT
// The settings that trade processor time for latency.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>

namespace accel::core::softdev {

class Worker;

/// How long a worker polls an empty queue, and which entries the publishing thread executes itself. Thread-safe.
class Tuning {
public:
	static constexpr uint64_t kMaxSpinNs = 1000000;

	explicit Tuning(uint32_t processors);

	uint64_t spin_ns() const { return spin_ns_.load(std::memory_order_relaxed); }
	void set_spin_ns(uint64_t ns) { spin_ns_.store(ns, std::memory_order_relaxed); }
	/// The largest entry in bytes for which inline execution is faster than @worker.
	uint32_t inline_limit(Worker &worker);

private:
	static constexpr uint32_t kInlineLimit = 4096; // if it cannot be measured

	std::atomic<uint64_t> spin_ns_;
	std::mutex mutex_;		       // of the measurement
	uint32_t inline_limit_ = kInlineLimit; // the last measurement
	uint64_t inline_measured_ns_ = 0;      // its time; 0: never
};

} // namespace accel::core::softdev
