// SPDX-License-Identifier: MIT
// State shared by the queues of one open file, and the memory of completion records.
#pragma once

#include "base/result.hpp"
#include "providers/idxd/descriptor.hpp"
#include "providers/idxd/limits.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace accel::core::idxd {

/// Free entries of a dedicated work queue. The device does not report that the queue is full but drops descriptors, so
/// the library counts each entry from submission to its completion record, which is longer than the device needs it.
/// All queues of the open file share the credits.
class Credits {
public:
	explicit Credits(uint32_t count) : free_(count) {}

	/// Takes up to @most credits; returns how many.
	uint32_t take(uint32_t most) noexcept;
	void put(uint32_t count) noexcept { free_.fetch_add(count, std::memory_order_release); }

private:
	std::atomic<uint32_t> free_;
};

/// State shared by the queues of one open file; must outlive them.
struct WorkQueue {
	Limits limits;
	int fd;
	Credits credits;
	std::byte *portal = nullptr; // null: not mapped
	std::atomic<uint32_t> queues = 0;
	/// Sysfs has reported that the work queue is disabled or removed. The driver has then unmapped the portal that
	/// its write(2) uses, and a write(2) would be a fault in the kernel, so no queue calls write(2) any more.
	std::atomic<bool> disabled = false;

	/// Reads sysfs until it has reported this once.
	bool is_disabled() noexcept;
};

/// The pages of the completion records. The device writes to each record until its descriptor has completed.
class Records {
public:
	static Result<Records> create(uint32_t count);
	Records(Records &&other) noexcept;
	~Records();

	Record &operator[](uint64_t slot) const { return records_[slot]; }
	/// Leaks the pages: they stay allocated until the process ends.
	void leak() noexcept { records_ = nullptr; }

private:
	Records(Record *records, size_t size) : records_(records), size_(size) {}

	Record *records_;
	size_t size_;
};

} // namespace accel::core::idxd
