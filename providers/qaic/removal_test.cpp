// SPDX-License-Identifier: MIT
// A card that is unplugged at random moments, and a fork with a queue. The seed is printed; ACCEL_SEED repeats a run as
// far as the scheduling of threads allows.
#include "providers/qaic/card_test.hpp"
#include "support/seed.hpp"

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <random>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace accel::core::qaic {
namespace {

using testing::Each;
using testing::SizeIs;

TEST_F(Card, RemovalEndsEveryWait)
{
	for (bool as_driver : {true, false}) {
		start({.removal_as_driver = as_driver});
		Program program;
		auto buffers = program.make_buffers(3);
		std::vector<accel_completion> done(3);
		accel::Result<void> waited;

		ASSERT_TRUE(program.post({handle_of(buffers[0])}));
		while (!device->queued() || program.queue.poll(done) == 0)
			continue;
		device->pause();
		ASSERT_TRUE(program.post({handle_of(buffers[1]), handle_of(buffers[2])}));
		std::thread waiter([&] { waited = program.queue.wait(); });
		while (!device->sleepers())
			std::this_thread::yield();
		kernel.remove(device);
		waiter.join();
		ASSERT_FALSE(waited);
		EXPECT_EQ(waited.error().name(), "ENODEV");
		EXPECT_EQ(waited.error().reason(), unsigned{ACCEL_REASON_UNPLUGGED});
		EXPECT_EQ(program.queue.poll(done), 0u);
		EXPECT_EQ(program.queue.wait(Program::in_ms(0)).error().name(), "ENODEV");
		EXPECT_EQ(program.queue.query()->state, uint32_t{ACCEL_QUEUE_STATE_GONE});
		EXPECT_EQ(program.device.query().error().name(), "ENODEV");
		EXPECT_EQ(accel::Buffer::create(program.device, 1).error().name(), "ENODEV");
		/* Mappings remain valid. */
		memset(buffers[0].bytes().data(), 1, kPage);
		EXPECT_TRUE(buffers[1].destroy());
		EXPECT_TRUE(program.queue.destroy());
	}
}

TEST_F(Card, RemovalIsFoundByPublishingAndPolling)
{
	start();
	Program program;
	auto buffer = program.make_buffer();
	accel_completion one;

	kernel.remove(device);
	ASSERT_TRUE(program.post({handle_of(buffer)}));
	EXPECT_EQ(program.queue.poll({&one, 1}), 0u);
	EXPECT_EQ(program.queue.wait().error().name(), "ENODEV");

	start();
	Program second;
	auto other = second.make_buffer();
	device->pause();
	ASSERT_TRUE(second.post({handle_of(other)}));
	kernel.remove(device);
	EXPECT_EQ(second.queue.poll({&one, 1}), 0u);
	EXPECT_EQ(second.queue.query()->state, uint32_t{ACCEL_QUEUE_STATE_GONE});
}

TEST_F(Card, ClosingEndsAWait)
{
	start();
	Program program;
	auto buffer = program.make_buffer();
	accel::Result<void> waited;

	device->pause();
	ASSERT_TRUE(program.post({handle_of(buffer)}));
	std::thread waiter([&] { waited = program.queue.wait(); });
	while (!device->sleepers())
		std::this_thread::yield();
	program.device.close();
	waiter.join();
	EXPECT_EQ(waited.error().name(), "ENODEV");
	EXPECT_EQ(program.device.ioctl(ACCEL_QAIC_IOCTL_WAIT_BO, nullptr), -EFAULT)
		<< "the owner was destroyed";
}

TEST_F(Card, ForkedChildUsesNothingAndFreesItsOwn)
{
	start();
	Program program;
	auto buffer = program.make_buffer();

	device->pause();
	ASSERT_TRUE(program.post({handle_of(buffer)}));
	const pid_t child = fork();
	if (child == 0) {
		accel_completion one;
		uint32_t handles[] = {handle_of(buffer)};
		const bool right =
			program.queue.wait().error().name() == "ESTALE" &&
			program.queue.poll({&one, 1}) == 0 && !program.post(handles) &&
			program.device.query().error().name() == "ESTALE" &&
			accel_qaic_detach_slices(program.device.get(), buffer.get()) == -ESTALE &&
			program.queue.destroy() && buffer.destroy() && program.space.destroy();

		program.device.close();
		_exit(right ? 0 : 1);
	}
	int status = -1;
	ASSERT_EQ(waitpid(child, &status, 0), child);
	EXPECT_EQ(status, 0);
	device->resume();
	EXPECT_THAT(program.drain(1), Each(ended_as(ACCEL_RING_STATUS_SUCCESS)));
}

/* Publishes as far as there is room until the queue is gone. */
void post_until_gone(const Program &program, const std::vector<uint32_t> &handles)
{
	for (;;) {
		auto info = program.queue.query();

		if (!info || info->state == ACCEL_QUEUE_STATE_GONE)
			return;
		if (!program.post(handles))
			std::this_thread::yield();
	}
}

/* Takes completions until a wait fails; returns its errno. */
int wait_until_gone(const Program &program, bool forever)
{
	std::vector<accel_completion> done(16);

	for (;;) {
		const uint32_t count = program.queue.poll(done);

		for (uint32_t i = 0; i < count; i++)
			EXPECT_TRUE(done[i].status == ACCEL_RING_STATUS_SUCCESS ||
				    done[i].status == ACCEL_RING_STATUS_SUBMIT_ERROR)
				<< unsigned{done[i].status} << " " << done[i].detail;
		auto waited =
			program.queue.wait(forever ? accel::Deadline::max() : Program::in_ms(1));
		if (!waited && waited.error().code() != ETIMEDOUT)
			return waited.error().code();
	}
}

/* Creates, maps and destroys buffers until the device is gone. */
int make_until_gone(const Program &program)
{
	for (;;) {
		auto buffer = accel::Buffer::create(program.device, kPage);

		if (!buffer)
			return buffer.error().code();
		buffer->bytes()[0] = std::byte{1};
		if (auto destroyed = buffer->destroy(); !destroyed)
			return destroyed.error().code();
	}
}

TEST_F(Card, ThousandRemovalsAtRandomMoments)
{
	std::mt19937 random(static_cast<unsigned>(support::seed()));

	for (int round = 0; round < 1000; round++) {
		start({.buffer_ns = random() % 3 * 10'000,
		       .jiffy_ns = 1'000'000,
		       .removal_as_driver = random() % 2 == 0});
		std::optional<Program> program(std::in_place, 16u, 4 + random() % 16);
		auto buffers = program->make_buffers(4);
		const auto handles = handles_of(buffers);
		const bool closes = random() % 8 == 0, forever = random() % 2;
		int waited = 0, made = ENODEV;
		std::vector<std::thread> threads;

		threads.emplace_back([&] { post_until_gone(*program, handles); });
		threads.emplace_back([&] { waited = wait_until_gone(*program, forever); });
		if (!closes)
			threads.emplace_back([&] { made = make_until_gone(*program); });
		std::this_thread::sleep_for(std::chrono::microseconds(random() % 400));
		threads.emplace_back([&] { kernel.remove(device); });
		if (closes)
			program->device.close();
		for (std::thread &thread : threads)
			thread.join();
		ASSERT_EQ(waited, ENODEV) << "round " << round;
		ASSERT_EQ(made, ENODEV) << "round " << round;
		buffers.clear();
		program.reset();
		ASSERT_TRUE(kernel.leaks().none()) << kernel.leaks().text << " round " << round;
	}
}

} // namespace
} // namespace accel::core::qaic
