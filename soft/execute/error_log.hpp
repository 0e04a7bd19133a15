// SPDX-License-Identifier: MIT
// The last failed descriptors of a device, and injected faults.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <uapi/accel/soft.h>

namespace accel::core::softdev {

inline constexpr unsigned kOperations = ACCEL_SOFT_OP_BATCH + 1;

/// Thread-safe. Threads that execute entries add failed descriptors; the firmware reads the log.
class ErrorLog {
public:
	static constexpr unsigned kMost = 64;

	void add(const accel_soft_error_entry &entry);
	/// Newest first. Returns the number of entries.
	unsigned read(std::array<accel_soft_error_entry, kMost> &entries);

private:
	std::mutex mutex_;
	std::array<accel_soft_error_entry, kMost> entries_{};
	uint64_t count_ = 0;
};

/// Operations that are to fail next. Thread-safe: the firmware calls set() while workers and publishing threads call
/// mask() and take(). A thread that reads mask() as 0 does not call take().
class Injection {
public:
	/// Bit n is set if operation n is to fail.
	uint32_t mask() const { return mask_.load(std::memory_order_relaxed); }
	/// Make the next @count operations @op fail. Replaces the previous count.
	void set(unsigned op, uint64_t count);
	/// Returns whether this operation is to fail, and if so decrements the count.
	bool take(unsigned op);

private:
	std::atomic<uint32_t> mask_{0};
	std::array<std::atomic<uint64_t>, kOperations> left_{};
};

} // namespace accel::core::softdev
