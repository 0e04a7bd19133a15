// SPDX-License-Identifier: MIT
// Credits, the removal of a work queue, and pages for completion records.
#include "providers/idxd/work_queue.hpp"

#include "base/failure.hpp"
#include "sys/sys.hpp"

#include <algorithm>
#include <sys/mman.h>
#include <utility>

namespace accel::core::idxd {

uint32_t Credits::take(uint32_t most) noexcept
{
	uint32_t there = free_.load(std::memory_order_acquire), taken;

	do
		taken = std::min(there, most);
	while (taken &&
	       !free_.compare_exchange_weak(there, there - taken, std::memory_order_acq_rel));
	return taken;
}

bool WorkQueue::is_disabled() noexcept
{
	if (!disabled.load() && !is_enabled(limits))
		disabled.store(true);
	return disabled.load();
}

Result<Records> Records::create(uint32_t count)
{
	const size_t size = size_t{count} * sizeof(Record);
	void *memory;

	if (int r = sys::mmap(&memory, nullptr, size, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	    r < 0)
		return fail(-r, ACCEL_REASON_NO_MEMORY, "no memory for %u completion records",
			    count);
	return Records(static_cast<Record *>(memory), size);
}

Records::Records(Records &&other) noexcept
	: records_(std::exchange(other.records_, nullptr)), size_(other.size_)
{}

Records::~Records()
{
	if (records_)
		sys::munmap(records_, size_);
}

} // namespace accel::core::idxd
