// SPDX-License-Identifier: MIT
// Execution in the mock qaic driver: all or nothing, full queues, waiting, times.
#include "mock/qaic/fixture.hpp"

#include <cerrno>

namespace accel::core::mock {
namespace {

TEST_F(Qaic, AllAreQueuedOrNone)
{
	start();
	const uint32_t channel = client->make_channel();
	const uint32_t other = client->make_channel();
	const uint32_t plain = client->make_buffer();
	std::vector<uint32_t> good;

	for (int i = 0; i < 3; i++)
		good.push_back(client->make_sliced(channel));
	device->pause();
	EXPECT_EQ(client->execute(channel, {good[0], good[1], 0xdead}), -ENOENT);
	EXPECT_EQ(client->execute(channel, {good[0], good[1], plain}), -EINVAL);
	EXPECT_EQ(client->execute(channel, {good[0], good[1], good[0]}), -EINVAL);
	EXPECT_EQ(device->queued(), 0u);
	EXPECT_EQ(client->execute(channel, {good[0], good[1]}), 0);
	EXPECT_EQ(client->execute(channel, {good[2], good[1]}), -EINVAL) << "already queued";
	EXPECT_EQ(client->execute(other, {good[0]}), -EINVAL);
	EXPECT_EQ(device->queued(), 2u);
	device->resume();
	for (int i = 0; i < 2; i++)
		EXPECT_EQ(client->wait(channel, good[i], 100), 0);
	EXPECT_EQ(client->execute(channel, good), 0);
	EXPECT_EQ(client->wait(channel, good[2], 100), 0);
}

/* Surprising behaviour of the driver: the effect of reinit_completion() remains after a refusal. */
TEST_F(Qaic, BufferOfARefusedListIsNotDoneBeforeItIsExecuted)
{
	start();
	const uint32_t channel = client->make_channel();
	const uint32_t buffer = client->make_sliced(channel);

	EXPECT_EQ(client->wait(channel, buffer, 1), 0) << "never queued";
	EXPECT_EQ(client->execute(channel, {buffer, 0xdead}), -ENOENT)
		<< "the refused entry precedes it";
	EXPECT_EQ(client->execute(channel, {buffer, client->make_buffer()}), -EINVAL);
	EXPECT_EQ(client->wait(channel, buffer, 1), -ETIMEDOUT);
	EXPECT_EQ(client->execute(channel, {buffer}), 0);
	EXPECT_EQ(client->wait(channel, buffer, 100), 0);
}

TEST_F(Qaic, FullQueueIsTryAgain)
{
	start();
	const uint32_t channel = client->make_channel(5);
	std::vector<uint32_t> buffers;

	for (int i = 0; i < 5; i++)
		buffers.push_back(client->make_sliced(channel));
	device->pause();
	EXPECT_EQ(client->execute(channel, buffers), -EAGAIN) << "one entry stays empty";
	EXPECT_EQ(device->queued(), 0u);
	const uint32_t last = buffers.back();
	buffers.pop_back();
	EXPECT_EQ(client->execute(channel, buffers), 0);
	EXPECT_EQ(client->execute(channel, {last}), -EAGAIN);
	device->resume();
	EXPECT_EQ(client->wait(channel, buffers[0], 100), 0);
	EXPECT_EQ(client->execute(channel, {last}), 0);
	EXPECT_EQ(client->wait(channel, last, 100), 0);
}

TEST_F(Qaic, DepthOfTheQueueCanBeLess)
{
	start({.fifo_entries = 2});
	const uint32_t channel = client->make_channel(64);
	const uint32_t one = client->make_sliced(channel), two = client->make_sliced(channel);

	device->pause();
	EXPECT_EQ(client->execute(channel, {one, two}), -EAGAIN);
	EXPECT_EQ(client->execute(channel, {one}), 0);
	device->resume();
	EXPECT_EQ(client->wait(channel, one, 100), 0);
}

TEST_F(Qaic, OneCallQueuesThirtyTwo)
{
	start();
	const uint32_t channel = client->make_channel();
	std::vector<uint32_t> buffers;

	for (int i = 0; i < 32; i++)
		buffers.push_back(client->make_sliced(channel));
	kernel.account().reset_counts();
	EXPECT_EQ(client->execute(channel, buffers), 0);
	EXPECT_EQ(kernel.account().count_ioctl(ACCEL_QAIC_IOCTL_EXECUTE_BO), 1u);
	EXPECT_EQ(kernel.account().count(Call::ioctl), 1u);
	for (uint32_t buffer : buffers)
		EXPECT_EQ(client->wait(channel, buffer, 100), 0);
}

TEST_F(Qaic, WaitEndsByTimeInTicks)
{
	start({.jiffy_ns = 20'000'000, .default_timeout_ms = 45});
	const uint32_t channel = client->make_channel();
	const uint32_t buffer = client->make_sliced(channel);
	auto timed = [&](uint32_t ms) {
		const uint64_t start_ns = sys::now_ns();
		EXPECT_EQ(client->wait(channel, buffer, ms), -ETIMEDOUT);
		return (sys::now_ns() - start_ns) / 1000000;
	};

	device->pause();
	EXPECT_EQ(client->execute(channel, {buffer}), 0);
	(void)timed(1); // ends at a tick
	EXPECT_GE(timed(1), 30u) << "the rest of one tick, and a complete one";
	EXPECT_GE(timed(21), 39u) << "two";
	EXPECT_GE(timed(0), 59u) << "the driver's default, rounded up";
	device->resume();
	EXPECT_EQ(client->wait(channel, buffer, 0), 0);
	EXPECT_EQ(client->wait(channel, buffer, 1), 0);
}

TEST_F(Qaic, WaitEndsWithTheTransfer)
{
	start({.buffer_ns = 5'000'000});
	const uint32_t channel = client->make_channel();
	const uint32_t buffer = client->make_sliced(channel);
	const uint64_t start_ns = sys::now_ns();

	EXPECT_EQ(client->execute(channel, {buffer}), 0);
	EXPECT_EQ(client->wait(channel, buffer, 1000), 0);
	EXPECT_GE(sys::now_ns() - start_ns, 5'000'000u);
	EXPECT_LT(sys::now_ns() - start_ns, 900'000'000u);
}

TEST_F(Qaic, TimesOfTheLastExecution)
{
	start({.buffer_ns = 2'000'000});
	const uint32_t channel = client->make_channel();
	const uint32_t other = client->make_channel();
	const uint32_t one = client->make_sliced(channel), two = client->make_sliced(channel);
	accel_qaic_perf_stats_entry entry;

	EXPECT_EQ(client->stats(channel, one, &entry), 0);
	EXPECT_EQ(entry.device_latency_us, 0u) << "never executed";
	EXPECT_EQ(entry.num_queue_element, 1u);
	EXPECT_EQ(client->stats(other, one, &entry), -EINVAL);
	EXPECT_EQ(client->stats(channel, client->make_buffer(), &entry), -EINVAL);
	EXPECT_EQ(entry.device_latency_us, 0u);

	device->pause();
	EXPECT_EQ(client->execute(channel, {one, two}), 0);
	EXPECT_EQ(client->stats(channel, two, &entry), 0);
	EXPECT_EQ(entry.device_latency_us, 0u) << "queued";
	EXPECT_EQ(entry.queue_level_before, 1u);
	device->resume();
	EXPECT_EQ(client->wait(channel, two, 1000), 0);
	EXPECT_EQ(client->stats(channel, two, &entry), 0);
	EXPECT_GE(entry.device_latency_us, 4000u);
	EXPECT_EQ(client->stats(channel, one, &entry), 0);
	EXPECT_EQ(entry.queue_level_before, 0u);
	/* Another execution: the old end is before the new start. */
	device->pause();
	EXPECT_EQ(client->execute(channel, {one}), 0);
	EXPECT_EQ(client->stats(channel, one, &entry), 0);
	EXPECT_EQ(entry.device_latency_us, 0u);
	device->resume();
}

TEST_F(Qaic, TimesAreAllWrittenOrNone)
{
	start({.buffer_ns = 0});
	const uint32_t channel = client->make_channel();
	accel_qaic_perf_stats_entry entries[2] = {};
	accel_qaic_perf_stats argument{{2, 0, channel}, reinterpret_cast<uint64_t>(entries)};

	entries[0].handle = client->make_sliced(channel);
	entries[0].num_queue_element = 99;
	entries[1].handle = client->make_buffer();
	EXPECT_EQ(client->call(ACCEL_QAIC_IOCTL_PERF_STATS_BO, argument), -EINVAL);
	EXPECT_EQ(entries[0].num_queue_element, 99u);
	argument.header.count = 0;
	argument.data = 0;
	EXPECT_EQ(client->call(ACCEL_QAIC_IOCTL_PERF_STATS_BO, argument), 0);
}

TEST_F(Qaic, EndOfTheChannelEndsWhatIsQueued)
{
	start({.buffer_ns = 0});
	const uint32_t channel = client->make_channel();
	const uint32_t buffer = client->make_sliced(channel, 0x9000);
	auto *at = static_cast<char *>(client->map(buffer));
	accel_qaic_perf_stats_entry entry;
	accel_qaic_slice slice = {};

	at[0] = 'x';
	device->pause();
	EXPECT_EQ(client->execute(channel, {buffer}), 0);
	EXPECT_EQ(client->deactivate(channel), 0);
	device->resume();
	EXPECT_EQ(device->queued(), 0u);
	const uint32_t next = client->make_channel();
	EXPECT_EQ(client->wait(next, buffer, 1), 0);
	EXPECT_EQ(device->device_bytes(0x9000, 1)[0], std::byte{0})
		<< "the buffer was not executed";
	EXPECT_EQ(client->attach(buffer, next, kToDevice, {&slice, 1}), 0)
		<< "its slices were removed";
	EXPECT_EQ(client->stats(next, buffer, &entry), 0);
	EXPECT_EQ(entry.submit_latency_us, 0u) << "its times were cleared";
	sys::munmap(at, kPage);
}

} // namespace
} // namespace accel::core::mock
