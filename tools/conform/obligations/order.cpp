// SPDX-License-Identifier: MIT
// Obligations: what is before what.
#include "conform/lane.hpp"
#include "conform/tests.hpp"

#include <algorithm>
#include <cstring>

namespace accel::conform::tests {

namespace {

constexpr size_t kSlot = 256;

} // namespace

void completions_in_order(Test &test)
{
	constexpr size_t kLong = 1 << 20;
	constexpr uint32_t kEntries = 32;
	Space space = test.any_space();
	Memory memory(space, (1 + kEntries) * kLong);
	Lane lane(test, space, kEntries);

	/* Long and short ones in turn: Lane checks that each completion is the next one. Each slot has a place of
	 * its own to write to, for others may run at the same time. */
	for (unsigned i = 0; i < 600; i++) {
		uint64_t to = memory.iova((1 + i % kEntries) * kLong);

		switch (test.pick(0, 9)) {
		case 0: lane.post_copy(to, memory.iova(), kLong); break;
		case 1: lane.post_copy(to, memory.iova(), test.pick(1, 9000)); break;
		default: lane.post_nop(test.pick(0, 3) == 0 && lane.workload().has_fence); break;
		}
	}
	lane.finish();
}

void fence_orders_data(Test &test)
{
	constexpr size_t kLinks = 60;
	Space space = test.any_space();
	Memory memory(space, (kLinks + 1) * kSlot);
	Lane lane(test, space, 64);

	/* Each copy reads what the one before it wrote. */
	for (int round = 0; round < 100; round++) {
		memory.randomize(test);
		for (size_t i = 0; i < kLinks; i++)
			lane.post_copy(memory.iova((i + 1) * kSlot), memory.iova(i * kSlot), kSlot,
				       true);
		lane.finish();
		CHECK_SAME(memory.at(kLinks * kSlot), memory.at(), kSlot);
	}
}

void fence_waits_for_all(Test &test)
{
	constexpr size_t kLong = 1 << 20, kJobs = 16;
	Space space = test.any_space();
	Memory memory(space, 3 * kLong);
	Lane lane(test, space, 64);

	/* Long copies into pieces of one area, then one short fenced copy of its end. */
	for (int round = 0; round < 20; round++) {
		std::memset(memory.at(), round + 1, kLong);
		size_t piece = kLong / kJobs;

		for (size_t i = 0; i < kJobs; i++)
			lane.post_copy(memory.iova(kLong + i * piece), memory.iova(i * piece),
				       piece);
		lane.post_copy(memory.iova(2 * kLong), memory.iova(kLong), kLong, true);
		lane.finish();
		CHECK_SAME(memory.at(2 * kLong), memory.at(), kLong);
	}
}

void write_after_read_fence(Test &test)
{
	constexpr size_t kLong = 1 << 18;
	Space space = test.any_space();
	Memory memory(space, 3 * kLong);
	Lane lane(test, space, 64);

	/* Read an area, then overwrite it behind a fence: the reader saw the old bytes. */
	memory.clear(1);
	for (int round = 0; round < 50; round++) {
		auto value = static_cast<unsigned char>(round);

		std::memset(memory.at(kLong), value, kLong);
		std::memset(memory.at(2 * kLong), value + 1, kLong);
		lane.post_copy(memory.iova(), memory.iova(kLong), kLong);
		lane.post_copy(memory.iova(kLong), memory.iova(2 * kLong), kLong, true);
		lane.finish();
		for (size_t i = 0; i < kLong; i += 512) {
			CHECK_EQ(memory.at()[i], value);
			CHECK_EQ(memory.at(kLong)[i], static_cast<unsigned char>(value + 1));
		}
	}
}

void published_is_seen(Test &test)
{
	Space space = test.any_space();
	Memory memory(space, 1 << 16);
	Lane lane(test, space, 8);

	/* Written right before the publication, read by the device; written by it, read right after the poll. */
	for (uint64_t i = 0; i < 20000; i++) {
		size_t from = i % 64 * 64, to = 32768 + i % 32 * 64;
		uint64_t value = i * 0x9e3779b97f4a7c15, seen = 0;

		std::memcpy(memory.at(from), &value, sizeof(value));
		CHECK_STATUS(lane.run_copy(memory.iova(to), memory.iova(from), sizeof(value)),
			     ACCEL_RING_STATUS_SUCCESS);
		std::memcpy(&seen, memory.at(to), sizeof(seen));
		CHECK_EQ(seen, value);
	}
}

void done_means_written(Test &test)
{
	constexpr size_t kLong = 1 << 19;
	Space space = test.any_space();
	Memory memory(space, 2 * kLong);
	Lane lane(test, space, 4);

	for (int i = 0; i < 60; i++) {
		auto value = static_cast<unsigned char>(i + 1);

		std::memset(memory.at(), value, kLong);
		CHECK_STATUS(lane.run_copy(memory.iova(kLong), memory.iova(), kLong),
			     ACCEL_RING_STATUS_SUCCESS);
		/* The device wrote it front to back or back to front: look at both ends and between. */
		CHECK_SAME(memory.at(kLong), memory.at(), kLong);
	}
}

void overlapping_copy(Test &test)
{
	Space space = test.any_space();
	Memory memory(space, 16384);
	Lane lane(test, space, 4);
	std::vector<unsigned char> expected(16384);

	for (int i = 0; i < 300; i++) {
		uint64_t from = test.pick(0, 8000), to = test.pick(0, 8000), n = test.pick(1, 8000);

		memory.randomize(test);
		std::ranges::copy(memory.bytes(), expected.begin());
		std::memmove(expected.data() + to, expected.data() + from, n);
		CHECK_STATUS(lane.run_copy(memory.iova(to), memory.iova(from), n),
			     ACCEL_RING_STATUS_SUCCESS);
		CHECK_SAME(memory.at(), expected.data(), expected.size());
	}
}

} // namespace accel::conform::tests
