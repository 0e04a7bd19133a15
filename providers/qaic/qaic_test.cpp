// SPDX-License-Identifier: MIT
// A qaic card through the public interface: the list, channels, buffers, execution, and the number of system calls.
#include "providers/qaic/card_test.hpp"

#include <cstring>
#include <thread>

namespace accel::core::qaic {
namespace {

using testing::Each;
using testing::SizeIs;

constexpr auto kSuccess = ACCEL_RING_STATUS_SUCCESS;

TEST_F(Card, IsInTheList)
{
	start();
	auto list = accel::devices().value();
	accel::DeviceInfo found{};

	for (accel::DeviceInfo info : list)
		if (info.name == "accel0")
			found = info;
	EXPECT_TRUE(found.usable) << found.reason;
	EXPECT_EQ(found.provider, "qaic");
	EXPECT_EQ(found.driver, "qaic");
	EXPECT_EQ(found.tested, "mock");
	EXPECT_EQ(found.description, "Qualcomm Cloud AI 100");
	EXPECT_EQ(found.path, "/dev/accel/accel0");
	EXPECT_EQ(found.address, "0000:03:00.0");
	EXPECT_EQ(found.pci_vendor, 0x17cbu);
	EXPECT_EQ(kernel.account().count(mock::Call::ioctl), 0u) << "listing opens nothing";
}

TEST_F(Card, IsWatched)
{
	start();
	auto watch = accel::DeviceWatch::create().value();

	kernel.remove(device);
	auto event = watch.next().value();
	ASSERT_TRUE(event);
	EXPECT_EQ(event->action, accel::DeviceAction::remove);
	EXPECT_EQ(event->device->name, "accel0");
	EXPECT_FALSE(watch.next().value());
	EXPECT_FALSE(accel::Device::open("accel0"));
}

TEST_F(Card, ThatIsNotOnlineSaysSo)
{
	start();
	device->set_online(false);
	auto none = accel::Device::open("accel0");

	ASSERT_FALSE(none);
	EXPECT_EQ(none.error().name(), "ENODEV");
	EXPECT_EQ(none.error().reason(), unsigned{ACCEL_REASON_NO_DEVICE});
	device->set_online(true);
	EXPECT_TRUE(accel::Device::open("accel0"));
}

TEST_F(Card, SaysWhatItIsAndHas)
{
	start();
	Program program;
	const accel_device_caps caps = program.device.query().value();

	EXPECT_STREQ(caps.driver, "qaic");
	EXPECT_STREQ(caps.model, "Cloud AI 100");
	EXPECT_EQ(caps.features,
		  uint64_t{ACCEL_FEATURE_HANDLE_ADDRESS_SPACE | ACCEL_FEATURE_REFUSALS |
			   ACCEL_FEATURE_MULTI_PRODUCER | ACCEL_FEATURE_COMMANDS});
	EXPECT_EQ(caps.max_queues, 16u);
	EXPECT_EQ(caps.queues, 1u);
	EXPECT_EQ(caps.poll_ns, 20'000'000u) << "two ticks of 10 ms";
	EXPECT_TRUE(caps.given & ACCEL_DEVICE_CAPS_GIVEN_POLL_NS);
	EXPECT_EQ(program.queue.handle(), program.channel);

	const accel_address_space_info space = program.space.query().value();
	EXPECT_EQ(space.mode, uint32_t{ACCEL_ADDRESS_MODE_HANDLES});
	EXPECT_FALSE(space.given & ACCEL_ADDRESS_SPACE_INFO_GIVEN_PASID);
	EXPECT_NE(space.pasid_reason[0], 0);
	EXPECT_EQ(program.space.destroy().error().name(), "EBUSY");
}

TEST_F(Card, HasBuffers)
{
	start();
	Program program;
	auto buffer = accel::Buffer::create(program.device, 5000).value();
	auto unmapped =
		accel::Buffer::create(program.device, kPage, {.flags = ACCEL_BUFFER_FLAGS_NO_MAP})
			.value();

	ASSERT_EQ(buffer.bytes().size(), 2 * kPage);
	EXPECT_THAT(buffer.bytes(), Each(std::byte{0}));
	EXPECT_NE(buffer.handle(), 0u);
	EXPECT_FALSE(buffer.device_address());
	EXPECT_EQ(buffer.query()->buffer_size, 2 * kPage);
	EXPECT_EQ(buffer.query()->kind, uint32_t{ACCEL_MEMORY_KIND_ALLOCATED});
	EXPECT_TRUE(buffer.sync(accel::SyncPhase::begin, ACCEL_ACCESS_READ));
	EXPECT_EQ(buffer.sync(accel::SyncPhase::begin, 0x40).error().name(), "EINVAL");
	EXPECT_TRUE(unmapped.bytes().empty());
	EXPECT_EQ(unmapped.query()->flags, uint64_t{ACCEL_BUFFER_FLAGS_NO_MAP});
	EXPECT_TRUE(unmapped.destroy());
}

TEST_F(Card, MovesDataThereAndBack)
{
	start({.transform = [](uint64_t, std::span<std::byte> bytes) {
		for (std::byte &byte : bytes)
			byte ^= std::byte{0x5a};
	}});
	Program program;
	auto in = program.make_buffer(0x40000, kToDevice);
	auto out = program.make_buffer(0x40000, kFromDevice);

	memset(in.bytes().data(), 0x33, kPage);
	ASSERT_TRUE(program.post({handle_of(in), handle_of(out)}));
	EXPECT_THAT(program.drain(2), Each(ended_as(kSuccess)));
	EXPECT_THAT(out.bytes(), Each(std::byte{0x69}));

	accel_qaic_perf_stats_entry times[2] = {};
	times[0].handle = handle_of(in);
	times[1].handle = handle_of(out);
	EXPECT_EQ(accel_qaic_read_times(program.device.get(), program.channel, times, 2), 0);
	EXPECT_GE(times[0].device_latency_us, 20u);
	EXPECT_EQ(times[1].queue_level_before, 1u);
}

TEST_F(Card, TalksToTheFirmware)
{
	start();
	Program program;
	accel_qaic_status_answer status{};
	const uint64_t request[2] = {0x1122334455667788, 0x99};
	uint64_t answer[4] = {};
	size_t size = sizeof(answer);

	EXPECT_EQ(accel_qaic_read_status(program.device.get(), &status), 0);
	EXPECT_EQ(status.major, 5);
	EXPECT_EQ(accel_qaic_pass_through(program.device.get(), request, sizeof(request), answer,
					  &size),
		  0);
	EXPECT_EQ(size, sizeof(request));
	EXPECT_EQ(answer[0], request[0]);
	size = 8;
	EXPECT_EQ(accel_qaic_pass_through(program.device.get(), request, sizeof(request), answer,
					  &size),
		  -EMSGSIZE);
	EXPECT_EQ(size, sizeof(request));

	auto commands =
		accel::CommandChannel::create(program.device, accel::Scope::configuration).value();
	auto bytes = std::as_bytes(std::span(request));
	auto room = std::as_writable_bytes(std::span(answer));
	EXPECT_EQ(commands.execute(bytes, room).value(), sizeof(request));
	EXPECT_EQ(answer[1], request[1]);
	EXPECT_EQ(commands.execute(bytes, room.first(8)).error().name(), "EMSGSIZE");
	EXPECT_EQ(commands.execute(bytes, room.first(8)).error().maximum(), sizeof(request));
	EXPECT_EQ(commands.execute(bytes.first(7), room).error().name(), "EINVAL");
}

TEST_F(Card, ChannelsEndAndBeginAgain)
{
	start();
	Program program;
	const uint64_t command = 1;
	std::vector<uint32_t> channels;

	for (int i = 0; i < 15; i++)
		channels.push_back(program.activate(8));
	uint32_t none;
	EXPECT_EQ(accel_qaic_activate_channel(program.device.get(), 8, 0, &none), -ECANCELED);
	for (uint32_t channel : channels)
		EXPECT_EQ(accel_qaic_deactivate_channel(program.device.get(), channel, &command,
							sizeof(command)),
			  0);
	EXPECT_EQ(device->channels_in_use(), 1u);
	/* Without a command the firmware keeps the channel, and the card cannot use it until a reset. */
	const uint32_t kept = program.activate(8);
	EXPECT_EQ(accel_qaic_deactivate_channel(program.device.get(), kept, nullptr, 0), -EINVAL);
	EXPECT_EQ(accel_qaic_deactivate_channel(program.device.get(), kept, &command, 0), -EINVAL);
	EXPECT_EQ(accel_qaic_deactivate_channel(program.device.get(), kept, &command, 8), 0);
	EXPECT_EQ(device->channels_in_use(), 1u);
}

} // namespace
} // namespace accel::core::qaic
