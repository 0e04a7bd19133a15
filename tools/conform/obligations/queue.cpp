// SPDX-License-Identifier: MIT
// Obligations: creating queues, and the results of ring operations.
#include "conform/tests.hpp"
#include "conform/work.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace accel::conform::tests {

namespace {

int create(Test &test, const Space &space, uint32_t entries)
{
	accel_queue_options o = test.queue_options(entries);
	accel_queue *made = nullptr;
	int result = accel_queue_create(space.get(), &o, &made, err());

	CHECK_EQ(result == 0, made != nullptr);
	accel_queue_destroy(made, nullptr);
	return result;
}

accel_queue_info query(const Runner &runner)
{
	accel_queue_info info{.size = sizeof(info)};

	CHECK_OK(accel_queue_query(runner.queue(), &info, err()));
	return info;
}

} // namespace

void queue_sizes(Test &test)
{
	Space space = test.any_space();

	for (uint32_t entries = kLeastEntries; entries <= test.caps().max_entries; entries *= 2) {
		Runner runner(test, space, entries);
		uint32_t some = std::min(entries, 600u);
		uint64_t at;

		/* One more than a lap of the small rings. */
		for (uint32_t i = 0; i <= some; i++)
			runner.post_nop();
		runner.finish();
		uint32_t capacity = runner.work().capacity();

		CHECK(capacity >= 1 && capacity <= entries, "{} of {} entries may be outstanding",
		      capacity, entries);
		CHECK(accel_ring_reserve(runner.ring(), capacity, &at), "{} entries at once",
		      capacity);
		CHECK_EQ(at, some + 1);
	}
}

void queue_bad_sizes(Test &test)
{
	Space space = test.any_space();

	NEED_OK(create(test, space, kLeastEntries));
	for (uint32_t entries :
	     {0u, 1u, 3u, 5u, 6u, 7u, 100u, 65535u, 0x80000000u, 0x7fffffffu, 0xffffffffu}) {
		CHECK_ERRNO(create(test, space, entries), EINVAL, 0);
		CHECK_EQ(last_error().object, ACCEL_OBJECT_QUEUE);
		CHECK_EQ(last_error().method, ACCEL_QUEUE_CREATE);
		CHECK_EQ(last_error().attribute, ACCEL_QUEUE_CREATE_ENTRIES);
		CHECK_EQ(last_error().value, entries);
		CHECK_EQ(last_error().minimum, kLeastEntries);
		CHECK_GE(last_error().maximum, test.caps().max_entries);
		CHECK_LE(last_error().maximum, 65536u);
	}
	uint64_t twice = uint64_t{2} * test.caps().max_entries;

	if (twice <= UINT32_MAX)
		CHECK_ERRNO(create(test, space, static_cast<uint32_t>(twice)), EINVAL, 0);
}

void queue_options_grow(Test &test)
{
	Space space = test.any_space();
	struct {
		accel_queue_options known;
		unsigned char tail[40];
	} o{test.queue_options(8), {}};
	accel_queue *made = nullptr;
	auto make = [&](size_t size) {
		o.known.size = static_cast<uint32_t>(size);
		int result = accel_queue_create(space.get(), &o.known, &made, err());

		if (result == 0)
			accel_queue_destroy(std::exchange(made, nullptr), nullptr);
		return result;
	};

	for (size_t size : {sizeof(o.known), sizeof(o.known) + 8, sizeof(o)})
		CHECK_OK(make(size));
	/* An older program has a shorter structure. It cannot create a queue that needs driver options. */
	const int older = make(offsetof(accel_queue_options, driver));

	CHECK(older == 0 || (o.known.driver && older == -EINVAL), "{}", code_text(older));
	o.tail[39] = 1;
	CHECK_ERRNO(make(sizeof(o)), E2BIG, ACCEL_REASON_NONZERO_TAIL);
	CHECK_OK(make(sizeof(o.known)));
	CHECK_ERRNO(make(0), EINVAL, 0);
	CHECK_ERRNO(make(4), EINVAL, 0);
	o.known.flags |= uint64_t{1} << 63;
	CHECK_ERRNO(make(sizeof(o.known)), EINVAL, ACCEL_REASON_UNKNOWN_FLAG);
	CHECK_EQ(last_error().attribute, ACCEL_QUEUE_CREATE_FLAGS);
	CHECK_EQ(made, nullptr);
}

void full_is_an_answer(Test &test)
{
	Space space = test.any_space();
	Queue queue = test.queue(space, 8);
	accel_ring *ring = accel_queue_ring(queue.get());
	uint64_t at = 99;

	/* A device may accept fewer entries than its ring has. */
	auto room = static_cast<uint32_t>(ring->capacity);

	for (uint32_t i = 0; i < room; i++) {
		CHECK(accel_ring_reserve(ring, 1, &at), "entry {} of {}", i, room);
		CHECK_EQ(at, i);
	}
	CHECK(!accel_ring_reserve(ring, 1, &at), "one entry more than {}", room);
	CHECK_EQ(at, room - 1);
	CHECK_EQ(accel_ring_outstanding(ring), uint64_t{room});
	Queue other = test.queue(space, 8);

	CHECK(!accel_ring_reserve(accel_queue_ring(other.get()), room + 1, &at),
	      "{} entries at once, one too many", room + 1);
	CHECK(accel_ring_reserve(accel_queue_ring(other.get()), room, &at), "{} entries at once",
	      room);
	CHECK(!accel_ring_reserve(accel_queue_ring(other.get()), 1, &at), "one entry too many");
}

void room_after_poll(Test &test)
{
	Space space = test.any_space();
	Runner runner(test, space, 4);
	uint64_t at;

	for (int lap = 0; lap < 50; lap++) {
		for (uint32_t i = 0; i < runner.work().capacity(); i++)
			runner.post_nop();
		CHECK(!accel_ring_reserve(runner.ring(), 1, &at), "the ring is full in lap {}",
		      lap);
		/* A slot becomes free when its completion is taken, not when the entry completes. */
		CHECK_OK(accel_queue_wait(runner.queue(), after_ms(kPatienceMs), err()));
		CHECK(!accel_ring_reserve(runner.ring(), 1, &at), "room before a poll in lap {}",
		      lap);
		runner.finish();
	}
}

void many_laps(Test &test)
{
	Space space = test.any_space();
	Memory memory(space, 1 << 16);

	for (uint32_t entries : {2u, 4u, 16u}) {
		Runner runner(test, space, entries);
		constexpr uint64_t kJobs = 5000;

		memory.randomize(test);
		for (uint64_t i = 0; i < kJobs; i++) {
			/* Each slot has its own place to write to, because the device may execute all entries at once.
			 * */
			uint64_t from = test.pick(0, 500);
			uint64_t to = 4096 + i % entries * 256 + test.pick(0, 250);

			runner.post_copy(memory.iova(to * 8), memory.iova(from * 8),
					 8 * test.pick(1, 4));
		}
		runner.finish();
		CHECK_EQ(query(runner).completed, kJobs);
		CHECK_EQ(runner.run_nop().sequence, kJobs);
	}
}

void batches_of_every_size(Test &test)
{
	Space space = test.any_space();
	WorkQueue queue(test, space, 32);
	accel_ring *ring = queue.ring();
	std::array<accel_completion, 32> done;
	uint64_t next = 0, taken = 0;

	for (int round = 0; round < 500; round++) {
		auto count = static_cast<uint32_t>(test.pick(1, queue.capacity()));
		uint64_t at;

		CHECK(accel_ring_reserve(ring, count, &at), "{} entries of an empty ring", count);
		CHECK_EQ(at, next);
		for (uint32_t i = 0; i < count; i++)
			queue.nop(at + i);
		accel_ring_publish(ring, at, count);
		next += count;
		while (taken < next) {
			CHECK_OK(accel_queue_wait(queue.get(), after_ms(kPatienceMs), err()));
			uint32_t n = accel_ring_poll(ring, done.data(),
						     static_cast<uint32_t>(test.pick(1, 32)));

			for (uint32_t i = 0; i < n; i++)
				CHECK_EQ(done[i].sequence, taken++);
		}
		CHECK_EQ(accel_ring_outstanding(ring), 0u);
	}
}

void reserved_is_not_published(Test &test)
{
	Space space = test.any_space();
	WorkQueue queue(test, space, 8);
	accel_ring *ring = queue.ring();
	accel_completion done[8];
	uint64_t at;

	CHECK(accel_ring_reserve(ring, 3, &at), "3 of 8");
	/* The third entry is not published, so the device may not read it. */
	std::memset(accel_ring_entry(ring, at + 2), 0xff, 8);
	queue.nop(at);
	queue.nop(at + 1);
	accel_ring_publish(ring, at, 2);
	for (uint32_t n = 0; n < 2;) {
		CHECK_OK(accel_queue_wait(queue.get(), after_ms(kPatienceMs), err()));
		n += accel_ring_poll(ring, done + n, 8 - n);
	}
	CHECK_ERRNO(accel_queue_wait(queue.get(), after_ms(50), err()), ETIMEDOUT,
		    ACCEL_REASON_DEADLINE);
	queue.nop(at + 2);
	accel_ring_publish(ring, at + 2, 1);
	CHECK_OK(accel_queue_wait(queue.get(), after_ms(kPatienceMs), err()));
	CHECK_EQ(accel_ring_poll(ring, done, 8), 1u);
	CHECK_STATUS(done[0], ACCEL_RING_STATUS_SUCCESS);
}

void queue_counters(Test &test)
{
	Space space = test.any_space();
	Runner runner(test, space, 16);

	CHECK_EQ(query(runner).state, ACCEL_QUEUE_STATE_RUNNING);
	CHECK_EQ(query(runner).submitted, 0u);
	for (int i = 0; i < 100; i++)
		runner.post_nop();
	runner.finish();
	uint64_t faults = runner.workload().unknown ? 3 : 0;

	for (uint64_t i = 0; i < faults; i++)
		CHECK_STATUS(runner.run_unknown(), ACCEL_RING_STATUS_BAD_OPCODE);
	auto info = query(runner);

	CHECK_EQ(info.submitted, 100 + faults);
	CHECK_EQ(info.completed, 100 + faults);
	CHECK_EQ(info.faults, faults);
	CHECK_EQ(info.state, ACCEL_QUEUE_STATE_RUNNING);
}

} // namespace accel::conform::tests
