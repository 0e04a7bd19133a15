// SPDX-License-Identifier: MIT
// Refusals of the driver, answers of a broken driver, and each system call failing once.
#include "providers/qaic/card_test.hpp"

#include <cstring>

namespace accel::core::qaic {
namespace {

using mock::Call;
using mock::QaicLie;
using testing::Each;
using testing::ElementsAre;
using testing::SizeIs;

TEST_F(Card, BadEntryInTheMiddleFailsAlone)
{
	start();
	Program program;
	auto buffers = program.make_buffers(32);
	auto handles = handles_of(buffers);

	handles[13] = 0xdead;	   // not a buffer
	handles[20] = handles[19]; // already queued
	device->pause();	   // no entry ends before the last one is submitted
	ASSERT_TRUE(program.post(handles));
	device->resume();
	auto done = program.drain(32);
	ASSERT_THAT(done, SizeIs(32));
	for (size_t i = 0; i < 32; i++) {
		EXPECT_EQ(done[i].sequence, i);
		EXPECT_THAT(done[i], i == 13 ? ended_as(kRefused, ENOENT) :
				     i == 20 ? ended_as(kRefused, EINVAL) :
					       ended_as(kSuccess))
			<< i;
	}
	EXPECT_EQ(program.queue.query()->submitted, 30u);
	EXPECT_EQ(program.queue.query()->faults, 2u);
}

TEST_F(Card, KickThatIsRefusedCompletesAllOfIt)
{
	start();
	Program program;
	auto buffers = program.make_buffers(8);
	auto unsliced = accel::Buffer::create(program.device, kPage).value();
	const uint32_t none = handle_of(unsliced);

	ASSERT_TRUE(program.post({none, none, none, 0}));
	auto done = program.drain(4);
	EXPECT_THAT(done, ElementsAre(ended_as(kRefused, EINVAL), ended_as(kRefused, EINVAL),
				      ended_as(kRefused, EINVAL), ended_as(kRefused, ENOENT)));
	/* The others work as before. */
	ASSERT_TRUE(program.post(handles_of(buffers)));
	EXPECT_THAT(program.drain(8), Each(ended_as(kSuccess)));
}

TEST_F(Card, SignalsWhileEntriesAreHandedOver)
{
	start();
	Program program;
	auto buffers = program.make_buffers(32);

	for (uint64_t nth = 1; nth <= 20; nth++)
		kernel.account().fail_ioctl(ACCEL_QAIC_IOCTL_EXECUTE_BO, nth, EINTR);
	ASSERT_TRUE(program.post(handles_of(buffers)));
	EXPECT_THAT(program.drain(32), Each(ended_as(kSuccess)));
	EXPECT_EQ(program.queue.query()->faults, 0u);
	EXPECT_EQ(kernel.account().failed(), 20u);
}

TEST_F(Card, QueueOptionsThatAreWrong)
{
	start();
	Program program;
	const uint32_t channel = program.activate(8);
	struct {
		accel_qaic_queue_options known;
		uint32_t more[4];
	} longer{{channel, 0}, {}};
	auto make = [&](std::span<const std::byte> driver, uint32_t entries = 8,
			uint64_t flags = 0) {
		auto made = accel::Queue::create(
			program.space, {.entries = entries, .flags = flags, .driver = driver});
		return made ? "" : std::string(made.error().name());
	};
	const auto bytes = std::as_bytes(std::span(&longer, 1));
	const auto good = bytes.first(sizeof(longer.known));

	EXPECT_EQ(make({}), "EINVAL");
	for (size_t size = 1; size < good.size(); size++)
		EXPECT_EQ(make(bytes.first(size)), "EINVAL") << size;
	EXPECT_EQ(make(bytes), "") << "longer options with a zero tail";
	longer.more[3] = 1;
	EXPECT_EQ(make(bytes), "E2BIG");
	EXPECT_EQ(make(good, 3), "EINVAL");
	EXPECT_EQ(make(good, 1), "EINVAL");
	EXPECT_EQ(make(good, 65536), "EINVAL");
	EXPECT_EQ(make(good, 32768), "");
	EXPECT_EQ(make(good, 8, ACCEL_QUEUE_FLAGS_STOP_ON_FAULT), "EOPNOTSUPP");
	EXPECT_EQ(make(good, 8, 0x8000), "EINVAL");
	longer.known.flags = 2;
	EXPECT_EQ(make(good), "EINVAL");
	for (uint32_t dbc : {5u, 16u, UINT32_MAX}) { // not activated; not a channel
		longer.known = {dbc, 0};
		EXPECT_EQ(make(good), "EINVAL") << dbc;
	}
	EXPECT_EQ(program.device.query()->queues, 1u);
	EXPECT_TRUE(program.queue.destroy());
	EXPECT_TRUE(program.space.destroy()) << "none of these was counted";
}

TEST_F(Card, BuffersAndSpacesThatAreWrong)
{
	start({.most_buffer_bytes = 1 << 20});
	Program program;
	const uint32_t blob = 1;
	auto make = [&](uint64_t size, const accel::BufferOptions &options = {}) {
		auto made = accel::Buffer::create(program.device, size, options);
		return made ? "" : std::string(made.error().name());
	};

	EXPECT_EQ(make(0), "EINVAL");
	EXPECT_EQ(make(UINT64_MAX), "EINVAL");
	EXPECT_EQ(make(1 << 21), "ENOMEM");
	EXPECT_EQ(make(1, {.flags = ACCEL_BUFFER_FLAGS_WRITE_COMBINED}), "EOPNOTSUPP");
	EXPECT_EQ(make(1, {.flags = 0x100}), "EINVAL");
	EXPECT_EQ(make(1, {.driver = std::as_bytes(std::span(&blob, 1))}), "EOPNOTSUPP");
	for (auto mode : {accel::AddressMode::shared, accel::AddressMode::mapped}) {
		auto none = accel::AddressSpace::create(program.device, mode);
		ASSERT_FALSE(none);
		EXPECT_EQ(none.error().name(), "EOPNOTSUPP");
		EXPECT_EQ(none.error().reason(), unsigned{ACCEL_REASON_UNSUPPORTED});
	}
	EXPECT_EQ(
		accel::AddressSpace::create(program.device, accel::AddressMode{77}).error().name(),
		"EINVAL");
	EXPECT_EQ(program.queue.poll_fd().error().name(), "EOPNOTSUPP");
	EXPECT_EQ(accel_device_ioctl(nullptr, 0, nullptr), -EFAULT);
	EXPECT_EQ(accel::Device::open("null0")->ioctl(0, nullptr), -EOPNOTSUPP);
}

TEST_F(Card, AnswersThatMakeNoSense)
{
	start();
	Program program;
	auto buffers = program.make_buffers(4);
	const uint64_t request = 5;
	auto commands =
		accel::CommandChannel::create(program.device, accel::Scope::configuration).value();
	uint64_t room[600] = {};
	auto execute = [&] {
		return commands.execute(std::as_bytes(std::span(&request, 1)),
					std::as_writable_bytes(std::span(room)));
	};

	for (QaicLie lie : {QaicLie::answer_length, QaicLie::item_length, QaicLie::item_type}) {
		accel_qaic_status_answer status{};
		uint32_t channel = 77;

		device->lie(lie);
		EXPECT_EQ(execute().error().name(), "EIO") << static_cast<int>(lie);
		EXPECT_EQ(accel_qaic_read_status(program.device.get(), &status), -EPROTO);
		EXPECT_EQ(accel_qaic_activate_channel(program.device.get(), 4, 0, &channel),
			  -EPROTO);
		EXPECT_EQ(channel, 77u);
	}
	for (QaicLie lie : {QaicLie::channel, QaicLie::status}) {
		uint32_t channel = 77;

		device->lie(lie);
		EXPECT_EQ(accel_qaic_activate_channel(program.device.get(), 4, 0, &channel),
			  -EPROTO);
		EXPECT_EQ(channel, 77u);
	}
	device->lie(QaicLie::answer_count);
	EXPECT_EQ(execute().value(), 8u) << "the count is ignored";
	for (QaicLie lie : {QaicLie::handle, QaicLie::map_offset}) {
		device->lie(lie);
		EXPECT_EQ(accel::Buffer::create(program.device, kPage).error().name(), "EIO");
	}
	device->lie(QaicLie::none);
	EXPECT_TRUE(execute());
	EXPECT_TRUE(accel::Buffer::create(program.device, kPage));
}

TEST_F(Card, ExecutionThatMakesNoSense)
{
	start();
	Program program;
	auto buffers = program.make_buffers(4);
	std::vector<accel_completion> done(4);

	/* The driver reports that all entries have ended, and none has. */
	device->lie(QaicLie::latency);
	device->pause();
	ASSERT_TRUE(program.post(handles_of(buffers)));
	kernel.account().reset_counts();
	EXPECT_EQ(program.queue.poll(done), 0u);
	EXPECT_EQ(ioctls(ACCEL_QAIC_IOCTL_WAIT_BO), 1u) << "its answer is not trusted again";
	device->resume();
	EXPECT_THAT(program.drain(4), Each(ended_as(kSuccess)));

	device->lie(QaicLie::wait_result);
	ASSERT_TRUE(program.post(handles_of(buffers)));
	done = program.drain(4);
	ASSERT_THAT(done, SizeIs(4));
	EXPECT_THAT(done, Each(ended_as(kUnknown, EPROTO)));
	device->lie(QaicLie::none);
}

/* A careful program: it stops at the first failure, and its owners free everything. */
bool session()
{
	auto device = accel::Device::open("accel0");
	if (!device)
		return false;
	auto space = accel::AddressSpace::create(*device, accel::AddressMode::handles);
	uint32_t channel;
	if (!space || accel_qaic_activate_channel(device->get(), 8, 0, &channel) < 0)
		return false;
	const accel_qaic_queue_options options{channel, 0};
	auto queue = accel::Queue::create(
		*space, {.entries = 4, .driver = std::as_bytes(std::span(&options, 1))});
	auto buffer = accel::Buffer::create(*device, kPage);
	if (!queue || !buffer)
		return false;
	accel_qaic_slice slice{};
	slice.size = kPage;
	if (accel_qaic_attach_slices(device->get(), buffer->get(), channel, kToDevice, &slice, 1) <
	    0)
		return false;
	accel_qaic_execute_entry entry;
	accel_qaic_entry(&entry, buffer->get(), kToDevice);
	if (!queue->submit(entry))
		return false;
	auto done = queue->wait_one(Program::in_ms(5000));
	return done && done->status == kSuccess && buffer->destroy() && queue->destroy() &&
	       space->destroy();
}

TEST_F(Card, EveryCallFailsOnce)
{
	start();
	ASSERT_TRUE(session());
	for (Call kind : {Call::open, Call::ioctl, Call::mmap, Call::madvise, Call::memfd_create,
			  Call::ftruncate}) {
		for (int error : {ENOMEM, EINTR, EIO, EPERM, ENODEV, EAGAIN}) {
			kernel.account().reset_counts();
			ASSERT_TRUE(session());
			const uint64_t calls = kernel.account().count(kind);
			ASSERT_GT(calls, 0u) << static_cast<int>(kind);
			int failures = 0;
			for (uint64_t n = 1; n <= calls; n++) {
				kernel.account().fail(kind, n, error);
				failures += !session();
				kernel.account().clear();
				EXPECT_TRUE(kernel.leaks().none())
					<< kernel.leaks().text << " kind " << static_cast<int>(kind)
					<< " call " << n << " errno " << error;
				EXPECT_EQ(device->channels_in_use(), 0u);
			}
			EXPECT_GT(failures, 0);
		}
	}
	EXPECT_TRUE(session());
}

} // namespace
} // namespace accel::core::qaic
