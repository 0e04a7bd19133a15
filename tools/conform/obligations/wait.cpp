// SPDX-License-Identifier: MIT
// Obligations: waiting, deadlines, events, and devices that sleep.
#include "conform/tests.hpp"
#include "conform/work.hpp"

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
	Runner runner(test, space);

	for (uint64_t deadline : {uint64_t{0}, uint64_t{1}, now_ns() - 1})
		CHECK_ERRNO(accel_queue_wait(runner.queue(), deadline, err()), ETIMEDOUT,
			    ACCEL_REASON_DEADLINE);
	/* A completion that is available is reported whatever the deadline. */
	runner.post_nop();
	CHECK_OK(accel_queue_wait(runner.queue(), after_ms(kPatienceMs), err()));
	CHECK_OK(accel_queue_wait(runner.queue(), 0, err()));
	CHECK_OK(accel_queue_wait(runner.queue(), ACCEL_DEADLINE_FOREVER, err()));
	runner.finish();
}

void deadline_is_absolute(Test &test)
{
	Space space = test.any_space();
	Queue queue = test.queue(space);
	uint64_t deadline = after_ms(1200);

	/* The same deadline twice: the second wait has only the time that the first one left. */
	CHECK_ERRNO(accel_queue_wait(queue.get(), deadline, err()), ETIMEDOUT,
		    ACCEL_REASON_DEADLINE);
	CHECK_LE(deadline, now_ns());
	uint64_t least = UINT64_MAX;

	/* At least one of these is not delayed by other threads. */
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
	Runner runner(test, space);

	for (int i = 0; i < 20; i++) {
		std::jthread later([&] {
			/* Usually long enough for the waiter to sleep. */
			std::this_thread::sleep_for(i < 3 ? 100ms : 2ms);
			uint64_t at;

			if (!accel_ring_reserve(runner.ring(), 1, &at))
				return;
			runner.work().nop(at);
			accel_ring_publish(runner.ring(), at, 1);
		});
		accel_completion done;

		CHECK_OK(accel_queue_wait(runner.queue(), after_ms(kPatienceMs), err()));
		CHECK_EQ(accel_ring_poll(runner.ring(), &done, 1), 1u);
		CHECK_EQ(done.sequence, static_cast<uint64_t>(i));
	}
}

void device_wakes_from_sleep(Test &test)
{
	Space space = test.any_space();
	Runner runner(test, space);

	for (auto pause : {300ms, 100ms, 20ms, 5ms, 1ms}) {
		std::this_thread::sleep_for(pause);
		CHECK_STATUS(runner.run_nop(), ACCEL_RING_STATUS_SUCCESS);
	}
	/* At every moment of the device's going to sleep. */
	for (int i = 0; i < 3000; i++) {
		uint64_t until = now_ns() + test.pick(0, 60000);

		while (now_ns() < until)
			;
		CHECK_STATUS(runner.run_nop(), ACCEL_RING_STATUS_SUCCESS);
	}
}

void wait_does_not_take(Test &test)
{
	Space space = test.any_space();
	Runner runner(test, space);
	accel_completion done[4];

	runner.post_nop();
	for (int i = 0; i < 10; i++)
		CHECK_OK(accel_queue_wait(runner.queue(), after_ms(kPatienceMs), err()));
	CHECK_EQ(accel_ring_poll(runner.ring(), done, 4), 1u);
	CHECK_EQ(accel_ring_poll(runner.ring(), done, 4), 0u);
}

void arm_and_poll(Test &test)
{
	Space space = test.any_space();
	Event event = test.event();
	Runner runner(test, space, 16, 0, &event);
	int fd = accel_event_fd(event.get());

	CHECK_GE(fd, 0);
	for (int i = 0; i < 200; i++) {
		int armed = accel_queue_arm(runner.queue(), err());

		CHECK_EQ(armed, 0);
		runner.post_nop();
		CHECK(readable(fd, kPatienceMs), "the event was not signalled in round {}", i);
		CHECK_EQ(read_event(fd), 1u);
		/* A completion is available: do not sleep. */
		CHECK_EQ(accel_queue_arm(runner.queue(), err()), 1);
		runner.finish();
		CHECK(!readable(fd, 0), "a second signal in round {}", i);
	}
}

void unarmed_is_silent(Test &test)
{
	Space space = test.any_space();
	Event event = test.event();
	Runner runner(test, space, 64, 0, &event);
	int fd = accel_event_fd(event.get());

	for (int i = 0; i < 200; i++)
		runner.post_nop();
	runner.finish();
	CHECK(!readable(fd, 50), "a signal without arm");
	/* One arm and many completions cause one signal. */
	CHECK_EQ(accel_queue_arm(runner.queue(), err()), 0);
	for (int i = 0; i < 60; i++)
		runner.post_nop();
	runner.finish();
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
	Runner first(test, space, 16, 0, &event), second(test, space, 16, 0, &event);
	int fd = accel_event_fd(event.get());

	for (int i = 0; i < 50; i++) {
		Runner &runner = i % 2 ? first : second;

		CHECK_EQ(accel_queue_arm(first.queue(), err()), 0);
		CHECK_EQ(accel_queue_arm(second.queue(), err()), 0);
		runner.post_nop();
		CHECK(readable(fd, kPatienceMs), "no signal in round {}", i);
		read_event(fd);
		runner.finish();
	}
	second.destroy();
	CHECK_ERRNO(accel_event_destroy(event.get(), err()), EBUSY, ACCEL_REASON_IN_USE);
}

} // namespace accel::conform::tests
