// SPDX-License-Identifier: MIT
// Obligations: destroying and closing while the device works.
#include "conform/tests.hpp"
#include "conform/work.hpp"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

namespace accel::conform::tests {

namespace {

constexpr size_t kPiece = 1 << 20;
constexpr unsigned kJobs = 60;
/* One range to read, and one range to write for each job, because jobs may run in parallel. */
constexpr size_t kBytes = (1 + kJobs) * kPiece;

void post_long(Runner &runner, const Memory &memory, unsigned first = 0, unsigned end = kJobs)
{
	for (unsigned i = first; i < end; i++)
		runner.post_copy(memory.iova((1 + i) * kPiece), memory.iova(), kPiece);
}

/* The device must not write to the ranges of the jobs any more. */
void check_quiet(const Memory &memory)
{
	std::memset(memory.at(kPiece), 0x77, kBytes - kPiece);
	std::this_thread::sleep_for(std::chrono::milliseconds(30));
	for (size_t i = kPiece; i < kBytes; i += 256)
		CHECK(memory.at()[i] == 0x77, "byte {} was written afterwards", i);
}

} // namespace

void destroy_busy_queue(Test &test)
{
	Space space = test.any_space();
	Memory memory(space, kBytes);

	memory.clear(1);
	for (int i = 0; i < 8; i++) {
		Runner runner(test, space, 64);

		post_long(runner, memory);
		if (i % 2)
			runner.take();
		runner.destroy();
		check_quiet(memory);
	}
	CHECK_QUEUES(test.device(), test.caps().queues);
}

void destroy_leaves_neighbours(Test &test)
{
	Space space = test.any_space();
	Memory memory(space, kBytes), small(space, 8192);
	Runner neighbour(test, space, 16);

	small.randomize(test);
	for (int i = 0; i < 5; i++) {
		Runner runner(test, space, 64);

		post_long(runner, memory);
		for (uint64_t k = 0; k < 8; k++)
			neighbour.post_copy(small.iova(4096 + k * 8), small.iova(k * 8), 8);
		runner.destroy();
		neighbour.finish();
		CHECK_SAME(small.at(4096), small.at(), 64);
	}
}

void close_busy_device(Test &test)
{
	const accel_device_caps before = test.caps();

	for (int i = 0; i < 5; i++) {
		Device device = test.open();
		Space space = test.any_space(&device);
		Memory memory(space, kBytes);
		Runner first(test, space, 64), second(test, space, 64);

		memory.clear(1);
		post_long(first, memory, 0, kJobs / 2);
		post_long(second, memory, kJobs / 2, kJobs);
		device.close();
		check_quiet(memory);
		CHECK_QUEUES(test.device(), before.queues);
		CHECK_CLIENTS(test.device(), before.clients);
	}
}

void close_wakes_waiters(Test &test)
{
	for (int i = 0; i < 3; i++) {
		Device device = test.open();
		Space space = test.any_space(&device);
		Queue queue = test.queue(space);
		int result = 0;
		std::jthread waiter([&] {
			result = accel_queue_wait(queue.get(), after_ms(kPatienceMs), nullptr);
		});

		std::this_thread::sleep_for(std::chrono::milliseconds(i * 60));
		uint64_t start = now_ns();

		device.close();
		waiter.join();
		CHECK_EQ(result, -ENODEV);
		CHECK_LT(now_ns() - start, (kPatienceMs - 5000) * 1000000);
	}
}

void busy_space_stays(Test &test)
{
	Space space = test.any_space();
	Memory memory(space, kBytes);
	Runner runner(test, space, 64);

	memory.clear(0);
	std::memset(memory.at(), 9, kPiece);
	post_long(runner, memory);
	for (int i = 0; i < 20; i++)
		CHECK_ERRNO(accel_address_space_destroy(space.get(), err()), EBUSY,
			    ACCEL_REASON_IN_USE);
	runner.finish();
	for (unsigned i = 1; i <= kJobs; i++)
		CHECK_SAME(memory.at(i * kPiece), memory.at(), kPiece);
}

void resume_busy_queue(Test &test)
{
	Space space = test.any_space();
	Memory memory(space, kBytes);
	Runner runner(test, space, 64, ACCEL_QUEUE_FLAGS_STOP_ON_FAULT);

	post_long(runner, memory);
	CHECK_ERRNO(accel_queue_resume(runner.queue(), err()), EALREADY, ACCEL_REASON_STATE);
	runner.finish();
}

} // namespace accel::conform::tests
