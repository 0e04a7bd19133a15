// SPDX-License-Identifier: MIT
// Obligations: several queues, several producers, completions by phase.
#include "conform/raw.hpp"
#include "conform/tests.hpp"
#include "conform/work.hpp"

#include <atomic>
#include <cerrno>
#include <memory>
#include <thread>
#include <vector>

namespace accel::conform::tests {

namespace {

/* Returns a queue with that flag, or skips with the device's reason. */
void post_shared(accel_ring *ring, const Fill &fill, uint64_t deadline)
{
	uint64_t at;

	while (!accel_ring_reserve(ring, 1, &at)) {
		CHECK(now_ns() < deadline, "no room in the ring");
		std::this_thread::yield();
	}
	fill(at);
	accel_ring_publish(ring, at, 1);
}

} // namespace

void several_producers(Test &test)
{
	constexpr size_t kThreads = 4, kEach = 3000;
	Space space = test.any_space();
	WorkQueue queue(test, space, 64, ACCEL_QUEUE_FLAGS_MULTI_PRODUCER);
	accel_ring *ring = queue.ring();
	Memory source(space, 4096), target(space, kThreads * kEach * 8);
	uint64_t deadline = after_ms(kPatienceMs);

	source.randomize(test);
	in_threads(kThreads + 1, [&](unsigned index) {
		for (size_t i = 0; index < kThreads && i < kEach; i++) {
			uint64_t to = target.iova((index * kEach + i) * 8);

			post_shared(
				ring,
				[&](uint64_t at) {
					queue.copy(at, to, source.iova(i % 500 * 8), 8);
				},
				deadline);
		}
		if (index < kThreads)
			return;
		accel_completion done[16];

		for (uint64_t taken = 0; taken < kThreads * kEach;) {
			CHECK_OK(accel_queue_wait(queue.get(), deadline, err()));
			uint32_t n = accel_ring_poll(ring, done, 16);

			for (uint32_t k = 0; k < n; k++) {
				CHECK_EQ(done[k].sequence, taken++);
				CHECK_STATUS(done[k], ACCEL_RING_STATUS_SUCCESS);
			}
		}
	});
	for (size_t i = 0; i < kThreads * kEach; i++)
		CHECK_SAME(target.at(i * 8), source.at(i % kEach % 500 * 8), 8);
}

void published_out_of_order(Test &test)
{
	Space space = test.any_space();
	WorkQueue queue(test, space, 8, ACCEL_QUEUE_FLAGS_MULTI_PRODUCER);
	accel_ring *ring = queue.ring();
	accel_completion done[8];
	uint64_t first, second;

	for (int round = 0; round < 20; round++) {
		CHECK(accel_ring_reserve(ring, 1, &first) && accel_ring_reserve(ring, 1, &second),
		      "2 of 8");
		queue.nop(second);
		accel_ring_publish(ring, second, 1);
		/* It waits for the entry before it. */
		CHECK_ERRNO(accel_queue_wait(queue.get(), after_ms(round ? 1 : 50), err()),
			    ETIMEDOUT, ACCEL_REASON_DEADLINE);
		queue.nop(first);
		accel_ring_publish(ring, first, 1);
		for (uint32_t n = 0; n < 2;) {
			CHECK_OK(accel_queue_wait(queue.get(), after_ms(kPatienceMs), err()));
			n += accel_ring_poll(ring, done + n, 8 - n);
		}
		CHECK_EQ(done[0].sequence, first);
		CHECK_EQ(done[1].sequence, second);
	}
}

void completions_by_phase(Test &test)
{
	constexpr uint64_t kCopies = 3000;
	Space space = test.any_space();
	Memory memory(space, 1 << 16);

	memory.randomize(test);
	for (uint32_t entries : {2u, 8u}) {
		Runner runner(test, space, entries, ACCEL_QUEUE_FLAGS_STATUS_PHASE);

		for (uint64_t i = 0; i < kCopies; i++) {
			runner.post_copy(memory.iova(32768 + i * 8), memory.iova(i * 8), 8);
			if (i % 100 == 7)
				runner.post_unknown();
			while (runner.outstanding() && test.pick(0, 1)) {
				accel_completion c = runner.take();

				CHECK(c.status == ACCEL_RING_STATUS_SUCCESS ||
					      c.status == ACCEL_RING_STATUS_BAD_OPCODE,
				      "{}", completion_text(c));
			}
		}
		while (runner.outstanding())
			runner.take();
		CHECK_SAME(memory.at(32768), memory.at(), kCopies * 8);
	}
}

void queues_are_independent(Test &test)
{
	Space space = test.any_space();
	Runner broken(test, space, 8, ACCEL_QUEUE_FLAGS_STOP_ON_FAULT), good(test, space, 8);
	Queue untouched = test.queue(space, 8);
	accel_completion none;

	CHECK_STATUS(broken.run_unknown(), ACCEL_RING_STATUS_BAD_OPCODE);
	broken.post_nop();
	CHECK_STATUS(broken.take(), ACCEL_RING_STATUS_CANCELED);
	for (int i = 0; i < 200; i++)
		good.post_nop();
	good.finish();
	/* A completion of one queue is not seen by another. */
	CHECK_EQ(accel_ring_poll(accel_queue_ring(untouched.get()), &none, 1), 0u);
	broken.destroy();
	for (int i = 0; i < 200; i++)
		good.post_nop();
	good.finish();
}

void many_queues(Test &test)
{
	Space space = test.any_space();
	const size_t count = std::min(32u, test.caps().max_queues - test.caps().queues);
	Memory memory(space, 8192 + count * 8);
	std::vector<std::unique_ptr<Runner>> runners;

	memory.randomize(test);
	for (size_t i = 0; i < count; i++)
		runners.push_back(std::make_unique<Runner>(test, space, 8));
	for (int round = 0; round < 20; round++) {
		for (size_t i = 0; i < count; i++)
			runners[i]->post_copy(memory.iova(8192 + i * 8), memory.iova(i * 8), 8);
		for (auto &runner : runners)
			runner->finish();
		CHECK_SAME(memory.at(8192), memory.at(), count * 8);
		memory.randomize(test);
	}
	/* Destroy in a random order. */
	while (!runners.empty()) {
		runners.erase(runners.begin() +
			      static_cast<ptrdiff_t>(test.pick(0, runners.size() - 1)));
		for (auto &runner : runners)
			runner->run_nop();
	}
}

void one_posts_one_polls(Test &test)
{
	constexpr uint64_t kJobs = 20000;
	Space space = test.any_space();
	WorkQueue queue(test, space, 32);
	accel_ring *ring = queue.ring();
	uint64_t deadline = after_ms(kPatienceMs);

	in_threads(2, [&](unsigned index) {
		accel_completion done[8];

		for (uint64_t i = 0; index == 0 && i < kJobs; i++)
			post_shared(ring, [&](uint64_t at) { queue.nop(at); }, deadline);
		for (uint64_t taken = 0; index == 1 && taken < kJobs;) {
			CHECK_OK(accel_queue_wait(queue.get(), deadline, err()));
			uint32_t n = accel_ring_poll(ring, done, 8);

			for (uint32_t i = 0; i < n; i++)
				CHECK_EQ(done[i].sequence, taken++);
		}
	});
}

void spurious_kick(Test &test)
{
	test.need_uabi();
	RawQueue queue(raw_any_space(test.device()), 8);

	RAW_OK(queue, test.device());
	for (int i = 0; i < 100; i++) {
		Raw kick(ACCEL_OBJECT_QUEUE, ACCEL_QUEUE_KICK);

		kick.u64(ACCEL_QUEUE_KICK_HANDLE, queue.handle());
		RAW_OK(kick, test.device());
	}
	Raw query(ACCEL_OBJECT_QUEUE, ACCEL_QUEUE_QUERY);

	query.u64(ACCEL_QUEUE_QUERY_HANDLE, queue.handle()).out64(ACCEL_QUEUE_QUERY_SUBMITTED);
	query.out64(ACCEL_QUEUE_QUERY_KICKS);
	RAW_OK(query, test.device());
	CHECK_EQ(query.value(ACCEL_QUEUE_QUERY_SUBMITTED), 0u);
	CHECK_EQ(query.value(ACCEL_QUEUE_QUERY_KICKS), 100u);
}

} // namespace accel::conform::tests
