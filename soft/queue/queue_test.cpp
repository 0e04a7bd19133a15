// SPDX-License-Identifier: MIT
// Tests of queues: order, fences, batches, faults, stop and resume.
#include "soft/tests/test_queues.hpp"
#include "support/seed.hpp"

#include <algorithm>
#include <array>

namespace accel::core::softdev::test {
namespace {

constexpr uint8_t kFence = ACCEL_SOFT_DESCRIPTOR_FLAGS_FENCE;

INSTANTIATE_TEST_SUITE_P(One, Queues, kOneProducer, name_of);
INSTANTIATE_TEST_SUITE_P(Many, Queues, kManyProducers, name_of);

TEST_P(Queues, CompleteInOrderOverManyLaps)
{
	constexpr uint32_t kEntries = 8;
	constexpr unsigned kCount = 5000;
	QueueOptions few = options();
	few.entries = kEntries;
	TestQueue queue(client_, space_, few);
	uint64_t posted = 0, done = 0;
	std::minstd_rand random(static_cast<unsigned>(support::seed()));

	while (done < kCount) {
		while (posted < kCount && posted - done < kEntries && random() % 8)
			ASSERT_EQ(queue.post(nop()), posted++);
		if (posted == done)
			continue;
		accel_completion completion = queue.take();
		ASSERT_EQ(completion.sequence, done++);
		ASSERT_EQ(completion.status, kGood);
	}
	accel_soft_health counted = queue.counters();
	EXPECT_EQ(counted.submitted, kCount);
	EXPECT_EQ(counted.completed, kCount);
	EXPECT_EQ(counted.faults, 0u);
}

TEST_P(Queues, AFenceWaitsForAllBeforeIt)
{
	constexpr size_t kBytes = 1 << 18;
	constexpr unsigned kRounds = 20;
	TestQueue queue(client_, space_, options());
	std::vector<uint8_t> a = noise(kBytes), b(kBytes), c(kBytes);

	/* Each copy depends on the previous one; without fences four workers would reorder them. */
	for (unsigned round = 0; round < kRounds; round++) {
		a[round]++;
		std::array<Descriptor, 3> chain = {
			copy(address_of(b.data()), address_of(a.data()), kBytes),
			copy(address_of(c.data()), address_of(b.data()), kBytes, kFence),
			compare(address_of(c.data()), address_of(a.data()), kBytes)};
		chain[2].flags = kFence;
		queue.post_all(chain);
		auto done = queue.take(3);
		ASSERT_EQ(done[1].status, kGood);
		ASSERT_EQ(done[2].result, kBytes) << "round " << round;
	}
}

TEST_P(Queues, GoOnAfterAFaultUnlessAskedToStop)
{
	TestQueue queue(client_, space_, options());

	queue.post_all(std::array{nop(), crc32c(0, 1), nop()});
	auto done = queue.take(3);
	EXPECT_EQ(done[0].status, kGood);
	EXPECT_EQ(done[1].status, ACCEL_RING_STATUS_READ_FAULT);
	EXPECT_EQ(done[2].status, kGood);
	EXPECT_EQ(queue.state(), static_cast<uint32_t>(ACCEL_QUEUE_STATE_RUNNING));
	EXPECT_EQ(queue.counters().faults, 1u);

	QueueResume resume;
	EXPECT_EQ(client_.send(resume.handle(queue.handle())), -EALREADY);
}

TEST_P(Queues, StopAtAFaultUntilResumed)
{
	TestQueue queue(client_, space_, options(ACCEL_QUEUE_FLAGS_STOP_ON_FAULT));

	for (int round = 0; round < 3; round++) {
		/* A fence after the fault, so that no other entry runs in parallel with it. */
		queue.post_all(std::array{nop(), crc32c(0, 1), nop(kFence), nop(), crc32c(0, 1)});
		auto done = queue.take(5);
		EXPECT_EQ(done[0].status, kGood);
		EXPECT_EQ(done[1].status, ACCEL_RING_STATUS_READ_FAULT);
		for (size_t i = 2; i < 5; i++)
			EXPECT_EQ(done[i].status, kCanceled) << i;
		EXPECT_EQ(queue.state(), static_cast<uint32_t>(ACCEL_QUEUE_STATE_STOPPED));
		EXPECT_EQ(__atomic_load_n(&queue.ring()->control->state, __ATOMIC_ACQUIRE),
			  static_cast<uint32_t>(ACCEL_QUEUE_STATE_STOPPED));
		EXPECT_EQ(queue.run(nop()).status, kCanceled);

		QueueResume resume;
		client_.good(resume.handle(queue.handle()));
		EXPECT_EQ(queue.state(), static_cast<uint32_t>(ACCEL_QUEUE_STATE_RUNNING));
		EXPECT_EQ(__atomic_load_n(&queue.ring()->control->state, __ATOMIC_ACQUIRE),
			  static_cast<uint32_t>(ACCEL_QUEUE_STATE_RUNNING));
		EXPECT_EQ(queue.run(nop()).status, kGood);
	}
	EXPECT_EQ(queue.counters().faults, 3u * 5);
}

TEST_P(Queues, ResumeRunsWhatIsPublishedAfterIt)
{
	TestQueue queue(client_, space_, options(ACCEL_QUEUE_FLAGS_STOP_ON_FAULT));

	/* Published without waiting: at the resume some entries are already canceled, others not yet. */
	for (int round = 0; round < 50; round++) {
		queue.post(crc32c(0, 1));
		ASSERT_EQ(queue.take().status, ACCEL_RING_STATUS_READ_FAULT);
		for (int i = 0; i < 20; i++)
			queue.post(nop());
		QueueResume resume;
		client_.good(resume.handle(queue.handle()));
		queue.post(nop());
		auto done = queue.take(21);
		for (int i = 0; i < 20; i++)
			ASSERT_EQ(done[static_cast<size_t>(i)].status, kCanceled);
		ASSERT_EQ(done[20].status, kGood);
	}
}

TEST_P(Queues, BatchesRunInOrderAndTellOfEach)
{
	TestQueue queue(client_, space_, options());
	auto data = noise(1000);
	std::vector<uint8_t> copied(1000);
	accel_ring_record records[4];
	alignas(64) Descriptor four[4] = {
		copy(address_of(copied.data()), address_of(data.data()), 1000),
		compare(address_of(copied.data()), address_of(data.data()), 1000),
		crc32c(address_of(copied.data()), 1000), nop(kFence)};

	memset(records, 0xff, sizeof(records));
	accel_completion done = queue.run(batch(four, 4, records));
	EXPECT_EQ(done.status, kGood);
	for (const auto &record : records)
		EXPECT_EQ(record.status, kGood);
	EXPECT_EQ(records[1].result, 1000u);
	EXPECT_EQ(records[3].reserved, 0);
	EXPECT_EQ(queue.run(batch(four, 4)).status, kGood) << "without records";
}

TEST_P(Queues, ABatchStopsAtAFaultOrGoesOn)
{
	TestQueue queue(client_, space_, options());
	uint64_t out = 0;
	accel_ring_record records[4];
	alignas(64) Descriptor four[4] = {nop(), copy(0, address_of(&out), 8),
					  fill(address_of(&out), 8, 5), batch(nullptr, 1)};

	accel_completion done = queue.run(batch(four, 4, records));
	EXPECT_EQ(done.status, ACCEL_RING_STATUS_BATCH_ERROR);
	EXPECT_EQ(done.index, 1u);
	EXPECT_EQ(done.detail, static_cast<uint64_t>(ACCEL_RING_STATUS_WRITE_FAULT));
	EXPECT_EQ(done.result, 1u) << "number of successful descriptors";
	EXPECT_EQ(records[0].status, kGood);
	EXPECT_EQ(records[1].status, ACCEL_RING_STATUS_WRITE_FAULT);
	EXPECT_EQ(records[1].field, 16);
	EXPECT_EQ(records[2].status, kCanceled);
	EXPECT_EQ(records[3].status, kCanceled);
	EXPECT_EQ(out, 0u);

	done = queue.run(batch(four, 4, records, ACCEL_SOFT_DESCRIPTOR_FLAGS_GO_ON));
	EXPECT_EQ(done.status, ACCEL_RING_STATUS_BATCH_ERROR);
	EXPECT_EQ(done.index, 1u);
	EXPECT_EQ(records[2].status, kGood);
	EXPECT_EQ(records[3].status, ACCEL_RING_STATUS_BAD_FIELD) << "a batch in a batch";
	EXPECT_EQ(records[3].field, 0);
	EXPECT_EQ(out, 5u);
}

} // namespace
} // namespace accel::core::softdev::test
