// SPDX-License-Identifier: MIT
// The last failed descriptors of a device, and injected faults.
#include "soft/execute/error_log.hpp"

#include <algorithm>

namespace accel::core::softdev {

void ErrorLog::add(const accel_soft_error_entry &entry)
{
	std::lock_guard lock(mutex_);

	entries_[count_++ % kMost] = entry;
}

unsigned ErrorLog::read(std::array<accel_soft_error_entry, kMost> &entries)
{
	std::lock_guard lock(mutex_);
	auto there = static_cast<unsigned>(std::min<uint64_t>(count_, kMost));

	for (unsigned i = 0; i < there; i++)
		entries[i] = entries_[(count_ - 1 - i) % kMost];
	return there;
}

void Injection::set(unsigned op, uint64_t count)
{
	left_[op].store(count, std::memory_order_relaxed);
	if (count)
		mask_.fetch_or(1u << op, std::memory_order_release);
	else
		mask_.fetch_and(~(1u << op), std::memory_order_release);
}

bool Injection::take(unsigned op)
{
	uint64_t left = left_[op].load(std::memory_order_relaxed);

	while (left)
		if (left_[op].compare_exchange_weak(left, left - 1, std::memory_order_relaxed))
			return true;
	/* The bit remains set after the last fault was taken: clearing it could undo a set() that another thread has
	 * just called. It costs operations of this kind one load until the next set(). */
	return false;
}

} // namespace accel::core::softdev
