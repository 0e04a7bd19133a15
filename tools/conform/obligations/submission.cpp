// SPDX-License-Identifier: MIT
// Obligations: queues whose entries a kernel takes and whose completions it is asked for.
#include "conform/lane.hpp"
#include "conform/tests.hpp"

#include <algorithm>
#include <vector>

namespace accel::conform::tests {

namespace {

/* How long a call may take that does not wait, on a machine that is busy with something else. */
constexpr uint64_t kMarginNs = 100'000'000;
constexpr int kPolls = 12;

/* The shortest of some empty polls: that one was not held up by others who want the processor. Polls that find
 * something are none of them. */
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
	/* Entries are outstanding and unpublished: nothing completes however long it looks. */
	CHECK(accel_ring_reserve(ring, 1, &at), "1 of 8");
	CHECK_LE(shortest_empty_poll(ring, kPolls), most);
	queue.nop(at);
	accel_ring_publish(ring, at, 1);
	/* Now something is in flight; the polls that find nothing yet are as quick. */
	uint64_t deadline = after_ms(kPatienceMs);
	accel_completion done;

	for (bool found = false; !found;) {
		uint64_t start = now_ns();

		CHECK(start < deadline, "no completion came by polling alone");
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
		skip("the device does not report entries that are refused (feature refusals)");
	/* One bad one at each place, then several, then nothing else; published together. */
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
