// SPDX-License-Identifier: MIT
// Obligations: queues whose entries and completions pass through system calls.
#include "conform/tests.hpp"
#include "conform/work.hpp"

#include <algorithm>
#include <vector>

namespace accel::conform::tests {

namespace {

/* Limit for a call that does not wait, on a busy machine. */
constexpr uint64_t kMarginNs = 100'000'000;
constexpr int kPolls = 12;

/* Returns the shortest duration of several empty polls, because other threads may delay the others. Polls that find a
 * completion do not count. */
uint64_t shortest_empty_poll(accel_ring *ring, int polls)
{
	uint64_t least = UINT64_MAX;
	accel_completion done;

	for (int i = 0; i < polls; i++) {
		uint64_t start = now_ns();

		if (accel_ring_poll(ring, &done, 1) == 0)
			least = std::min(least, now_ns() - start);
	}
	return least;
}

} // namespace

void poll_is_prompt(Test &test)
{
	const uint64_t most = test.caps().poll_ns + kMarginNs;
	Space space = test.any_space();
	WorkQueue queue(test, space, 8);
	accel_ring *ring = queue.ring();
	uint64_t at;

	CHECK_LE(shortest_empty_poll(ring, kPolls), most);
	/* The entries are reserved and not published, so no poll finds a completion. */
	CHECK(accel_ring_reserve(ring, 1, &at), "1 of 8");
	CHECK_LE(shortest_empty_poll(ring, kPolls), most);
	queue.nop(at);
	accel_ring_publish(ring, at, 1);
	/* With an entry in flight, empty polls are as fast. */
	uint64_t deadline = after_ms(kPatienceMs);
	accel_completion done;

	for (bool found = false; !found;) {
		uint64_t start = now_ns();

		CHECK(start < deadline, "polling alone found no completion");
		found = accel_ring_poll(ring, &done, 1) == 1;
	}
	CHECK_STATUS(done, ACCEL_RING_STATUS_SUCCESS);
	CHECK_LE(shortest_empty_poll(ring, kPolls), most);
}

void refused_entries(Test &test)
{
	Space space = test.any_space();
	WorkQueue queue(test, space, 32);
	accel_ring *ring = queue.ring();
	const uint32_t count = std::min(queue.capacity(), 32u);

	if (!(test.caps().features & ACCEL_FEATURE_REFUSALS))
		skip("the device does not report refused entries (feature refusals)");
	/* Publications with one bad entry at each position, with several, and with only bad entries. */
	for (uint32_t round = 0; round < count + 12; round++) {
		std::vector<bool> bad(count);
		uint64_t at;

		for (uint32_t i = 0; i < count; i++)
			bad[i] = round < count	    ? i == round :
				 round < count + 10 ? test.pick(0, 2) == 0 :
						      true;
		CHECK(accel_ring_reserve(ring, count, &at), "{} entries of an empty ring", count);
		for (uint32_t i = 0; i < count; i++)
			bad[i] ? queue.refused(at + i) : queue.nop(at + i);
		accel_ring_publish(ring, at, count);
		for (uint32_t i = 0; i < count;) {
			accel_completion done;

			CHECK_OK(accel_queue_wait(queue.get(), after_ms(kPatienceMs), err()));
			if (accel_ring_poll(ring, &done, 1) == 0)
				continue;
			CHECK_EQ(done.sequence, at + i);
			CHECK_STATUS(done, bad[i] ? ACCEL_RING_STATUS_SUBMIT_ERROR :
						    ACCEL_RING_STATUS_SUCCESS);
			CHECK(!bad[i] || (done.detail > 0 && done.detail < 4096), "the errno is {}",
			      done.detail);
			i++;
		}
	}
	accel_queue_info info{.size = sizeof(info)};

	CHECK_OK(accel_queue_query(queue.get(), &info, err()));
	CHECK_EQ(info.state, ACCEL_QUEUE_STATE_RUNNING);
}

} // namespace accel::conform::tests
