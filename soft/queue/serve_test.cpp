// SPDX-License-Identifier: MIT
// Tests of workers that serve queues: waking, several producers, long entries, destruction with work in flight.
#include "soft/tests/test_queues.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <thread>
#include <unistd.h>

namespace accel::core::softdev::test {
namespace {

class ServedQueues : public Queues {};
class Producers : public Queues {};

INSTANTIATE_TEST_SUITE_P(One, ServedQueues, kOneProducer, name_of);
INSTANTIATE_TEST_SUITE_P(Many, ServedQueues, kManyProducers, name_of);
INSTANTIATE_TEST_SUITE_P(Many, Producers, kManyProducers, name_of);

TEST_P(ServedQueues, ASleepingWorkerIsWokenByOneKick)
{
	QueueOptions by_worker = options();
	by_worker.inline_limit = 0;
	client_.set_spin_ns(0);
	TestQueue queue(client_, space_, by_worker);

	for (unsigned i = 0; i < 50; i++) {
		EXPECT_EQ(queue.run(nop()).status, kGood);
		EXPECT_LE(queue.counters().queues, i + 1) << "kicks";
		std::this_thread::sleep_for(std::chrono::microseconds(200));
	}
	EXPECT_GE(queue.counters().queues, 1u) << "a worker slept and was woken";
	QueueKick kick;
	client_.good(kick.handle(queue.handle()));
	EXPECT_EQ(queue.run(nop()).status, kGood) << "a kick without entries has no effect";
	client_.set_spin_ns(50000);
}

TEST_P(ServedQueues, AnEventIsSignalledWhenAskedFor)
{
	const int fd = eventfd(0, EFD_CLOEXEC);
	QueueOptions with_event = options();
	with_event.event = client_.event(fd);
	{
		TestQueue queue(client_, space_, with_event);
		uint64_t value = 0;

		for (int i = 0; i < 20; i++) {
			ASSERT_EQ(ring::arm(queue.ring()), 0);
			queue.post(nop());
			pollfd ready{.fd = fd, .events = POLLIN, .revents = 0};
			ASSERT_EQ(poll(&ready, 1, 60000), 1);
			ASSERT_EQ(read(fd, &value, sizeof(value)), 8);
			ASSERT_EQ(value, 1u);
			ASSERT_EQ(queue.take().status, kGood);
		}
		EXPECT_EQ(ring::arm(queue.ring()), 0);
		EXPECT_EQ(queue.counters().wakes, 20u);

		/* A write to a full counter would block. */
		value = UINT64_MAX - 1;
		ASSERT_EQ(write(fd, &value, sizeof(value)), 8);
		queue.post(nop());
		ASSERT_EQ(queue.take().status, kGood);
		EventDestroy destroy;
		EXPECT_EQ(client_.send(destroy.handle(with_event.event)), -EBUSY);
	}
	EventDestroy destroy;
	client_.good(destroy.handle(with_event.event));
	close(fd);
}

TEST_P(ServedQueues, EndWithWorkInFlight)
{
	LongWork work;
	/* A second queue, so that the workers do not stop with the first one. */
	TestQueue other(client_, space_, options());

	for (int pieces : {1, 10, 60}) {
		TestQueue queue(client_, space_, options());
		for (int i = 0; i < pieces; i++)
			queue.post(i % 2 ? nop() : work.descriptor());
		/* At different points of the work. */
		std::this_thread::sleep_for(std::chrono::microseconds(100 * pieces));
		EXPECT_EQ(client_.destroy_queue(queue.handle()), 0);
		EXPECT_EQ(client_.destroy_queue(queue.handle()), -ENOENT);
		queue.forget();
		const Forbidden memory(work.memory());
		/* The ring remains mapped, and no worker serves it. */
		uint64_t at;
		while (accel_ring_reserve(queue.ring(), 1, &at))
			memset(accel_ring_entry(queue.ring(), at), 0, 64);
	}
	EXPECT_EQ(client_.destroy_queue(other.handle()), 0);
	other.forget();
	EXPECT_EQ(client_.destroy_space(space_), 0);
}

TEST_P(ServedQueues, CloseWithWorkInFlightAndMemoryMapped)
{
	auto memory = std::make_unique<LongWork>();
	auto client = std::make_unique<Client>();
	const uint64_t space = client->shared();
	std::vector<std::unique_ptr<TestQueue>> queues;

	for (int i = 0; i < 5; i++) {
		queues.push_back(std::make_unique<TestQueue>(*client, space, options()));
		queues.back()->post(memory->descriptor());
		queues.back()->post(memory->descriptor());
	}
	client->close();
	/* No worker polls it any more. */
	memory.reset();
	for (auto &queue : queues) {
		memset(queue->memory(), 0, queue->bytes());
		queue->forget();
	}
}

TEST_P(Producers, DoNotGetIntoEachOthersWay)
{
	constexpr unsigned kThreads = 3, kEach = 3000;
	TestQueue queue(client_, space_, options());
	std::vector<uint64_t> source(kThreads * kEach), target(kThreads * kEach);
	std::vector<std::thread> threads;

	for (unsigned t = 0; t < kThreads; t++)
		threads.emplace_back([&, t] {
			for (unsigned i = 0; i < kEach; i++) {
				size_t n = t * kEach + i;
				uint64_t at;
				source[n] = n + 1;
				while (!accel_ring_reserve(queue.ring(), 1, &at))
					std::this_thread::yield();
				Descriptor d =
					copy(address_of(&target[n]), address_of(&source[n]), 8);
				memcpy(accel_ring_entry(queue.ring(), at), &d,
				       offsetof(Descriptor, ring));
				accel_ring_publish(queue.ring(), at, 1);
			}
		});
	for (const accel_completion &done : queue.take(kThreads * kEach))
		ASSERT_EQ(done.status, kGood);
	for (auto &thread : threads)
		thread.join();
	EXPECT_EQ(source, target);
}

TEST(ParallelQueue, ALongOneDoesNotHoldUpWhatComesAfterIt)
{
	Client client;
	client.set_workers(2);
	TestQueue queue(client, client.shared(),
			{.flags = ACCEL_QUEUE_FLAGS_STATUS_PHASE, .parallel = 2});
	LongWork work;
	bool overtaken = false;

	for (int attempt = 0; attempt < 200 && !overtaken; attempt++) {
		const uint64_t before = queue.counters().completed;
		queue.post(work.descriptor());
		std::this_thread::sleep_for(std::chrono::milliseconds(1));
		/* Published while the only polling worker executes the long entry. */
		queue.post(nop());
		while (queue.counters().completed == before)
			std::this_thread::yield();
		/* One entry is done: the first or the second. */
		overtaken = !ring::has_completions(queue.ring());
		for (const auto &done : queue.take(2))
			EXPECT_EQ(done.status, kGood);
	}
	EXPECT_TRUE(overtaken);
}

} // namespace
} // namespace accel::core::softdev::test
