// SPDX-License-Identifier: MIT
// What the queues of one open file share, and the memory of completion records.
#pragma once

#include "base/result.hpp"
#include "providers/idxd/descriptor.hpp"
#include "providers/idxd/limits.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace accel::core::idxd {

/// Entries of a dedicated work queue that are free. It never says that it is full and loses what is too much, so they
/// are counted: until the completion record, which is longer than needed. All queues of the open file share them.
class Credits {
public:
	explicit Credits(uint32_t count) : free_(count) {}

	/// Takes up to @most.
	uint32_t take(uint32_t most) noexcept;
	void put(uint32_t count) noexcept { free_.fetch_add(count, std::memory_order_release); }

private:
	std::atomic<uint32_t> free_;
};

/// What the queues of one open file share; outlives them.
struct WorkQueue {
	Limits limits;
	int fd;
	Credits credits;
	std::byte *portal = nullptr; // null: not mapped
	std::atomic<uint32_t> queues = 0;
	/// sysfs said that the work queue is disabled or gone. The driver has unmapped the portal that it writes
	/// through, and a write(2) would be a fault in the kernel, so no queue makes one any more.
	std::atomic<bool> disabled = false;

	/// Reads sysfs, unless it has said so before.
	bool is_disabled() noexcept;
};

/// The pages of the completion records. The device writes to them until each descriptor has ended.
class Records {
public:
	static Result<Records> create(uint32_t count);
	Records(Records &&other) noexcept;
	~Records();

	Record &operator[](uint64_t slot) const { return records_[slot]; }
	/// The pages stay until the process ends.
	void leak() noexcept { records_ = nullptr; }

private:
	Records(Record *records, size_t size) : records_(records), size_(size) {}

	Record *records_;
	size_t size_;
};

} // namespace accel::core::idxd
