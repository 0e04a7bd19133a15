// SPDX-License-Identifier: MIT
// Tests of queues: order, fences, batches, stop and resume, publication and completion modes, waking, destruction.
#include "soft/tests/test_client.hpp"

#include <ostream>
#include <poll.h>
#include <sys/eventfd.h>
#include <thread>

namespace accel::core::softdev::test {
namespace {

constexpr uint8_t kFence = ACCEL_SOFT_DESCRIPTOR_FLAGS_FENCE;
constexpr uint8_t kGood = ACCEL_RING_STATUS_SUCCESS, kCanceled = ACCEL_RING_STATUS_CANCELED;

/// Each kind of queue: one or several producers, completions by counter or by phase, one worker or four.
struct Way {
	const char *name;
	uint64_t flags;
	uint32_t parallel;
	std::optional<uint32_t> inline_limit = {};

	friend void PrintTo(const Way &way, std::ostream *out) { *out << way.name; }
};

class Queues : public testing::TestWithParam<Way> {
protected:
	QueueOptions options(uint64_t flags = 0) const
	{
		return {.flags = GetParam().flags | flags,
			.parallel = GetParam().parallel,
			.inline_limit = GetParam().inline_limit};
	}
	bool parallel() const { return GetParam().parallel > 1; }

	Client client_;
	uint64_t space_ = (client_.set_workers(4), client_.shared());
};

class Producers : public Queues {};

constexpr uint64_t kPhase = ACCEL_QUEUE_FLAGS_STATUS_PHASE,
		   kMany = ACCEL_QUEUE_FLAGS_MULTI_PRODUCER;
const auto kOneProducer = testing::Values(Way{"plain", 0, 0}, Way{"phase", kPhase, 0},
					  Way{"worker", 0, 0, 0}, Way{"worker_phase", kPhase, 0, 0},
					  Way{"parallel", 0, 4}, Way{"parallel_phase", kPhase, 4});
const auto kManyProducers =
	testing::Values(Way{"producers", kMany, 0}, Way{"producers_phase", kMany | kPhase, 0},
			Way{"parallel_producers", kMany, 3});

std::string name_of(const testing::TestParamInfo<Way> &way)
{
	return way.param.name;
}

INSTANTIATE_TEST_SUITE_P(One, Queues, kOneProducer, name_of);
INSTANTIATE_TEST_SUITE_P(Many, Queues, kManyProducers, name_of);
INSTANTIATE_TEST_SUITE_P(Many, Producers, kManyProducers, name_of);

TEST_P(Queues, CompleteInOrderOverManyLaps)
{
	constexpr uint32_t kEntries = 8;
	constexpr unsigned kCount = 5000;
	QueueOptions few = options();
	few.entries = kEntries;
	TestQueue queue(client_, space_, few);
	uint64_t posted = 0, done = 0;
	std::minstd_rand random(static_cast<unsigned>(seed()));

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

TEST_P(Queues, ASleepingWorkerIsWokenByOneKick)
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

TEST_P(Queues, AnEventIsSignalledWhenAskedFor)
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

TEST_P(Queues, EndWithWorkInFlight)
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

TEST_P(Queues, CloseWithWorkInFlightAndMemoryMapped)
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
