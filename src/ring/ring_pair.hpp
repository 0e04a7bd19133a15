// SPDX-License-Identifier: MIT
// For tests: a ring, both of whose sides the test plays.
#pragma once

#include "ring/device_ring.hpp"
#include "ring/user_ring.hpp"

#include <cstdlib>
#include <cstring>
#include <memory>

namespace accel::core::ring::test {

inline constexpr uint8_t kIndex = ACCEL_RING_PUBLICATION_INDEX, kTag = ACCEL_RING_PUBLICATION_TAG;

struct Entry {
	uint64_t value;
	uint64_t pad[7];
};

struct Free {
	void operator()(void *p) const { free(p); }
};

/* Both sides of a ring, and the number of doorbells. */
struct Pair {
	Pair(uint32_t entries, uint8_t publication, uint64_t flags, uint8_t order)
		: layout(make_layout(entries, sizeof(Entry), publication, flags, order)),
		  memory(aligned_alloc(4096, layout.size)),
		  device((memset(memory.get(), 0, layout.size), memory.get()), layout),
		  user(*UserRing::attach(
			  {.memory = memory.get(), .size = layout.size, .layout = layout},
			  {.doorbell = [](void *context) { ++*static_cast<int *>(context); },
			   .context = &doorbells}))
	{}

	bool post(uint64_t value)
	{
		uint64_t at;

		if (!accel_ring_reserve(user.get(), 1, &at))
			return false;
		static_cast<Entry *>(accel_ring_entry(user.get(), at))->value = value;
		accel_ring_publish(user.get(), at, 1);
		return true;
	}

	/* The device completes all published entries; the result is the value plus one. */
	uint32_t work()
	{
		uint32_t n = device.look(next, UINT32_MAX);
		uint64_t noted = 0;

		for (uint32_t i = 0; i < n; i++, next++) {
			accel_ring_record record{};
			record.result = static_cast<const Entry *>(device.entry(next))->value + 1;
			device.complete(next, ACCEL_RING_STATUS_SUCCESS,
					next % 3 ? &record : nullptr);
			if (next % 3)
				noted = next + 1;
		}
		if (n)
			device.retire(next, noted);
		return n;
	}

	int doorbells = 0;
	uint64_t next = 0;
	accel_ring_layout layout;
	std::unique_ptr<void, Free> memory;
	DeviceRing device;
	UserRing user;
};

} // namespace accel::core::ring::test
