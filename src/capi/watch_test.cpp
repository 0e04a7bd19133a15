// SPDX-License-Identifier: MIT
// The device list, opening and watches on a simulated kernel, through the C and the C++ interface.
#include "core/kernel_source.hpp"

#include <accel/accel.hpp>
#include <cstring>
#include <deque>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace core = accel::core;
using core::NodeAction;
using testing::HasSubstr;

namespace {

core::KernelDevice card(const std::string &name)
{
	core::KernelDevice device{.subsystem = "accel",
				  .name = name,
				  .node = "/dev/accel/" + name,
				  .syspath = "/sys/devices/pci0000:00/0000:3b:00.0/accel/" + name,
				  .driver = "unclaimed",
				  .group = "render",
				  .access = -EACCES,
				  .bus = "pci",
				  .bus_address = "0000:3b:00.0"};

	device.pci_vendor = 0x17cb;
	device.pci_device = 0xa100;
	device.numa_node = 1;
	device.major = 261;
	device.minor = 0;
	return device;
}

/// A kernel with one card; an eventfd counts its events.
struct Machine {
	std::vector<core::KernelDevice> nodes;
	std::deque<core::NodeEvent> events;
	int fd = -1;
} machine;

void announce(NodeAction action, const std::string &name)
{
	machine.events.push_back(
		{action, action == NodeAction::overflow ? core::KernelDevice() : card(name)});
	eventfd_write(machine.fd, 1);
}

class FakeMonitor final : public core::NodeMonitor {
public:
	FakeMonitor() { machine.fd = eventfd(0, EFD_NONBLOCK | EFD_SEMAPHORE | EFD_CLOEXEC); }
	~FakeMonitor() override { close(machine.fd); }
	int fd() const override { return machine.fd; }
	core::Result<std::optional<core::NodeEvent>> next() override
	{
		eventfd_t one;

		if (eventfd_read(machine.fd, &one) < 0)
			return std::nullopt;
		core::NodeEvent event = machine.events.front();
		machine.events.pop_front();
		return event;
	}
};

const core::KernelSource kMachine = {
	.devices = []() -> core::Result<std::vector<core::KernelDevice>> { return machine.nodes; },
	.watch = []() -> core::Result<std::unique_ptr<core::NodeMonitor>> {
		return std::make_unique<FakeMonitor>();
	},
};

class SimulatedKernel : public testing::Test {
protected:
	void SetUp() override
	{
		machine = {};
		machine.nodes = {card("accel0")};
		core::kernel_source = &kMachine;
	}
	void TearDown() override { core::kernel_source = &core::kThisMachine; }
};

TEST_F(SimulatedKernel, IsInTheListWithItsIdentity)
{
	auto list = accel::devices();
	ASSERT_TRUE(list);
	accel::DeviceInfo last = (*list)[list->size() - 1];

	EXPECT_EQ(last.name, "accel0");
	EXPECT_EQ(last.driver, "unclaimed");
	EXPECT_FALSE(last.usable);
	EXPECT_THAT(std::string(last.reason), HasSubstr("unclaimed"));
	EXPECT_THAT(std::string(last.reason), HasSubstr("usermod -aG render"));
	EXPECT_EQ(last.bus, "pci");
	EXPECT_EQ(last.address, "0000:3b:00.0");
	EXPECT_EQ(last.syspath, "/sys/devices/pci0000:00/0000:3b:00.0/accel/accel0");
	EXPECT_EQ(last.pci_vendor, 0x17cbu);
	EXPECT_EQ(last.pci_device, 0xa100u);
	EXPECT_EQ(last.numa_node, 1u);
	EXPECT_EQ(last.node_major, 261u);
	EXPECT_EQ(last.node_minor, 0u);

	accel::DeviceInfo soft = (*list)[0];
	EXPECT_EQ(soft.bus, "");
	EXPECT_EQ(soft.address, "");
	EXPECT_FALSE(soft.pci_vendor || soft.pci_device || soft.numa_node || soft.node_major ||
		     soft.node_minor);
}

TEST_F(SimulatedKernel, IsTheOneThatOpenUses)
{
	auto device = accel::Device::open("/dev/accel/accel0");

	ASSERT_FALSE(device);
	EXPECT_EQ(device.error().name(), "EOPNOTSUPP");
	EXPECT_EQ(device.error().reason_name(), "unsupported");
	EXPECT_THAT(std::string(device.error().message()), HasSubstr("unclaimed"));
}

TEST_F(SimulatedKernel, EventsThroughTheCInterface)
{
	accel_device_watch *watch = nullptr;
	const accel_device_event *event = nullptr;
	accel_error error{};

	ASSERT_EQ(accel_device_watch_create(&watch, &error), 0) << error.record.text;
	EXPECT_EQ(accel_device_watch_fd(watch), machine.fd);
	EXPECT_EQ(accel_device_watch_next(watch, &event, &error), 0);
	EXPECT_EQ(event, nullptr) << "unchanged";

	announce(NodeAction::add, "accel1");
	announce(NodeAction::overflow, "");
	ASSERT_EQ(accel_device_watch_next(watch, &event, &error), 1);
	EXPECT_EQ(event->size, sizeof(*event));
	EXPECT_EQ(event->action, static_cast<uint32_t>(ACCEL_DEVICE_ACTION_ADD));
	EXPECT_EQ(event->device->size, sizeof(*event->device));
	EXPECT_STREQ(event->device->name, "accel1");
	EXPECT_STREQ(event->device->address, "0000:3b:00.0");
	EXPECT_EQ(event->device->node_major, 261);
	EXPECT_EQ(event->device->reserved, 0u);
	ASSERT_EQ(accel_device_watch_next(watch, &event, nullptr), 1);
	EXPECT_EQ(event->action, static_cast<uint32_t>(ACCEL_DEVICE_ACTION_OVERFLOW));
	EXPECT_EQ(event->device, nullptr);
	EXPECT_EQ(accel_device_watch_next(watch, &event, nullptr), 0);
	accel_device_watch_destroy(watch);
}

TEST_F(SimulatedKernel, EventsThroughTheCppInterface)
{
	auto watch = accel::DeviceWatch::create();
	ASSERT_TRUE(watch);
	pollfd file{.fd = watch->fd(), .events = POLLIN, .revents = 0};

	EXPECT_EQ(poll(&file, 1, 0), 0);
	announce(NodeAction::remove, "accel0");
	announce(NodeAction::overflow, "");
	EXPECT_EQ(poll(&file, 1, 0), 1);

	auto event = watch->next();
	ASSERT_TRUE(event && *event);
	EXPECT_EQ((*event)->action, accel::DeviceAction::remove);
	EXPECT_EQ((*event)->name(), "remove");
	EXPECT_EQ((*event)->device->name, "accel0");
	EXPECT_FALSE((*event)->device->usable);
	event = watch->next();
	ASSERT_TRUE(event && *event);
	EXPECT_EQ((*event)->name(), "overflow");
	EXPECT_FALSE((*event)->device);
	event = watch->next();
	EXPECT_TRUE(event && !*event);

	accel::DeviceWatch moved = std::move(*watch);
	EXPECT_EQ(watch->fd(), -1);
	EXPECT_EQ(watch->next().error().name(), "EFAULT");
	EXPECT_EQ(moved.fd(), machine.fd);
}

} // namespace
