// SPDX-License-Identifier: MIT
// Rings of the process: runs for a uABI, completion in any order, refusals, the register.
#include "ring/process_ring_queue.hpp"

#include <gtest/gtest.h>

namespace accel::core::ring::test {
namespace {

TEST(ProcessRing, CompletionsOfAnyOrderAreRetiredInRingOrder)
{
	Queue queue({.entries = 8, .entry_size = 64});

	ASSERT_TRUE(queue.post(0, 4));
	EXPECT_EQ(queue.ring.in_flight(), 4u);
	EXPECT_TRUE(queue.ring.complete(2, kGood));
	EXPECT_TRUE(queue.ring.complete(1, kGood));
	EXPECT_EQ(queue.ring.retire().count, 0u) << "entry 0 is still in flight";
	EXPECT_EQ(queue.poll().size(), 0u);
	EXPECT_TRUE(queue.ring.has_ended(1));
	EXPECT_FALSE(queue.ring.has_ended(0));

	accel_ring_record record{};
	record.detail = 77;
	EXPECT_TRUE(queue.ring.complete(0, ACCEL_RING_STATUS_DEVICE_ERROR, &record));
	EXPECT_EQ(queue.poll().size(), 0u) << "not visible before it is retired";
	EXPECT_EQ(queue.ring.retire().count, 3u);
	auto done = queue.poll();
	ASSERT_EQ(done.size(), 3u);
	EXPECT_EQ(done[0].status, ACCEL_RING_STATUS_DEVICE_ERROR);
	EXPECT_EQ(done[0].detail, 77u);
	EXPECT_EQ(done[1].status, kGood);
	EXPECT_EQ(done[2].sequence, 2u);
	EXPECT_EQ(queue.ring.in_flight(), 1u);
	EXPECT_EQ(queue.ring.oldest(), 3u);
	EXPECT_EQ(queue.ring.end(), 4u);
}

TEST(ProcessRing, NonsenseOfADeviceIsRefused)
{
	Queue queue({.entries = 4, .entry_size = 64});

	queue.submits = false;
	EXPECT_FALSE(queue.ring.complete(0, kGood)) << "nothing was published";
	ASSERT_TRUE(queue.post(0, 2));
	EXPECT_FALSE(queue.ring.complete(0, kGood)) << "not returned by pending()";
	ASSERT_EQ(queue.ring.pending().count, 2u);
	EXPECT_TRUE(queue.ring.complete(0, kGood)) << "completed within the submitting call";
	EXPECT_EQ(queue.ring.in_flight(), 0u);
	queue.ring.submitted(2);
	EXPECT_FALSE(queue.ring.complete(0, kGood)) << "completed already";
	EXPECT_FALSE(queue.ring.complete(2, kGood)) << "after the last one";
	EXPECT_FALSE(queue.ring.complete(UINT64_MAX, kGood));
	EXPECT_EQ(queue.ring.retire().count, 1u);
	EXPECT_FALSE(queue.ring.complete(0, kGood)) << "retired already";
	EXPECT_EQ(queue.ring.in_flight(), 1u);
}

TEST(ProcessRing, ARunOf40ByteEntriesNeverSplits)
{
	/* 512 slots are whole pages, and 32 of them may be in use. */
	Queue queue({.entries = 32, .entry_size = sizeof(Job)});
	uint64_t value = 0;

	EXPECT_EQ(queue.ring.slots() * sizeof(Job) % 4096, 0u);
	queue.submits = false;
	for (int round = 0; round < 100; round++) {
		ASSERT_TRUE(queue.post(value, 31));
		auto run = queue.ring.pending();
		ASSERT_EQ(run.count, 31u) << "in round " << round;
		ASSERT_EQ(run.sequence, value);
		for (uint32_t i = 0; i < run.count; i++)
			ASSERT_EQ(value_of(run, i), value + i) << "contiguous";
		queue.ring.submitted(run.count);
		for (uint32_t i = 0; i < run.count; i++)
			queue.ring.complete(run.sequence + i, kGood);
		queue.ring.retire();
		ASSERT_EQ(queue.poll().size(), 31u);
		value += 31;
	}
	EXPECT_GT(value, queue.ring.slots() * 6)
		<< "or the runs never reached the end of the memory";
}

TEST(ProcessRing, OnlyTheRequestedNumberMayBeOutstanding)
{
	for (const uint32_t entries : {1u, 3u, 32u, 1000u}) {
		Queue queue({.entries = entries, .entry_size = 8});

		EXPECT_GE(queue.ring.slots(), entries);
		EXPECT_TRUE(queue.post(0, entries)) << entries;
		EXPECT_FALSE(queue.post(0)) << entries;
		EXPECT_TRUE(queue.ring.complete(0, kGood));
		queue.ring.retire();
		EXPECT_EQ(queue.poll().size(), 1u);
		EXPECT_TRUE(queue.post(0)) << entries;
		EXPECT_FALSE(queue.post(0)) << entries;
	}
}

TEST(ProcessRing, InGivenMemoryARunEndsWithTheMemory)
{
	alignas(64) static Job memory[8];
	Queue queue({.entries = 7, .entry_size = sizeof(Job), .memory = memory, .slots = 8});

	queue.submits = false;
	ASSERT_TRUE(queue.post(0, 6));
	EXPECT_EQ(memory[5].value, 5u) << "the entries are in the caller's memory";
	ASSERT_EQ(queue.submit_all().count, 6u);
	for (uint64_t i = 0; i < 6; i++)
		queue.ring.complete(i, kGood);
	queue.ring.retire();
	ASSERT_EQ(queue.poll().size(), 6u);

	ASSERT_TRUE(queue.post(6, 7));
	auto run = queue.submit_all();
	EXPECT_EQ(run.sequence, 6u);
	EXPECT_EQ(run.count, 2u);
	EXPECT_EQ(run.entries, &memory[6]);
	run = queue.submit_all();
	EXPECT_EQ(run.count, 5u);
	EXPECT_EQ(run.entries, &memory[0]);
	EXPECT_EQ(queue.submit_all().count, 0u);
}

TEST(ProcessRing, APartOfARunMayBeSubmitted)
{
	Queue queue({.entries = 32, .entry_size = sizeof(Job)});

	queue.submits = false;
	ASSERT_TRUE(queue.post(0, 32));
	EXPECT_EQ(queue.ring.pending(5).count, 5u);
	EXPECT_EQ(queue.ring.pending().count, 32u);
	queue.ring.submitted(7);
	auto rest = queue.ring.pending();
	EXPECT_EQ(rest.sequence, 7u);
	EXPECT_EQ(rest.count, 25u);
	EXPECT_EQ(value_of(rest, 0), 7u);
	EXPECT_EQ(queue.ring.in_flight(), 7u);

	/* The kernel refuses entry 7; the other entries succeed. */
	queue.ring.refuse(ENOENT);
	rest = queue.submit_all();
	EXPECT_EQ(rest.sequence, 8u);
	for (uint64_t i = 0; i < 32; i++)
		EXPECT_EQ(queue.ring.complete(i, kGood), i != 7) << i;
	queue.ring.refuse(EINVAL);
	EXPECT_EQ(queue.ring.end(), 32u) << "nothing is pending, so nothing is refused";
	EXPECT_EQ(queue.ring.retire().count, 32u);
	auto done = queue.poll();
	ASSERT_EQ(done.size(), 32u);
	for (const accel_completion &c : done) {
		const bool refused = c.sequence == 7;

		EXPECT_EQ(c.status, refused ? uint8_t{ACCEL_RING_STATUS_SUBMIT_ERROR} : kGood);
		EXPECT_EQ(c.detail, refused ? unsigned{ENOENT} : 0u);
	}
}

TEST(ProcessRing, ARefusedEntryIsNotInFlight)
{
	Queue queue({.entries = 4, .entry_size = 64});

	queue.submits = false;
	EXPECT_EQ(queue.ring.refuse(EINVAL).count, 0u) << "nothing is pending";
	ASSERT_TRUE(queue.post(0, 2));
	ASSERT_EQ(queue.ring.pending().count, 2u);
	ASSERT_EQ(arm(queue.user.get()), 0);
	const auto retired = queue.ring.refuse(EINVAL);
	EXPECT_EQ(retired.count, 1u);
	EXPECT_TRUE(retired.signal_event);
	EXPECT_EQ(queue.ring.in_flight(), 0u);
	EXPECT_EQ(queue.poll().size(), 1u);
}

TEST(ProcessRing, SeveralProducersPublishByTagOutsideOfTheEntries)
{
	Queue queue({.entries = 64, .entry_size = sizeof(Job), .multi_producer = true});
	accel_ring *ring = queue.user.get();
	uint64_t first, second;

	EXPECT_EQ(ring->entry_bytes, sizeof(Job)) << "the program fills the whole entry";
	queue.submits = false;
	for (uint64_t lap = 0; lap < 3 * queue.ring.slots(); lap += 2) {
		ASSERT_TRUE(accel_ring_reserve(ring, 1, &first));
		ASSERT_TRUE(accel_ring_reserve(ring, 1, &second));
		memset(accel_ring_entry(ring, first), 0xff, sizeof(Job));
		memset(accel_ring_entry(ring, second), 0xff, sizeof(Job));
		accel_ring_publish(ring, second, 1);
		ASSERT_EQ(queue.ring.pending().count, 0u) << "the older one is not ready";
		accel_ring_publish(ring, first, 1);
		ASSERT_EQ(queue.submit_all().count, 2u);
		queue.ring.complete(second, kGood);
		queue.ring.complete(first, kGood);
		queue.ring.retire();
		ASSERT_EQ(queue.poll().size(), 2u);
	}
}

TEST(ProcessRing, ARegisterIsWrittenWithTheTail)
{
	alignas(8) static Job memory[16];
	uint64_t reg = 0;
	/* As hisi_qm's: queue | command << 12 | index << 32 | priority << 48. */
	const uint64_t constant = 5 | uint64_t{1} << 12 | uint64_t{3} << 48;
	Queue queue({.entries = 15,
		     .entry_size = sizeof(Job),
		     .memory = memory,
		     .slots = 16,
		     .tail = TailRegister{&reg, 8, 32, 15, constant}});

	queue.user.get()->submit = nullptr; /* the producer writes the register */
	ASSERT_TRUE(queue.post(0, 15));
	EXPECT_EQ(reg, constant | uint64_t{15} << 32);
	EXPECT_EQ(queue.ring.in_flight(), 15u);
	EXPECT_EQ(queue.ring.pending().count, 0u) << "no kernel takes the entries";
	for (uint64_t i = 15; i-- > 0;)
		EXPECT_TRUE(queue.ring.complete(i, kGood));
	EXPECT_FALSE(queue.ring.complete(15, kGood));
	EXPECT_EQ(queue.ring.retire().count, 15u);
	ASSERT_EQ(queue.poll().size(), 15u);
	ASSERT_TRUE(queue.post(15, 3));
	EXPECT_EQ(reg, constant | uint64_t{2} << 32) << "18 modulo 16";

	uint32_t half[2] = {0, 0xabcd};
	Queue narrow({.entries = 8, .entry_size = 64, .tail = TailRegister{half, 4, 0, 0xffff, 0}});
	narrow.user.get()->submit = nullptr;
	ASSERT_TRUE(narrow.post(0, 3));
	EXPECT_EQ(half[0], 3u);
	EXPECT_EQ(half[1], 0xabcdu) << "4 bytes and no more";
}

ProcessRing *completed_meanwhile;

/* Another thread completes an entry after the last read of the retiring thread and before its exchange of the requests.
 * The wake of the waiter happens in between, so the fake futex_wake() plays the other thread. */
TEST(ProcessRing, AnEntryCompletedWhileAnotherThreadRetiresIsRetired)
{
	Queue queue({.entries = 4, .entry_size = 64});
	sys::Calls fake = sys::kRealCalls;

	ASSERT_TRUE(queue.post(0, 2));
	queue.user.get()->control->waiter = ACCEL_RING_WAITER_SLEEPING;
	completed_meanwhile = &queue.ring;
	fake.futex_wake = [](uint32_t *, int) {
		completed_meanwhile->complete(1, kGood);
		EXPECT_EQ(completed_meanwhile->retire().count, 0u)
			<< "the retiring thread serves the request";
		return 1;
	};
	sys::calls = &fake;
	queue.ring.complete(0, kGood);
	EXPECT_EQ(queue.ring.retire().count, 2u);
	sys::calls = &sys::kRealCalls;
	EXPECT_EQ(queue.poll().size(), 2u);
}

} // namespace
} // namespace accel::core::ring::test
