// SPDX-License-Identifier: MIT
// Obligations: waiting, deadlines, events, and devices that sleep.
#include "conform/lane.hpp"
#include "conform/tests.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <poll.h>
#include <sys/eventfd.h>
#include <thread>
#include <unistd.h>

namespace accel::conform::tests {

namespace {

using namespace std::chrono_literals;

bool readable(int fd, int timeout_ms)
{
	pollfd p{fd, POLLIN, 0};

	return ::poll(&p, 1, timeout_ms) == 1 && p.revents & POLLIN;
}

uint64_t read_event(int fd)
{
	uint64_t count = 0;

	CHECK(read(fd, &count, sizeof(count)) == sizeof(count), "read(): errno {}", errno);
	return count;
}

} // namespace

void deadline_has_passed(Test &test)
{
	Space space = test.any_space();
	Lane lane(test, space);

	for (uint64_t deadline : {uint64_t{0}, uint64_t{1}, now_ns() - 1})
		CHECK_ERRNO(accel_queue_wait(lane.queue(), deadline, err()), ETIMEDOUT,
			    ACCEL_REASON_DEADLINE);
	/* What is there is there, whatever the deadline. */
	lane.post_nop();
	CHECK_OK(accel_queue_wait(lane.queue(), after_ms(kPatienceMs), err()));
	CHECK_OK(accel_queue_wait(lane.queue(), 0, err()));
	CHECK_OK(accel_queue_wait(lane.queue(), ACCEL_DEADLINE_FOREVER, err()));
	lane.finish();
}

void deadline_is_absolute(Test &test)
{
	Space space = test.any_space();
	Queue queue = test.queue(space);
	uint64_t deadline = after_ms(1200);

	/* The same deadline twice: the second wait has only what the first one left. */
	CHECK_ERRNO(accel_queue_wait(queue.get(), deadline, err()), ETIMEDOUT,
		    ACCEL_REASON_DEADLINE);
	CHECK_LE(deadline, now_ns());
	uint64_t least = UINT64_MAX;

	/* One of these is not held up by whoever else wants the processor. */
	for (int i = 0; i < 6; i++) {
		uint64_t between = now_ns();

		CHECK_ERRNO(accel_queue_wait(queue.get(), deadline, err()), ETIMEDOUT,
			    ACCEL_REASON_DEADLINE);
		least = std::min(least, now_ns() - between);
	}
	CHECK_LT(least, 1100000000u);
}

void wait_is_woken(Test &test)
{
	Space space = test.any_space();
	Lane lane(test, space);

	for (int i = 0; i < 20; i++) {
		std::jthread later([&] {
			/* Long enough that the waiter sleeps, most times. */
			std::this_thread::sleep_for(i < 3 ? 100ms : 2ms);
			uint64_t at;

			if (!accel_ring_reserve(lane.ring(), 1, &at))
				return;
			lane.work().nop(at);
			accel_ring_publish(lane.ring(), at, 1);
		});
		accel_completion done;

		CHECK_OK(accel_queue_wait(lane.queue(), after_ms(kPatienceMs), err()));
		CHECK_EQ(accel_ring_poll(lane.ring(), &done, 1), 1u);
		CHECK_EQ(done.sequence, static_cast<uint64_t>(i));
	}
}

void device_wakes_from_sleep(Test &test)
{
	Space space = test.any_space();
	Lane lane(test, space);

	for (auto pause : {300ms, 100ms, 20ms, 5ms, 1ms}) {
		std::this_thread::sleep_for(pause);
		CHECK_STATUS(lane.run_nop(), ACCEL_RING_STATUS_SUCCESS);
	}
	/* At every moment of its falling asleep. */
	for (int i = 0; i < 3000; i++) {
		uint64_t until = now_ns() + test.pick(0, 60000);

		while (now_ns() < until)
			;
		CHECK_STATUS(lane.run_nop(), ACCEL_RING_STATUS_SUCCESS);
	}
}

void wait_does_not_take(Test &test)
{
	Space space = test.any_space();
	Lane lane(test, space);
	accel_completion done[4];

	lane.post_nop();
	for (int i = 0; i < 10; i++)
		CHECK_OK(accel_queue_wait(lane.queue(), after_ms(kPatienceMs), err()));
	CHECK_EQ(accel_ring_poll(lane.ring(), done, 4), 1u);
	CHECK_EQ(accel_ring_poll(lane.ring(), done, 4), 0u);
}

void arm_and_poll(Test &test)
{
	Space space = test.any_space();
	Event event = test.event();
	Lane lane(test, space, 16, 0, &event);
	int fd = accel_event_fd(event.get());

	CHECK_GE(fd, 0);
	for (int i = 0; i < 200; i++) {
		int armed = accel_queue_arm(lane.queue(), err());

		CHECK_EQ(armed, 0);
		lane.post_nop();
		CHECK(readable(fd, kPatienceMs), "the event was not signalled in round {}", i);
		CHECK_EQ(read_event(fd), 1u);
		/* There is one: do not sleep. */
		CHECK_EQ(accel_queue_arm(lane.queue(), err()), 1);
		lane.finish();
		CHECK(!readable(fd, 0), "a second signal in round {}", i);
	}
}

void unarmed_is_silent(Test &test)
{
	Space space = test.any_space();
	Event event = test.event();
	Lane lane(test, space, 64, 0, &event);
	int fd = accel_event_fd(event.get());

	for (int i = 0; i < 200; i++)
		lane.post_nop();
	lane.finish();
	CHECK(!readable(fd, 50), "a signal that nobody asked for");
	/* One arm, many completions: one signal. */
	CHECK_EQ(accel_queue_arm(lane.queue(), err()), 0);
	for (int i = 0; i < 60; i++)
		lane.post_nop();
	lane.finish();
	CHECK(readable(fd, kPatienceMs), "no signal");
	CHECK_EQ(read_event(fd), 1u);
	CHECK(!readable(fd, 20), "a second signal");
}

void arm_without_event(Test &test)
{
	Space space = test.any_space();
	Queue queue = test.queue(space);

	CHECK_ERRNO(accel_queue_arm(queue.get(), err()), EALREADY, ACCEL_REASON_STATE);
}

void one_event_many_queues(Test &test)
{
	Space space = test.any_space();
	Event event = test.event();
	Lane first(test, space, 16, 0, &event), second(test, space, 16, 0, &event);
	int fd = accel_event_fd(event.get());

	for (int i = 0; i < 50; i++) {
		Lane &lane = i % 2 ? first : second;

		CHECK_EQ(accel_queue_arm(first.queue(), err()), 0);
		CHECK_EQ(accel_queue_arm(second.queue(), err()), 0);
		lane.post_nop();
		CHECK(readable(fd, kPatienceMs), "no signal in round {}", i);
		read_event(fd);
		lane.finish();
	}
	second.destroy();
	CHECK_ERRNO(accel_event_destroy(event.get(), err()), EBUSY, ACCEL_REASON_IN_USE);
}

} // namespace accel::conform::tests
