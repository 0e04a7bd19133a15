// SPDX-License-Identifier: MIT
// The watch on a simulated kernel: content of each event, properties of a removed device, and a report of every lost
// event.
#include "core/device_watch.hpp"
#include "sys/sys.hpp"

#include <deque>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <new>
#include <sys/wait.h>
#include <unistd.h>

using namespace accel::core;
using testing::HasSubstr;

namespace {

KernelDevice node(const std::string &name, const char *driver = "qaic")
{
	KernelDevice device{.subsystem = "accel",
			    .name = name,
			    .node = "/dev/accel/" + name,
			    .syspath = "/sys/devices/pci0000:00/0000:3b:00.0/accel/" + name,
			    .driver = driver,
			    .group = "",
			    .bus = "pci",
			    .bus_address = "0000:3b:00.0"};

	device.pci_vendor = 0x17cb;
	return device;
}

/// The properties that a removed node still has.
KernelDevice rest_of(const std::string &name)
{
	return {.subsystem = "accel",
		.name = name,
		.node = "/dev/accel/" + name,
		.syspath = node(name).syspath,
		.driver = "",
		.group = "",
		.access = -ENOENT,
		.bus = "",
		.bus_address = ""};
}

/// Nodes and events; reading them can fail.
struct Machine {
	std::vector<KernelDevice> nodes;
	std::deque<NodeEvent> events;
	int fail_devices = 0; // errno, once
	int fail_next = 0;
	int monitors = 0; // alive
	int reads = 0;	  // of the nodes
} machine;

std::unexpected<Failure> refuse(int *code)
{
	return fail(std::exchange(*code, 0), ACCEL_REASON_DEVICE, "the test lets it fail");
}

class FakeMonitor final : public NodeMonitor {
public:
	FakeMonitor() { machine.monitors++; }
	~FakeMonitor() override { machine.monitors--; }
	int fd() const override { return 77; }
	Result<std::optional<NodeEvent>> next() override
	{
		if (machine.fail_next)
			return refuse(&machine.fail_next);
		if (machine.events.empty())
			return std::nullopt;
		NodeEvent event = machine.events.front();
		machine.events.pop_front();
		return event;
	}
};

const KernelSource kMachine = {
	.devices = []() -> Result<std::vector<KernelDevice>> {
		machine.reads++;
		if (machine.fail_devices)
			return refuse(&machine.fail_devices);
		return machine.nodes;
	},
	.watch = []() -> Result<std::unique_ptr<NodeMonitor>> {
		return std::make_unique<FakeMonitor>();
	},
};

/// Claims the nodes of driver qaic. Can run out of memory.
class Qaic final : public Provider {
public:
	const char *name() const override { return "qaic"; }
	const char *tested() const override { return "mock"; }
	void discover(Discovery &discovery) const override
	{
		if (std::exchange(no_memory, false))
			throw std::bad_alloc();
		for (const KernelDevice &device : discovery.kernel())
			if (device.driver == "qaic")
				discovery.claim(device, "a card");
	}
	Result<std::unique_ptr<Backend>> open(const DeviceEntry &) const override
	{
		return fail(EIO, ACCEL_REASON_DEVICE, "cannot be opened in this test");
	}

	mutable bool no_memory = false;
};

const Qaic kQaic;
const Provider *const kProviders[] = {&kQaic};

class WatchTest : public testing::Test {
protected:
	void SetUp() override
	{
		machine = {};
		machine.nodes = {node("accel0"), node("accel1", "new")};
		auto made = DeviceWatch::create(kProviders, kMachine);
		ASSERT_TRUE(made);
		watch_ = std::move(*made);
	}
	void TearDown() override
	{
		watch_.reset();
		EXPECT_EQ(machine.monitors, 0);
	}

	DeviceEvent next()
	{
		auto event = watch_->next();

		if (event && *event)
			return **event;
		ADD_FAILURE() << (event ? "no event" : event.error().text);
		return {};
	}
	bool is_empty()
	{
		auto event = watch_->next();

		return event && !*event;
	}

	std::unique_ptr<DeviceWatch> watch_;
};

TEST_F(WatchTest, NoEvents)
{
	EXPECT_EQ(watch_->fd(), 77);
	EXPECT_TRUE(is_empty());
	EXPECT_TRUE(is_empty());
	EXPECT_EQ(machine.reads, 1);
}

TEST_F(WatchTest, AnArrivalIsALineOfTheList)
{
	machine.events = {{NodeAction::add, node("accel2")},
			  {NodeAction::add, node("accel3", "x")}};
	DeviceEvent event = next();

	EXPECT_EQ(event.action, NodeAction::add);
	EXPECT_EQ(event.entry.name, "accel2");
	EXPECT_EQ(event.entry.provider, "qaic");
	EXPECT_EQ(event.entry.description, "a card");
	EXPECT_EQ(event.entry.reason, "");
	EXPECT_EQ(event.entry.kernel.pci_vendor, 0x17cb);
	EXPECT_THAT(next().entry.reason, HasSubstr("no provider for driver x"));
	EXPECT_TRUE(is_empty());
}

TEST_F(WatchTest, ARemovedDeviceIsStillKnown)
{
	machine.events = {{NodeAction::remove, rest_of("accel0")}};
	DeviceEvent event = next();

	EXPECT_EQ(event.action, NodeAction::remove);
	EXPECT_EQ(event.entry.provider, "qaic");
	EXPECT_EQ(event.entry.driver, "qaic");
	EXPECT_EQ(event.entry.kernel.bus_address, "0000:3b:00.0");
	EXPECT_EQ(event.entry.reason, "it was removed");

	/* Also one that was added during the watch, here under the same name as another device. */
	machine.events = {{NodeAction::add, node("accel0", "new")},
			  {NodeAction::remove, rest_of("accel0")}};
	EXPECT_EQ(next().entry.driver, "new");
	EXPECT_EQ(next().entry.driver, "new");
}

TEST_F(WatchTest, AnUnknownDeviceMayBeRemoved)
{
	machine.events = {{NodeAction::remove, rest_of("accel9")},
			  {NodeAction::remove, rest_of("accel9")}};
	for (int i = 0; i < 2; i++) {
		DeviceEvent event = next();

		EXPECT_EQ(event.action, NodeAction::remove);
		EXPECT_EQ(event.entry.name, "accel9");
		EXPECT_EQ(event.entry.driver, "unknown");
		EXPECT_EQ(event.entry.reason, "it was removed");
	}
}

TEST_F(WatchTest, AChangeShowsTheDeviceAsItIsNow)
{
	KernelDevice closed = node("accel0");

	closed.access = -EACCES;
	machine.events = {{NodeAction::change, closed},
			  {NodeAction::offline, node("accel0")},
			  {NodeAction::online, node("accel0")}};
	DeviceEvent event = next();
	EXPECT_EQ(event.entry.code, EACCES);
	EXPECT_THAT(event.entry.reason, HasSubstr("/dev/accel/accel0"));
	event = next();
	EXPECT_EQ(event.action, NodeAction::offline);
	EXPECT_EQ(event.entry.reason, "");
	EXPECT_EQ(next().action, NodeAction::online);
}

TEST_F(WatchTest, AfterAnOverflowTheNodesAreReadAgain)
{
	machine.nodes = {node("accel5")};
	machine.events = {{NodeAction::overflow, {}}, {NodeAction::remove, rest_of("accel5")}};
	EXPECT_EQ(next().action, NodeAction::overflow);
	EXPECT_EQ(next().entry.provider, "qaic") << "added by a lost event";
	EXPECT_TRUE(is_empty());
}

TEST_F(WatchTest, AnOverflowIsReportedEvenIfReadingTheNodesFails)
{
	machine.events = {{NodeAction::overflow, {}}};
	machine.fail_devices = EMFILE;
	EXPECT_EQ(watch_->next().error().code, -EMFILE);
	EXPECT_EQ(next().action, NodeAction::overflow);
	EXPECT_TRUE(is_empty());
}

TEST_F(WatchTest, AnEventLostByAFailureIsAnOverflow)
{
	machine.fail_next = ENOMEM;
	EXPECT_EQ(watch_->next().error().code, -ENOMEM);
	EXPECT_EQ(next().action, NodeAction::overflow);
	EXPECT_TRUE(is_empty());

	machine.events = {{NodeAction::add, node("accel2")}};
	kQaic.no_memory = true;
	EXPECT_THROW((void)watch_->next(), std::bad_alloc) << "the C interface returns ENOMEM";
	EXPECT_EQ(next().action, NodeAction::overflow);
	EXPECT_TRUE(is_empty());
}

TEST_F(WatchTest, IsNotCreatedWithoutTheNodes)
{
	machine.fail_devices = EMFILE;
	EXPECT_EQ(DeviceWatch::create(kProviders, kMachine).error().code, -EMFILE);
	EXPECT_EQ(machine.monitors, 1) << "only the one of the test";
}

TEST_F(WatchTest, AForkedChildCreatesItsOwn)
{
	pid_t child = fork();

	if (child == 0) {
		auto event = watch_->next();
		bool is_refused = !event && event.error().code == -ESTALE;

		_exit(is_refused && DeviceWatch::create(kProviders, kMachine) ? 0 : 1);
	}
	int status = 0;
	ASSERT_EQ(waitpid(child, &status, 0), child);
	EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	EXPECT_TRUE(is_empty());
}

} // namespace
