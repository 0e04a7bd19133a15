// SPDX-License-Identifier: MIT
// Tests of inline execution: which entries the publishing thread executes, and that their results do not differ.
#include "soft/tests/test_client.hpp"

#include <accel/soft.h>
#include <array>
#include <atomic>
#include <csetjmp>
#include <csignal>
#include <cstring>
#include <thread>

namespace accel::core::softdev::test {
namespace {

constexpr uint32_t kLimit = 4096;
constexpr uint8_t kGood = ACCEL_RING_STATUS_SUCCESS;

struct Inlined {
	uint64_t inlined;
	uint32_t limit;
};

Inlined query(Client &client, uint64_t queue)
{
	QueueQuery query;

	query.handle(queue).want_inlined().want_inline_limit();
	client.good(query);
	return {query.inlined().value_or(UINT64_MAX), query.inline_limit().value_or(UINT32_MAX)};
}

class InlineTest : public testing::TestWithParam<uint64_t> {
protected:
	QueueOptions options(uint64_t flags = 0) const
	{
		return {.entries = 8, .flags = GetParam() | flags, .inline_limit = kLimit};
	}

	Client client_;
	uint64_t space_ = client_.shared();
	std::array<char, 4 * kLimit> from_{}, to_{};
	alignas(4096) char page_[4096];
};

INSTANTIATE_TEST_SUITE_P(Ways, InlineTest, testing::Values(0, ACCEL_QUEUE_FLAGS_STATUS_PHASE),
			 [](const auto &way) { return "flags" + std::to_string(way.param); });

TEST_P(InlineTest, SmallJobsAreDoneWhenTheyArePublished)
{
	TestQueue queue(client_, space_, options());

	EXPECT_EQ(query(client_, queue.handle()).limit, kLimit);
	/* Many laps, after which the worker must find the next entry. */
	for (unsigned i = 0; i < 100; i++) {
		from_.fill(static_cast<char>(i));
		queue.post(copy(address_of(to_.data()), address_of(from_.data()), kLimit));
		ASSERT_EQ(std::memcmp(to_.data(), from_.data(), kLimit), 0);
		accel_completion done;
		ASSERT_EQ(accel_ring_poll(queue.ring(), &done, 1), 1u);
		ASSERT_EQ(done.sequence, i);
		ASSERT_EQ(done.status, kGood);
	}
	EXPECT_EQ(query(client_, queue.handle()).inlined, 100u);
	EXPECT_EQ(queue.counters().completed, 100u);
}

sigjmp_buf out_of_handler;

TEST_P(InlineTest, AJumpOutOfABadAccessLeavesAQueueThatCanBeDestroyed)
{
	const Forbidden forbidden({reinterpret_cast<uint8_t *>(page_), sizeof(page_)});
	auto queue = std::make_unique<TestQueue>(client_, space_, options());
	struct sigaction jump{}, before;

	jump.sa_handler = [](int) { siglongjmp(out_of_handler, 1); };
	ASSERT_EQ(sigaction(SIGSEGV, &jump, &before), 0);
	if (sigsetjmp(out_of_handler, 1) == 0) {
		queue->post(copy(address_of(to_.data()), address_of(page_), 64));
		ADD_FAILURE() << "the access did not fault";
	}
	sigaction(SIGSEGV, &before, nullptr);
	EXPECT_EQ(client_.destroy_queue(queue->handle()), 0);
	queue->forget();
}

TEST_P(InlineTest, LargeOnesAndBatchesAreTheWorkers)
{
	TestQueue queue(client_, space_, options());
	const Descriptor large = copy(address_of(to_.data()), address_of(from_.data()), kLimit + 1);

	EXPECT_EQ(queue.run(large).status, kGood);
	queue.post_all(std::array{nop(), nop()});
	queue.take(2);
	EXPECT_EQ(query(client_, queue.handle()).inlined, 0u);
}

TEST_P(InlineTest, WorkerAndPublisherTakeTurnsOverManyLaps)
{
	TestQueue queue(client_, space_, options());
	const Descriptor small = copy(address_of(to_.data()), address_of(from_.data()), 64);
	const Descriptor large = copy(address_of(to_.data()), address_of(from_.data()), to_.size());
	uint64_t posted = 0;

	for (unsigned i = 0; i < 3000; i++) {
		const unsigned few = i % 7 + 1;

		for (unsigned k = 0; k < few; k++)
			ASSERT_EQ(queue.post((i + k) % 5 ? small : large), posted++);
		for (const accel_completion &done : queue.take(few))
			ASSERT_EQ(done.status, kGood);
	}
	EXPECT_EQ(queue.counters().completed, posted);
	EXPECT_GT(query(client_, queue.handle()).inlined, 0u);
	EXPECT_LT(query(client_, queue.handle()).inlined, posted);
}

/* A tag is the lap modulo 128. The tag of an entry that the worker executed must be overwritten before it recurs. */
TEST_P(InlineTest, NoOldMarkPublishesAnEntryThatIsBeingFilled)
{
	constexpr uint64_t kComesAgain = 128 * 8;
	TestQueue queue(client_, space_, options());
	const Descriptor small = copy(address_of(to_.data()), address_of(from_.data()), 64);
	accel_completion done;
	uint64_t at;

	EXPECT_EQ(queue.run(copy(address_of(to_.data()), address_of(from_.data()), to_.size()))
			  .status,
		  kGood);
	for (uint64_t i = 1; i < kComesAgain; i++) {
		queue.post(small);
		ASSERT_EQ(accel_ring_poll(queue.ring(), &done, 1), 1u) << i;
	}
	EXPECT_EQ(query(client_, queue.handle()).inlined, kComesAgain - 1);

	ASSERT_TRUE(accel_ring_reserve(queue.ring(), 1, &at));
	ASSERT_EQ(at, kComesAgain);
	QueueKick kick;
	client_.good(kick.handle(queue.handle()));
	std::this_thread::sleep_for(std::chrono::milliseconds(20));
	EXPECT_EQ(accel_ring_poll(queue.ring(), &done, 1), 0u) << "the entry is not published";
	std::memcpy(accel_ring_entry(queue.ring(), at), &small, queue.ring()->entry_bytes);
	accel_ring_publish(queue.ring(), at, 1);
	EXPECT_EQ(accel_ring_poll(queue.ring(), &done, 1), 1u);
}

TEST_P(InlineTest, FaultsAreToldAndStopTheQueue)
{
	TestQueue queue(client_, space_, options(ACCEL_QUEUE_FLAGS_STOP_ON_FAULT));
	const accel_completion done = queue.run(copy(0, address_of(from_.data()), 64));

	EXPECT_EQ(done.status, ACCEL_RING_STATUS_WRITE_FAULT);
	EXPECT_EQ(done.field, 16);
	EXPECT_EQ(queue.state(), static_cast<uint32_t>(ACCEL_QUEUE_STATE_STOPPED));
	EXPECT_EQ(queue.run(nop()).status, ACCEL_RING_STATUS_CANCELED);
	QueueResume resume;
	client_.good(resume.handle(queue.handle()));
	EXPECT_EQ(queue.run(nop()).status, kGood);
	EXPECT_EQ(queue.counters().faults, 2u);
}

TEST_P(InlineTest, ResultsComeWithTheirRecords)
{
	TestQueue queue(client_, space_, options());

	std::memcpy(from_.data(), "123456789", 9);
	EXPECT_EQ(queue.run(crc32c(address_of(from_.data()), 9)).result, 0xe3069283u);
	EXPECT_EQ(query(client_, queue.handle()).inlined, 1u);
}

TEST_P(InlineTest, NotWhereItIsNotWanted)
{
	QueueOptions never = options();
	never.inline_limit = 0;
	TestQueue none(client_, space_, never);

	EXPECT_EQ(none.run(nop()).status, kGood);
	EXPECT_EQ(query(client_, none.handle()).inlined, 0u);
	EXPECT_EQ(query(client_, none.handle()).limit, 0u);
	/* A slow producer could store its tag after the slot was reserved for the next lap. */
	TestQueue many(client_, space_, options(ACCEL_QUEUE_FLAGS_MULTI_PRODUCER));
	EXPECT_EQ(many.run(nop()).status, kGood);
	EXPECT_EQ(query(client_, many.handle()).inlined, 0u);
	TestQueue mapped(client_, client_.mapped(), options());
	EXPECT_EQ(mapped.run(nop()).status, kGood);
	EXPECT_EQ(query(client_, mapped.handle()).inlined, 0u);
}

TEST_P(InlineTest, TheLimitIsMeasuredWithoutOne)
{
	QueueOptions unlimited = options();

	unlimited.inline_limit = {};
	TestQueue queue(client_, space_, unlimited);
	EXPECT_GE(query(client_, queue.handle()).limit, 512u);
	EXPECT_LE(query(client_, queue.handle()).limit, uint32_t{ACCEL_SOFT_MAX_INLINE});
}

TEST_P(InlineTest, AWaiterOnAnotherThreadIsWoken)
{
	constexpr unsigned kCount = 2000;
	TestQueue queue(client_, space_, options());
	std::thread waiter([&] {
		for (unsigned i = 0; i < kCount; i++)
			ASSERT_EQ(queue.take().sequence, i);
	});

	for (unsigned i = 0; i < kCount;) {
		uint64_t at;

		if (!accel_ring_reserve(queue.ring(), 1, &at)) {
			std::this_thread::yield();
			continue;
		}
		accel_soft_nop(static_cast<Descriptor *>(accel_ring_entry(queue.ring(), at)), 0);
		accel_ring_publish(queue.ring(), at, 1);
		i++;
	}
	waiter.join();
}

/* The queue is destroyed while its producer publishes: later entries stay in the ring and are not executed. */
TEST_P(InlineTest, ClosingWaitsForWhoIsInside)
{
	for (unsigned round = 0; round < 50; round++) {
		Client client;
		TestQueue queue(client, client.shared(), options());
		std::atomic<bool> stop = false;
		std::thread publisher([&] {
			uint64_t at;
			accel_completion done[8];

			while (!stop) {
				accel_ring_poll(queue.ring(), done, 8);
				if (!accel_ring_reserve(queue.ring(), 1, &at))
					continue;
				accel_soft_copy(static_cast<Descriptor *>(
							accel_ring_entry(queue.ring(), at)),
						to_.data(), from_.data(), 512, 0);
				if (!queue.ring()->submit(queue.ring()->submit_context, at, 1))
					break;
			}
		});

		std::this_thread::sleep_for(std::chrono::microseconds(50 * (round % 5)));
		queue.forget();
		client.close();
		stop = true;
		publisher.join();
	}
}

} // namespace
} // namespace accel::core::softdev::test
