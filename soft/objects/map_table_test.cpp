// SPDX-License-Identifier: MIT
// Tests of the tables of mappings: unmapping while workers read them, and many mappings.
#include "soft/tests/test_client.hpp"
#include "support/seed.hpp"

#include <algorithm>
#include <atomic>
#include <sys/mman.h>
#include <thread>

namespace accel::core::softdev::test {
namespace {

class MapTables : public testing::Test {
protected:
	Client client_;
	uint64_t space_ = client_.mapped();
	TestQueue queue_{client_, space_};
	std::vector<uint8_t> memory_ = noise(8 * kPageBytes);
};

TEST_F(MapTables, UnmapWaitsForWhoIsAtItAndNoLonger)
{
	LongWork work;
	const uint64_t zeros =
		client_.map(space_, work.memory().data(), work.memory().size(), kRead);
	const uint64_t list =
		client_.map(space_, work.elements().data(), work.elements().size_bytes(), kRead);

	work.move_to(zeros, list);
	queue_.post(work.descriptor());
	/* During the batch: elements before the unmap succeed, later ones fault. */
	std::this_thread::sleep_for(std::chrono::milliseconds(2));
	EXPECT_EQ(client_.unmap(space_, zeros, work.memory().size()), 0);
	const Forbidden memory(work.memory());
	accel_completion done = queue_.take();
	EXPECT_TRUE(done.status == ACCEL_RING_STATUS_BATCH_ERROR ||
		    done.status == ACCEL_RING_STATUS_SUCCESS);
	if (done.status == ACCEL_RING_STATUS_BATCH_ERROR) {
		EXPECT_EQ(done.detail, static_cast<uint64_t>(ACCEL_RING_STATUS_READ_FAULT));
		EXPECT_LT(done.index, work.elements().size());
	}
}

TEST_F(MapTables, WhatIsUnmappedIsNeverTouchedAgain)
{
	/* The memory is unmapped from the process right after the unmap; a late access would crash. */
	std::minstd_rand random(static_cast<unsigned>(support::seed()));
	std::atomic<bool> over{false};
	constexpr uint64_t kAt = 1 << 20, kBytes = 4 * kPageBytes;
	std::vector<uint8_t> target(kBytes);
	const uint64_t to = client_.map(space_, target.data(), kBytes, kWrite);
	uint64_t good = 0, faults = 0;

	std::thread mapper([&] {
		while (!over) {
			void *memory;
			ASSERT_EQ(sys::mmap(&memory, nullptr, kBytes, PROT_READ | PROT_WRITE,
					    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
				  0);
			client_.map_at(space_, kAt, memory, kBytes);
			std::this_thread::yield();
			EXPECT_EQ(client_.unmap(space_, kAt, kBytes), 0);
			sys::munmap(memory, kBytes);
		}
	});
	for (int i = 0; i < 2000; i++) {
		uint64_t offset = random() % kBytes, length = random() % (kBytes - offset) + 1;
		queue_.post(copy(to, kAt + offset, length));
		queue_.post(fill(kAt + offset, length, 3));
		for (const accel_completion &done : queue_.take(2))
			(done.status == ACCEL_RING_STATUS_SUCCESS ? good : faults)++;
	}
	over = true;
	mapper.join();
	EXPECT_EQ(good + faults, 4000u);
}

TEST(ManyMappings, TakeATimeThatGrowsWithTheirNumber)
{
	constexpr size_t kMost = 65536, kPart = 4096;
	alignas(4096) static std::byte memory[4096];
	Client client;
	const uint64_t space = client.mapped();
	std::vector<uint64_t> iovas;
	auto ns_for_a_part = [&] {
		const uint64_t began = sys::now_ns();
		for (size_t i = 0; i < kPart; i++)
			iovas.push_back(client.map(space, memory, sizeof(memory)));
		return sys::now_ns() - began;
	};

	const uint64_t first = ns_for_a_part();
	uint64_t least = UINT64_MAX; // minimum of the second half, because other processes may run
	while (iovas.size() < kMost) {
		const uint64_t ns = ns_for_a_part();
		if (iovas.size() > kMost / 2)
			least = std::min(least, ns);
	}
	EXPECT_LT(least, 5 * first) << "the time to map grows with the number of mappings";
	EXPECT_EQ(std::ranges::adjacent_find(iovas, std::ranges::greater_equal()), iovas.end());
	/* The first gap is reused. */
	for (size_t i : {size_t{40000}, size_t{7}})
		EXPECT_EQ(client.unmap(space, iovas[i], sizeof(memory)), 0);
	EXPECT_EQ(client.map(space, memory, sizeof(memory)), iovas[7]);
	EXPECT_EQ(client.map(space, memory, sizeof(memory)), iovas[40000]);
}

} // namespace
} // namespace accel::core::softdev::test
