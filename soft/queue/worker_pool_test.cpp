// SPDX-License-Identifier: MIT
// Tests of the workers of a device: start and stop, limits, refused threads.
#include "soft/tests/test_client.hpp"

namespace accel::core::softdev::test {
namespace {

constexpr uint8_t kGood = ACCEL_RING_STATUS_SUCCESS;

TEST(QueueLimits, AreToldAndGivenBack)
{
	Client client;
	const uint64_t space = client.shared();
	std::vector<uint64_t> queues;

	for (;;) {
		QueueCreate create;
		int r = client.send(create.address_space(space).entries(2));
		if (r) {
			EXPECT_EQ(r, -ENOSPC) << create.error().text;
			EXPECT_EQ(create.error().reason, ACCEL_REASON_LIMIT);
			break;
		}
		queues.push_back(create.handle());
		ASSERT_LE(queues.size(), 1024u);
	}
	EXPECT_EQ(queues.size(), 1024u);
	DeviceQuery query;
	client.good(query.want_queues().want_max_queues());
	EXPECT_EQ(query.queues(), 1024u);
	EXPECT_EQ(query.max_queues(), 1024u);
	EXPECT_EQ(client.destroy_queue(queues[17]), 0);
	TestQueue queue(client, space);
	EXPECT_EQ(queue.run(nop()).status, kGood);
}

TEST(QueueLimits, ManyQueuesOnOneWorkerAreAllServed)
{
	Client client;
	client.set_workers(1);
	const uint64_t space = client.shared();
	std::vector<std::unique_ptr<TestQueue>> queues;

	for (int i = 0; i < 256; i++)
		queues.push_back(
			std::make_unique<TestQueue>(client, space, QueueOptions{.entries = 4}));
	for (int round = 0; round < 20; round++) {
		for (auto &queue : queues)
			queue->post(nop());
		for (auto &queue : queues)
			ASSERT_EQ(queue->take().status, kGood);
	}
}

TEST(Workers, StartWithTheFirstQueueAndEndWithTheLast)
{
	const size_t before = threads_at_rest();
	Client client;

	client.set_workers(3);
	const uint64_t space = client.shared();
	EXPECT_EQ(threads(), before);
	{
		TestQueue one(client, space), two(client, space);
		EXPECT_EQ(one.run(nop()).status, kGood);
		EXPECT_EQ(two.run(nop()).status, kGood);
		EXPECT_GT(threads(), before);
		EXPECT_LE(threads(), before + 3);
	}
	EXPECT_EQ(threads(), before);
}

/* A system that allows no threads, such as a sandbox. */
TEST(QueueThreads, TheReasonIsToldWhyThereIsNoWorker)
{
	Client client;
	const uint64_t space = client.shared();

	for (const auto &[error, code] : {std::pair(EPERM, EACCES), std::pair(EAGAIN, ENOMEM)}) {
		static int failure;
		sys::Calls calls = sys::kRealCalls;

		failure = -error;
		calls.thread_create = [](unsigned long *, void *(*)(void *), void *) {
			return failure;
		};
		sys::calls = &calls;
		QueueCreate create;
		const int r = client.send(create.address_space(space).entries(2));
		sys::calls = &sys::kRealCalls;
		EXPECT_EQ(r, -code) << create.error().text;
		EXPECT_EQ(create.error().reason,
			  code == EACCES ? ACCEL_REASON_PERMISSION : ACCEL_REASON_NO_MEMORY);
	}
	TestQueue queue(client, space);
	EXPECT_EQ(queue.run(nop()).status, ACCEL_RING_STATUS_SUCCESS);
}

} // namespace
} // namespace accel::core::softdev::test
