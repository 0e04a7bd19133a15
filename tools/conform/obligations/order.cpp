// SPDX-License-Identifier: MIT
// Obligations: the order of accesses and completions.
#include "conform/tests.hpp"
#include "conform/work.hpp"

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
	Runner runner(test, space, kEntries);

	/* Long and short entries alternate; Runner checks that each completion is the next one. Each slot has its own
	 * place to write to, because others may execute at the same time. */
	for (unsigned i = 0; i < 600; i++) {
		uint64_t to = memory.iova((1 + i % kEntries) * kLong);

		switch (test.pick(0, 9)) {
		case 0: runner.post_copy(to, memory.iova(), kLong); break;
		case 1: runner.post_copy(to, memory.iova(), test.pick(1, 9000)); break;
		default:
			runner.post_nop(test.pick(0, 3) == 0 && runner.workload().has_fence);
			break;
		}
	}
	runner.finish();
}

void fence_orders_data(Test &test)
{
	constexpr size_t kLinks = 60;
	Space space = test.any_space();
	Memory memory(space, (kLinks + 1) * kSlot);
	Runner runner(test, space, 64);

	/* Each copy reads what the previous one wrote. */
	for (int round = 0; round < 100; round++) {
		memory.randomize(test);
		for (size_t i = 0; i < kLinks; i++)
			runner.post_copy(memory.iova((i + 1) * kSlot), memory.iova(i * kSlot),
					 kSlot, true);
		runner.finish();
		CHECK_SAME(memory.at(kLinks * kSlot), memory.at(), kSlot);
	}
}

void fence_waits_for_all(Test &test)
{
	constexpr size_t kLong = 1 << 20, kJobs = 16;
	Space space = test.any_space();
	Memory memory(space, 3 * kLong);
	Runner runner(test, space, 64);

	/* Long copies into parts of one area, then one short fenced copy from its end. */
	for (int round = 0; round < 20; round++) {
		std::memset(memory.at(), round + 1, kLong);
		size_t piece = kLong / kJobs;

		for (size_t i = 0; i < kJobs; i++)
			runner.post_copy(memory.iova(kLong + i * piece), memory.iova(i * piece),
					 piece);
		runner.post_copy(memory.iova(2 * kLong), memory.iova(kLong), kLong, true);
		runner.finish();
		CHECK_SAME(memory.at(2 * kLong), memory.at(), kLong);
	}
}

void write_after_read_fence(Test &test)
{
	constexpr size_t kLong = 1 << 18;
	Space space = test.any_space();
	Memory memory(space, 3 * kLong);
	Runner runner(test, space, 64);

	/* Read an area, then overwrite it after a fence: the reader must have seen the old bytes. */
	memory.clear(1);
	for (int round = 0; round < 50; round++) {
		auto value = static_cast<unsigned char>(round);

		std::memset(memory.at(kLong), value, kLong);
		std::memset(memory.at(2 * kLong), value + 1, kLong);
		runner.post_copy(memory.iova(), memory.iova(kLong), kLong);
		runner.post_copy(memory.iova(kLong), memory.iova(2 * kLong), kLong, true);
		runner.finish();
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
	Runner runner(test, space, 8);

	/* The process writes just before the publication and the device reads; the device writes and the process reads
	 * just after the poll. */
	for (uint64_t i = 0; i < 20000; i++) {
		size_t from = i % 64 * 64, to = 32768 + i % 32 * 64;
		uint64_t value = i * 0x9e3779b97f4a7c15, seen = 0;

		std::memcpy(memory.at(from), &value, sizeof(value));
		CHECK_STATUS(runner.run_copy(memory.iova(to), memory.iova(from), sizeof(value)),
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
	Runner runner(test, space, 4);

	for (int i = 0; i < 60; i++) {
		auto value = static_cast<unsigned char>(i + 1);

		std::memset(memory.at(), value, kLong);
		CHECK_STATUS(runner.run_copy(memory.iova(kLong), memory.iova(), kLong),
			     ACCEL_RING_STATUS_SUCCESS);
		/* The device may write in either direction: check both ends and the middle. */
		CHECK_SAME(memory.at(kLong), memory.at(), kLong);
	}
}

void overlapping_copy(Test &test)
{
	Space space = test.any_space();
	Memory memory(space, 16384);
	Runner runner(test, space, 4);
	std::vector<unsigned char> expected(16384);

	for (int i = 0; i < 300; i++) {
		uint64_t from = test.pick(0, 8000), to = test.pick(0, 8000), n = test.pick(1, 8000);

		memory.randomize(test);
		std::ranges::copy(memory.bytes(), expected.begin());
		std::memmove(expected.data() + to, expected.data() + from, n);
		CHECK_STATUS(runner.run_copy(memory.iova(to), memory.iova(from), n),
			     ACCEL_RING_STATUS_SUCCESS);
		CHECK_SAME(memory.at(), expected.data(), expected.size());
	}
}

} // namespace accel::conform::tests
