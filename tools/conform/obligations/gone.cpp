// SPDX-License-Identifier: MIT
// Obligations: a device that is closed while it is in use.
#include "conform/tests.hpp"
#include "conform/work.hpp"

#include <cerrno>
#include <chrono>
#include <thread>

namespace accel::conform::tests {

namespace {

using namespace std::chrono_literals;

/* Waits are split into pieces of a tenth of a second, so a wait that takes nearly the patience of the tests was not
 * ended by the close. */
constexpr uint64_t kPromptNs = 10'000'000'000;

} // namespace

void close_ends_every_wait(Test &test)
{
	for (int round = 0; round < 4; round++) {
		Device device = test.open();
		Space space = test.any_space(&device);
		Queue queue = test.queue(space);
		/* Without a deadline, and with a distant one. */
		uint64_t deadline = round % 2 ? after_ms(10 * kPatienceMs) : ACCEL_DEADLINE_FOREVER;
		int first = 0, second = 0;
		std::jthread waiter([&] {
			first = accel_queue_wait(queue.get(), deadline, nullptr);
			second = accel_queue_wait(queue.get(), deadline, nullptr);
		});

		/* The thread sleeps in most rounds, and is about to sleep in the first. */
		std::this_thread::sleep_for(round * 50ms);
		uint64_t start = now_ns();

		device.close();
		waiter.join();
		CHECK_EQ(first, -ENODEV);
		CHECK_EQ(second, -ENODEV);
		CHECK_LT(now_ns() - start, kPromptNs);
	}
}

void closed_keeps_memory(Test &test)
{
	Device device = test.open();
	Space space = test.any_space(&device);
	WorkQueue queue(test, space, 8);
	accel_ring *ring = queue.ring();
	accel_queue_info info{.size = sizeof(info)};
	accel_completion done[8];
	uint64_t at;

	CHECK(accel_ring_reserve(ring, 1, &at), "1 of 8");
	queue.nop(at);
	accel_ring_publish(ring, at, 1);
	CHECK_OK(accel_queue_wait(queue.get(), after_ms(kPatienceMs), err()));
	CHECK(accel_ring_reserve(ring, 1, &at), "2 of 8");
	queue.nop(at);
	device.close();
	/* Publishing has no effect; earlier completions can be taken, and there are no others. */
	accel_ring_publish(ring, at, 1);
	CHECK_EQ(accel_ring_poll(ring, done, 8), 1u);
	CHECK_STATUS(done[0], ACCEL_RING_STATUS_SUCCESS);
	for (int i = 0; i < 100; i++)
		CHECK_EQ(accel_ring_poll(ring, done, 8), 0u);
	CHECK_ERRNO(accel_queue_wait(queue.get(), 0, err()), ENODEV, ACCEL_REASON_UNPLUGGED);
	int result = accel_queue_query(queue.get(), &info, err());

	CHECK(result == -ENODEV || (result == 0 && info.state == ACCEL_QUEUE_STATE_GONE),
	      "queue.query returned {}, state {}", code_text(result), info.state);
}

} // namespace accel::conform::tests
