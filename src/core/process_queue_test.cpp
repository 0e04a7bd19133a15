// SPDX-License-Identifier: MIT
// Submission to a kernel that takes all, some or none of the entries, refuses one of them, or is gone.
#include "core/process_queue.hpp"

#include "core/simulated_kernel.hpp"
#include "sys/sys.hpp"

#include <atomic>
#include <gtest/gtest.h>
#include <thread>
#include <vector>

using namespace accel::core;

namespace {

using Kernel = SimulatedKernel;

std::vector<uint64_t> numbers(uint64_t count)
{
	std::vector<uint64_t> all(count);

	for (uint64_t i = 0; i < count; i++)
		all[i] = i;
	return all;
}

TEST(ProcessQueue, ThirtyTwoPublishedTogetherAreOneCall)
{
	Kernel kernel;

	kernel.publish(numbers(32));
	EXPECT_EQ(kernel.calls, std::vector<uint32_t>{32});
	auto done = kernel.poll();
	ASSERT_EQ(done.size(), 32u);
	for (uint64_t i = 0; i < 32; i++) {
		EXPECT_EQ(done[i].sequence, i);
		EXPECT_EQ(done[i].status, ACCEL_RING_STATUS_SUCCESS);
	}
	EXPECT_TRUE(kernel.poll().empty()) << "nothing is in flight";
}

TEST(ProcessQueue, OneRefusedEntryLeavesTheOthersAlone)
{
	for (uint64_t which = 0; which < 32; which++) {
		Kernel kernel;

		kernel.bad = {which};
		kernel.publish(numbers(32));
		EXPECT_EQ(kernel.taken.size(), 31u) << which;
		EXPECT_LE(kernel.calls.size(), 12u) << "found by halves: " << which;
		auto done = kernel.poll_all();
		ASSERT_EQ(done.size(), 32u);
		for (uint64_t i = 0; i < 32; i++) {
			EXPECT_EQ(done[i].sequence, i);
			EXPECT_EQ(done[i].status, i == which ? ACCEL_RING_STATUS_SUBMIT_ERROR :
							       ACCEL_RING_STATUS_SUCCESS);
			EXPECT_EQ(done[i].detail, i == which ? uint64_t{EINVAL} : 0);
		}
	}
}

TEST(ProcessQueue, SeveralRefusedEntriesAreFoundOneByOne)
{
	Kernel kernel;

	kernel.bad = {0, 5, 6, 31};
	kernel.refusal = -EPIPE;
	kernel.publish(numbers(32));
	auto done = kernel.poll_all();
	ASSERT_EQ(done.size(), 32u);
	for (uint64_t i = 0; i < 32; i++)
		EXPECT_EQ(done[i].detail, kernel.bad.contains(i) ? uint64_t{EPIPE} : 0) << i;
	auto info = kernel.query();
	ASSERT_TRUE(info);
	EXPECT_EQ(info->submitted, 28u);
	EXPECT_EQ(info->completed, 32u);
	EXPECT_EQ(info->faults, 4u);
}

TEST(ProcessQueue, EntriesWithoutRoomWaitForCompletions)
{
	Kernel kernel;

	kernel.room = 5;
	kernel.publish(numbers(32));
	EXPECT_LE(kernel.taken.size(), 5u);
	uint64_t next = 0;
	for (unsigned round = 0; next < 32; round++) {
		ASSERT_LT(round, 40u);
		for (const accel_completion &done : kernel.poll()) {
			EXPECT_EQ(done.sequence, next++);
			EXPECT_EQ(done.status, ACCEL_RING_STATUS_SUCCESS);
		}
	}
	EXPECT_EQ(kernel.taken, numbers(32)) << "each once, in order";
}

TEST(ProcessQueue, AKernelMayTakeFewerEntriesThanOffered)
{
	Kernel kernel;

	kernel.accepts = 3;
	kernel.publish(numbers(10));
	EXPECT_EQ(kernel.calls, (std::vector<uint32_t>{10, 7, 4, 1}));
	EXPECT_EQ(kernel.poll().size(), 10u);
}

TEST(ProcessQueue, OneAtATimeWhereTheKernelDoesNotReportHowManyItTook)
{
	Kernel kernel(1);

	kernel.bad = {1};
	kernel.publish(numbers(3));
	EXPECT_EQ(kernel.calls, (std::vector<uint32_t>{1, 1, 1}));
	EXPECT_EQ(kernel.taken, (std::vector<uint64_t>{0, 2}));
	EXPECT_EQ(kernel.poll_all().size(), 3u);
}

TEST(ProcessQueue, AnotherThreadThatPublishesWakesAWait)
{
	Kernel kernel;
	std::thread producer([&] {
		std::this_thread::sleep_for(std::chrono::milliseconds(20));
		kernel.publish({1});
	});

	EXPECT_EQ(ring::wait(kernel.user(), UINT64_MAX), 0);
	producer.join();
	EXPECT_EQ(kernel.poll().size(), 1u);
	EXPECT_EQ(ring::wait(kernel.user(), sys::now_ns() + 5'000'000), -ETIMEDOUT);
}

TEST(ProcessQueue, RemovalEndsEveryWaitAndLosesNoCompletion)
{
	Kernel kernel;

	kernel.publish({1, 2});
	ASSERT_EQ(ring::wait(kernel.user(), 0), 0) << "both have finished";
	kernel.removed = true;
	kernel.publish({3});
	EXPECT_EQ(kernel.query()->state, uint32_t{ACCEL_QUEUE_STATE_GONE});
	EXPECT_EQ(kernel.poll().size(), 2u) << "completions from before are in the ring";
	EXPECT_EQ(ring::wait(kernel.user(), UINT64_MAX), -ENODEV);
	EXPECT_TRUE(kernel.poll().empty());
	kernel.publish({4});
	EXPECT_EQ(kernel.calls.size(), 2u) << "a kernel that is gone is not called again";
}

TEST(ProcessQueue, AShutQueueTakesNoEntries)
{
	Kernel kernel;

	kernel.shut();
	kernel.publish({1});
	EXPECT_TRUE(kernel.calls.empty());
	EXPECT_TRUE(kernel.poll().empty());
	EXPECT_EQ(ring::wait(kernel.user(), UINT64_MAX), -ENODEV);
}

TEST(ProcessQueue, RemovalEndsTheWaitOfAnIdleQueue)
{
	Kernel kernel;
	std::thread remover([&] {
		std::this_thread::sleep_for(std::chrono::milliseconds(20));
		kernel.there = false;
	});

	EXPECT_EQ(ring::wait(kernel.user(), UINT64_MAX), -ENODEV);
	remover.join();
	EXPECT_EQ(kernel.query()->state, uint32_t{ACCEL_QUEUE_STATE_GONE});
}

TEST(ProcessQueue, EntriesThatFinishedBeforeTheRemovalAreDelivered)
{
	Kernel kernel;

	kernel.publish({1, 2, 3});
	kernel.removed = kernel.finished = true;
	kernel.publish({4}); // notices the removal
	EXPECT_EQ(ring::wait(kernel.user(), UINT64_MAX), 0);
	EXPECT_EQ(kernel.poll().size(), 3u);
	EXPECT_EQ(ring::wait(kernel.user(), UINT64_MAX), -ENODEV);
	EXPECT_TRUE(kernel.poll_all().empty()) << "the last one never reached the device";
}

TEST(ProcessQueue, SignalsDoNotRefuseEntries)
{
	Kernel kernel;

	kernel.signals = 3;
	kernel.publish({1, 2});
	EXPECT_EQ(kernel.taken, (std::vector<uint64_t>{1, 2}));
	/* Endless signals are treated as no room. */
	kernel.signals = 100;
	kernel.publish({3});
	EXPECT_EQ(kernel.taken.size(), 2u);
	kernel.signals = 0;
	EXPECT_EQ(ring::wait(kernel.user(), UINT64_MAX), 0);
	for (const accel_completion &done : kernel.poll_all())
		EXPECT_EQ(done.status, ACCEL_RING_STATUS_SUCCESS);
	EXPECT_EQ(kernel.taken, (std::vector<uint64_t>{1, 2, 3}));
}

TEST(ProcessQueue, AWaitForRoomTriesAgainSoon)
{
	Kernel kernel;
	uint64_t begin = sys::now_ns();

	kernel.room = 0;
	kernel.publish({1});
	EXPECT_EQ(ring::wait(kernel.user(), begin + 20'000'000), -ETIMEDOUT);
	EXPECT_GT(kernel.calls.size(), 5u) << "another client may have made room";
	EXPECT_LT(kernel.calls.size(), 100u) << "it sleeps in between";
}

/* The kernel refuses an entry for lack of room while the consumer goes to sleep, because nothing is in flight. */
TEST(ProcessQueue, AProducerWithoutRoomWakesAConsumerThatSleeps)
{
	Kernel kernel;
	uint32_t *waiter = &kernel.user()->control->waiter;

	kernel.room = 0;
	kernel.when_full = [&] {
		while (!(__atomic_load_n(waiter, __ATOMIC_ACQUIRE) & ACCEL_RING_WAITER_SLEEPING))
			std::this_thread::yield();
		/* The consumer has set its bit, and polls once more before it sleeps: let it get there. */
		std::this_thread::sleep_for(std::chrono::milliseconds(20));
	};
	std::thread producer([&] {
		kernel.publish({1});
		EXPECT_FALSE(__atomic_load_n(waiter, __ATOMIC_ACQUIRE) & ACCEL_RING_WAITER_SLEEPING)
			<< "the consumer sleeps although an entry waits for room";
	});

	EXPECT_EQ(ring::wait(kernel.user(), UINT64_MAX), 0);
	producer.join();
	EXPECT_EQ(kernel.poll().size(), 1u);
}

/* The producer writes the register; the queue only completes. */
TEST(ProcessQueue, WhereARegisterPublishesTheKernelIsNotCalled)
{
	alignas(8) volatile uint32_t tail = 0;
	Kernel kernel(UINT32_MAX, false,
		      ring::TailRegister{.address = &tail,
					 .width = 4,
					 .shift = 0,
					 .tail_mask = UINT32_MAX,
					 .constant = 0});
	std::thread producer([&] {
		while (!__atomic_load_n(&kernel.user()->control->device_sleeping, __ATOMIC_ACQUIRE))
			std::this_thread::yield();
		kernel.publish_to_register(0, {1, 2});
	});

	EXPECT_EQ(ring::wait(kernel.user(), UINT64_MAX), 0);
	producer.join();
	EXPECT_EQ(tail, 2u);
	EXPECT_EQ(kernel.query()->kicks, 1u) << "the waiter was woken";
	EXPECT_TRUE(kernel.calls.empty());
	EXPECT_EQ(kernel.poll().size(), 2u);
}

TEST(ProcessQueue, SeveralProducersAndOneConsumer)
{
	constexpr unsigned kProducers = 3, kEach = 3000;
	constexpr uint64_t kAll = uint64_t{kProducers} * kEach;
	Kernel kernel(UINT32_MAX, true);
	std::vector<std::thread> producers;
	uint64_t polled = 0, refused = 0;

	kernel.room = 7;
	for (uint64_t bad = 5; bad < kAll; bad += 101)
		kernel.bad.insert(bad);
	for (unsigned p = 0; p < kProducers; p++)
		producers.emplace_back([&] {
			for (unsigned i = 0; i < kEach;) {
				uint64_t at;

				if (!accel_ring_reserve(kernel.user(), 1, &at)) {
					std::this_thread::yield();
					continue;
				}
				*static_cast<uint64_t *>(accel_ring_entry(kernel.user(), at)) = at;
				accel_ring_publish(kernel.user(), at, 1);
				i++;
			}
		});
	while (polled < kAll) {
		ASSERT_EQ(ring::wait(kernel.user(), UINT64_MAX), 0);
		for (const accel_completion &done : kernel.poll()) {
			const bool bad = kernel.bad.contains(polled);

			ASSERT_EQ(done.sequence, polled++);
			ASSERT_EQ(done.status,
				  bad ? ACCEL_RING_STATUS_SUBMIT_ERROR : ACCEL_RING_STATUS_SUCCESS);
			refused += bad;
		}
	}
	for (std::thread &producer : producers)
		producer.join();
	EXPECT_EQ(refused, kernel.bad.size());
	EXPECT_EQ(kernel.taken.size(), kAll - refused);
}

} // namespace
