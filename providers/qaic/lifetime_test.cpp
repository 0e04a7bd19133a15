// SPDX-License-Identifier: MIT
// Buffers that are destroyed and channels that are deactivated while entries need them.
#include "providers/qaic/card_test.hpp"

#include <thread>

namespace accel::core::qaic {
namespace {

using testing::Each;
using testing::SizeIs;

TEST_F(Card, BufferThatIsDestroyedWhileItIsQueued)
{
	start();
	Program program;
	auto buffers = program.make_buffers(3);
	std::vector<accel_completion> done(3);

	device->pause();
	ASSERT_TRUE(program.post(handles_of(buffers)));
	EXPECT_EQ(accel_qaic_detach_slices(program.device.get(), buffers[0].get()), -EBUSY);
	const uint32_t destroyed = handle_of(buffers[1]);
	const size_t handles = kernel.leaks().handles;
	EXPECT_TRUE(buffers[1].destroy());
	/* The kernel would reuse a freed number, and the entry would appear to be complete. */
	auto other = accel::Buffer::create(program.device, kPage).value();
	EXPECT_NE(handle_of(other), destroyed);
	EXPECT_EQ(program.queue.poll(done), 0u);
	device->resume();
	EXPECT_THAT(program.drain(3), Each(ended_as(kSuccess)));
	EXPECT_EQ(accel_qaic_detach_slices(program.device.get(), buffers[0].get()), 0);
	EXPECT_EQ(kernel.leaks().handles, handles) << "one handle less, and one more";
	EXPECT_EQ(handle_of(accel::Buffer::create(program.device, kPage).value()), destroyed);
}

TEST_F(Card, BufferThatIsDestroyedBeforeItIsQueued)
{
	start();
	Program program(8, 2); // the channel keeps one entry empty
	auto buffers = program.make_buffers(3);
	const uint32_t destroyed = handle_of(buffers[2]);

	device->pause();
	ASSERT_TRUE(program.post(handles_of(buffers)));
	EXPECT_EQ(device->queued(), 1u);
	EXPECT_TRUE(buffers[2].destroy());
	EXPECT_NE(handle_of(program.make_buffer()), destroyed);
	device->resume();
	EXPECT_THAT(program.drain(3), Each(ended_as(kSuccess)));
}

TEST_F(Card, BufferOfAnEntryThatIsRefusedIsFreed)
{
	start();
	Program program;
	auto unsliced = accel::Buffer::create(program.device, kPage).value();
	const uint32_t handle = handle_of(unsliced);

	ASSERT_TRUE(program.post({handle, handle}));
	EXPECT_THAT(program.drain(2), Each(ended_as(kRefused, EINVAL)));
	EXPECT_TRUE(unsliced.destroy());
	EXPECT_EQ(handle_of(accel::Buffer::create(program.device, kPage).value()), handle);
}

TEST_F(Card, BufferOfAQueueThatIsDestroyedIsFreed)
{
	start();
	Program program;
	auto buffer = program.make_buffer();
	const uint32_t handle = handle_of(buffer);

	device->pause();
	ASSERT_TRUE(program.post({handle}));
	EXPECT_TRUE(buffer.destroy());
	EXPECT_TRUE(program.queue.destroy());
	EXPECT_EQ(handle_of(accel::Buffer::create(program.device, kPage).value()), handle);
	device->resume();
}

TEST_F(Card, ChannelThatEndsWithEntriesInIt)
{
	start();
	const uint64_t command = 1;

	for (bool crash : {false, true}) {
		Program program;
		auto buffers = program.make_buffers(5);

		device->pause();
		ASSERT_TRUE(program.post(handles_of(buffers)));
		if (crash)
			device->crash(program.channel);
		else
			EXPECT_EQ(accel_qaic_deactivate_channel(program.device.get(),
								program.channel, &command, 8),
				  0);
		auto done = program.drain(5);
		ASSERT_THAT(done, SizeIs(5));
		EXPECT_THAT(done, Each(ended_as(kUnknown, EPERM)));
		ASSERT_TRUE(program.post({handle_of(buffers[0])}));
		EXPECT_THAT(program.drain(1), Each(ended_as(kRefused, EPERM)));
		device->recover();
		device->resume();
	}
}

/* Only a thread that sleeps in the kernel for the oldest entry gets the errno of a crash. */
TEST_F(Card, CrashDuringAWait)
{
	start();
	Program program;
	auto buffers = program.make_buffers(2);
	accel::Result<void> waited;

	device->pause();
	ASSERT_TRUE(program.post(handles_of(buffers)));
	std::thread waiter([&] { waited = program.queue.wait(); });
	while (!device->sleepers())
		std::this_thread::yield();
	device->crash(program.channel);
	waiter.join();
	EXPECT_TRUE(waited);
	auto done = program.drain(2);
	ASSERT_THAT(done, SizeIs(2));
	EXPECT_THAT(done[0], ended_as(kUnknown, EPIPE));
	EXPECT_THAT(done[1], ended_as(kUnknown, EPERM));
	device->recover();
	device->resume();
}

} // namespace
} // namespace accel::core::qaic
