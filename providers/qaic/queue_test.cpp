// SPDX-License-Identifier: MIT
// Queues of a qaic card through the public interface: execution, polling, waiting, and the number of system calls.
#include "providers/qaic/card_test.hpp"

#include <cstring>
#include <thread>

namespace accel::core::qaic {
namespace {

using testing::Each;
using testing::SizeIs;

constexpr auto kSuccess = ACCEL_RING_STATUS_SUCCESS;

TEST_F(Card, ExecutesThirtyTwoTogetherByOneCall)
{
	start();
	Program program;
	auto buffers = program.make_buffers(32);
	std::vector<accel_completion> done(64);

	kernel.account().reset_counts();
	device->pause();
	ASSERT_TRUE(program.post(handles_of(buffers)));
	EXPECT_EQ(device->queued(), 32u);
	EXPECT_EQ(ioctls(ACCEL_QAIC_IOCTL_EXECUTE_BO), 1u);
	EXPECT_EQ(kernel.account().count(mock::Call::ioctl), 1u);
	EXPECT_EQ(program.queue.poll(done), 0u);
	device->resume();
	done = program.drain(32);
	ASSERT_THAT(done, SizeIs(32));
	EXPECT_THAT(done, Each(ended_as(kSuccess)));
	for (uint64_t i = 0; i < 32; i++)
		EXPECT_EQ(done[i].sequence, i);
	EXPECT_EQ(ioctls(ACCEL_QAIC_IOCTL_EXECUTE_BO), 1u);
	const accel_queue_info info = program.queue.query().value();
	EXPECT_EQ(info.submitted, 32u);
	EXPECT_EQ(info.completed, 32u);
	EXPECT_EQ(info.faults, 0u);
	EXPECT_EQ(info.kicks, 1u);
}

TEST_F(Card, EmptyPollDoesNotBlock)
{
	/* A tick of 2 s would be noticed. */
	start({.jiffy_ns = 2'000'000'000});
	Program program;
	auto buffers = program.make_buffers(32);
	accel_completion one;

	device->pause();
	ASSERT_TRUE(program.post(handles_of(buffers)));
	kernel.account().reset_counts();
	const auto begin = std::chrono::steady_clock::now();
	EXPECT_EQ(program.queue.poll({&one, 1}), 0u);
	EXPECT_EQ(ioctls(ACCEL_QAIC_IOCTL_PERF_STATS_BO), 1u);
	EXPECT_EQ(kernel.account().count(mock::Call::ioctl), 1u);
	EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(1));

	/* An idle queue makes no system call. */
	device->resume();
	EXPECT_THAT(program.drain(32), SizeIs(32));
	kernel.account().reset_counts();
	EXPECT_EQ(program.queue.poll({&one, 1}), 0u);
	EXPECT_EQ(kernel.account().count(mock::Call::ioctl), 0u);
}

TEST_F(Card, PollFindsWhatTookNoTime)
{
	/* An execution of less than a microsecond looks like one that has not ended. */
	start({.buffer_ns = 0});
	Program program;
	auto buffers = program.make_buffers(3);
	std::vector<accel_completion> done(3);
	uint32_t there = 0;

	ASSERT_TRUE(program.post(handles_of(buffers)));
	kernel.account().reset_counts();
	for (auto end = Program::in_ms(10000);
	     there < 3 && std::chrono::steady_clock::now() < end;) {
		there += program.queue.poll(std::span(done).subspan(there));
		std::this_thread::sleep_for(std::chrono::milliseconds(1));
	}
	EXPECT_EQ(there, 3u);
	EXPECT_THAT(done, Each(ended_as(kSuccess)));
	EXPECT_LE(ioctls(ACCEL_QAIC_IOCTL_WAIT_BO), 6u) << "not in every poll";

	/* A thread that waits need not poll. */
	ASSERT_TRUE(program.post(handles_of(buffers)));
	EXPECT_THAT(program.drain(3), Each(ended_as(kSuccess)));
}

TEST_F(Card, WaitTimesOutAndGoesOn)
{
	start();
	Program program;
	auto buffer = program.make_buffer();

	EXPECT_EQ(program.queue.wait(Program::in_ms(10)).error().name(), "ETIMEDOUT");
	device->pause();
	ASSERT_TRUE(program.post({handle_of(buffer)}));
	EXPECT_EQ(program.queue.wait(Program::in_ms(0)).error().name(), "ETIMEDOUT");
	EXPECT_EQ(program.queue.wait(Program::in_ms(30)).error().name(), "ETIMEDOUT");
	device->resume();
	EXPECT_THAT(program.drain(1), Each(ended_as(kSuccess)));
}

TEST_F(Card, WaitIsCutAndNeverTheDriversDefault)
{
	start({.default_timeout_ms = 3'600'000});
	Program program;
	auto buffer = program.make_buffer();

	device->pause();
	ASSERT_TRUE(program.post({handle_of(buffer)}));
	kernel.account().reset_counts();
	/* Less than a millisecond, and more than one piece. */
	EXPECT_FALSE(program.queue.wait(std::chrono::steady_clock::now() +
					std::chrono::microseconds(100)));
	EXPECT_FALSE(program.queue.wait(Program::in_ms(350)));
	EXPECT_GE(ioctls(ACCEL_QAIC_IOCTL_WAIT_BO), 5u);
	device->resume();
	EXPECT_THAT(program.drain(1), SizeIs(1));
}

TEST_F(Card, WaitSurvivesSignals)
{
	start();
	Program program;
	auto buffer = program.make_buffer();

	device->pause();
	ASSERT_TRUE(program.post({handle_of(buffer)}));
	std::thread signals([&] {
		for (int i = 0; i < 20; i++) {
			std::this_thread::sleep_for(std::chrono::milliseconds(1));
			kernel.interrupt();
		}
		device->resume();
	});
	EXPECT_TRUE(program.queue.wait());
	signals.join();
	EXPECT_THAT(program.drain(1), Each(ended_as(kSuccess)));
}

TEST_F(Card, ChannelWithFewerPlacesThanEntries)
{
	start();
	Program program(64, 5);
	auto buffers = program.make_buffers(32);

	ASSERT_TRUE(program.post(handles_of(buffers)));
	auto done = program.drain(32);
	ASSERT_THAT(done, SizeIs(32));
	EXPECT_THAT(done, Each(ended_as(kSuccess)));
	EXPECT_EQ(program.queue.query()->faults, 0u);
}

TEST_F(Card, ExecutesPartsOfBuffers)
{
	start();
	Program program(8, 16, 0, ACCEL_QAIC_QUEUE_FLAGS_PARTIAL);
	auto buffer = program.make_buffer(0x9000);
	accel_qaic_partial_execute_entry entry;

	memset(buffer.bytes().data(), 7, kPage);
	accel_qaic_partial_entry(&entry, buffer.get(), kToDevice, 100);
	ASSERT_TRUE(program.queue.submit(entry));
	EXPECT_THAT(program.drain(1), Each(ended_as(kSuccess)));
	EXPECT_EQ(device->device_bytes(0x9000 + 99, 1)[0], std::byte{7});
	EXPECT_EQ(device->device_bytes(0x9000 + 100, 1)[0], std::byte{0});
	accel_qaic_partial_entry(&entry, buffer.get(), kToDevice, kPage + 1);
	ASSERT_TRUE(program.queue.submit(entry));
	EXPECT_THAT(program.drain(1), Each(ended_as(ACCEL_RING_STATUS_SUBMIT_ERROR, EINVAL)));
}

TEST_F(Card, QueuesOfSeveralChannelsAndProducers)
{
	start({.buffer_ns = 1000});
	Program program(64, 256, ACCEL_QUEUE_FLAGS_MULTI_PRODUCER);
	auto buffers = program.make_buffers(4);
	std::vector<std::thread> producers;

	EXPECT_EQ(program.make_queue(program.channel, 8).error().name(), "EBUSY");
	const uint32_t other = program.activate(8);
	auto second = program.make_queue(other, 8);
	ASSERT_TRUE(second);
	EXPECT_NE(second->handle(), program.queue.handle());
	for (const accel::Buffer &buffer : buffers)
		producers.emplace_back([&] { ASSERT_TRUE(program.post({handle_of(buffer)})); });
	EXPECT_THAT(program.drain(4), SizeIs(4));
	for (std::thread &producer : producers)
		producer.join();
	EXPECT_TRUE(second->destroy());
	EXPECT_TRUE(program.make_queue(other, 8));
}

} // namespace
} // namespace accel::core::qaic
