// SPDX-License-Identifier: MIT
// What the machine shows, on a made-up machine: a testbed of umockdev, which the test of the build
// preloads (core_udev_test). udev_test.umockdev describes it.
#include "core/udev.hpp"
#include "sys/sys.hpp"

#include <cstring>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <string>
#include <sys/inotify.h>
#include <umockdev.h>
#include <unistd.h>

using namespace accel::core;
using testing::ElementsAre;

namespace {

const std::string kCard = "/sys/devices/pci0000:00/0000:3b:00.0";

/// A machine, and calls of which a test replaces some.
class UdevTest : public testing::Test {
protected:
	UdevTest()
	{
		GError *error = nullptr;

		if (!umockdev_testbed_add_from_file(bed_, UDEV_TEST_MACHINE, &error))
			ADD_FAILURE() << error->message;
		sys::calls = &calls_;
	}
	~UdevTest() override
	{
		sys::calls = &sys::kRealCalls;
		g_object_unref(bed_);
	}

	void add(const char *description)
	{
		GError *error = nullptr;

		if (!umockdev_testbed_add_from_string(bed_, description, &error))
			ADD_FAILURE() << error->message;
	}

	static std::vector<KernelDevice> devices()
	{
		auto found = udev_devices();

		EXPECT_TRUE(found) << found.error().text;
		return found ? *found : std::vector<KernelDevice>();
	}

	static KernelDevice device(std::string_view name)
	{
		for (const KernelDevice &device : devices())
			if (device.name == name)
				return device;
		ADD_FAILURE() << "there is no " << name;
		return {};
	}

	UMockdevTestbed *bed_ = umockdev_testbed_new();
	static inline sys::Calls calls_;

private:
	void SetUp() override { calls_ = sys::kRealCalls; }
};

std::vector<std::string> lines(const std::vector<KernelDevice> &devices)
{
	std::vector<std::string> all;

	for (const KernelDevice &d : devices)
		all.push_back(d.subsystem + ' ' + d.name + ' ' + d.node + ' ' + d.driver);
	return all;
}

TEST_F(UdevTest, AcceleratorsOfEachSubsystemAndNothingElse)
{
	auto all = devices();

	EXPECT_THAT(lines(all), ElementsAre("accel accel0 /dev/accel/accel0 qaic",
					    "accel accel2 /dev/accel/accel2 habanalabs",
					    "accel accel3 /dev/accel/accel3 rocket",
					    "accel accel10 /dev/accel/accel10 habanalabs",
					    "dsa dsa/wq0.0 /dev/dsa/wq0.0 idxd",
					    "fwctl fwctl0 /dev/fwctl/fwctl0 mlx5_core.fwctl",
					    "misc fastrpc-cdsp /dev/fastrpc-cdsp ",
					    "uacce hisi_zip-0 /dev/hisi_zip-0 "));
	for (const KernelDevice &d : all) {
		EXPECT_EQ(d.access, 0) << d.name;
		EXPECT_EQ(d.syspath.substr(0, 13), "/sys/devices/") << d.syspath;
	}
}

TEST_F(UdevTest, IdentityOfAPciDevice)
{
	KernelDevice card = device("accel0");

	EXPECT_EQ(card.syspath, kCard + "/accel/accel0");
	EXPECT_EQ(card.bus, "pci");
	EXPECT_EQ(card.bus_address, "0000:3b:00.0");
	EXPECT_EQ(card.pci_vendor, 0x17cb);
	EXPECT_EQ(card.pci_device, 0xa100);
	EXPECT_EQ(card.numa_node, 1);
	EXPECT_EQ(card.major, 261);
	EXPECT_EQ(card.minor, 0);
}

TEST_F(UdevTest, TheHardwareIsAboveTheDevicesThatDriversMake)
{
	for (const char *name : {"dsa/wq0.0", "fwctl0"}) {
		EXPECT_EQ(device(name).bus, "pci") << name;
		EXPECT_EQ(device(name).bus_address, "0000:00:0a.0") << name;
		EXPECT_EQ(device(name).pci_vendor, 0x8086) << name;
	}
	EXPECT_EQ(device("accel3").bus, "platform");
	EXPECT_EQ(device("accel3").bus_address, "fdab0000.npu");
	EXPECT_EQ(device("fastrpc-cdsp").bus, "rpmsg");
}

TEST_F(UdevTest, WhatIsNotThereIsMinusOneOrEmpty)
{
	add("P: /devices/virtual/accel/accel7\nN: accel/accel7\nE: DEVNAME=/dev/accel/accel7\n"
	    "E: SUBSYSTEM=accel\n");
	KernelDevice made_up = device("accel7");

	EXPECT_EQ(made_up.driver, "");
	EXPECT_EQ(made_up.bus, "");
	EXPECT_EQ(made_up.bus_address, "");
	EXPECT_EQ(made_up.pci_vendor, -1);
	EXPECT_EQ(made_up.pci_device, -1);
	EXPECT_EQ(made_up.numa_node, -1);
	EXPECT_EQ(device("accel2").numa_node, -1) << "as sysfs says where the kernel does not know";
	EXPECT_EQ(device("accel3").pci_vendor, -1) << "a vendor on another bus is none of PCI's";
}

/// Counts the openings of one file by anybody in this process.
class Openings {
public:
	explicit Openings(const std::string &path)
	{
		EXPECT_GE(inotify_add_watch(fd_, path.c_str(), IN_OPEN), 0) << path;
	}
	~Openings() { close(fd_); }
	bool any()
	{
		char events[4096];

		return read(fd_, events, sizeof(events)) > 0;
	}

private:
	int fd_ = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
};

TEST_F(UdevTest, NoNodeIsOpened)
{
	const char *root = getenv("UMOCKDEV_DIR");

	ASSERT_TRUE(root);
	Openings openings(std::string(root) + "/dev/accel/accel2");
	static std::vector<std::string> opened;

	opened.clear();
	calls_.open = [](const char *path, int flags) {
		opened.emplace_back(path);
		return sys::kRealCalls.open(path, flags);
	};
	calls_.access = [](const char *, int) { return -EACCES; };
	EXPECT_EQ(devices().size(), 8u);
	calls_.access = sys::kRealCalls.access;
	EXPECT_EQ(devices().size(), 8u);
	auto watch = udev_watch();
	EXPECT_TRUE(watch) << watch.error().text;
	for (const std::string &path : opened)
		EXPECT_NE(path.substr(0, 5), "/dev/");
	EXPECT_FALSE(openings.any()) << "by a library below ours";

	close(open("/dev/accel/accel2", O_RDONLY));
	EXPECT_TRUE(openings.any()) << "the test would have seen it";
}

TEST_F(UdevTest, SaysWhyANodeCannotBeOpened)
{
	calls_.access = [](const char *, int) { return -EACCES; };
	calls_.stat = [](const char *, struct stat *status) {
		memset(status, 0, sizeof(*status));
		status->st_mode = S_IFCHR | 0660;
		status->st_gid = 0;
		return 0;
	};
	EXPECT_EQ(device("accel0").access, -EACCES);
	EXPECT_EQ(device("accel0").group, "root");
	EXPECT_EQ(device("accel0").driver, "qaic");
	calls_.stat = [](const char *, struct stat *) { return -EACCES; };
	EXPECT_EQ(device("accel0").group, "") << "nobody can tell";
	calls_.stat = [](const char *, struct stat *status) {
		memset(status, 0, sizeof(*status));
		status->st_mode = S_IFCHR | 0600;
		return 0;
	};
	EXPECT_EQ(device("accel0").group, "") << "the group may not, either";
}

TEST_F(UdevTest, InAContainerTheNodeIsMissing)
{
	add("P: /devices/pci0000:00/0000:3b:00.0/accel/accel8\nE: DEVNAME=/dev/accel/accel8\n"
	    "E: SUBSYSTEM=accel\n");
	EXPECT_EQ(device("accel8").access, -ENOENT);
	EXPECT_EQ(device("accel8").driver, "qaic");
}

/* ---- events ------------------------------------------------------------------------------- */

/// The next event, which must come soon.
NodeEvent wait_for(NodeMonitor &monitor)
{
	pollfd file{.fd = monitor.fd(), .events = POLLIN, .revents = 0};

	EXPECT_EQ(poll(&file, 1, 10000), 1) << "no event came";
	auto event = monitor.next();
	if (event && *event)
		return **event;
	ADD_FAILURE() << (event ? "none" : event.error().text);
	return {};
}

TEST_F(UdevTest, EventsOfAcceleratorsAndOfNothingElse)
{
	auto watch = udev_watch();

	ASSERT_TRUE(watch) << watch.error().text;
	NodeMonitor &monitor = **watch;
	EXPECT_EQ(monitor.next()->has_value(), false) << "it does not wait";
	umockdev_testbed_uevent(bed_, "/sys/devices/virtual/misc/rfkill", "change");
	umockdev_testbed_uevent(bed_, (kCard + "/accel/accel0").c_str(), "offline");
	umockdev_testbed_uevent(bed_, (kCard + "/accel/accel0").c_str(), "online");
	umockdev_testbed_uevent(bed_, (kCard + "/accel/accel0").c_str(), "bind");

	NodeEvent event = wait_for(monitor);
	EXPECT_EQ(event.action, NodeAction::offline);
	EXPECT_EQ(event.device.name, "accel0");
	EXPECT_EQ(event.device.bus_address, "0000:3b:00.0");
	EXPECT_EQ(wait_for(monitor).action, NodeAction::online);
	EXPECT_EQ(wait_for(monitor).action, NodeAction::change);
	EXPECT_FALSE(monitor.next()->has_value());
}

TEST_F(UdevTest, ArrivalAndDeparture)
{
	auto watch = udev_watch();

	ASSERT_TRUE(watch) << watch.error().text;
	add("P: /devices/pci0000:00/0000:3b:00.0/accel/accel9\nN: accel/accel9\n"
	    "E: DEVNAME=/dev/accel/accel9\nE: SUBSYSTEM=accel\n");
	NodeEvent event = wait_for(**watch);
	EXPECT_EQ(event.action, NodeAction::add);
	EXPECT_EQ(event.device.node, "/dev/accel/accel9");
	EXPECT_EQ(event.device.driver, "qaic");
	EXPECT_EQ(event.device.access, 0);

	umockdev_testbed_uevent(bed_, (kCard + "/accel/accel9").c_str(), "remove");
	umockdev_testbed_remove_device(bed_, (kCard + "/accel/accel9").c_str());
	event = wait_for(**watch);
	EXPECT_EQ(event.action, NodeAction::remove);
	EXPECT_EQ(event.device.name, "accel9");
	EXPECT_EQ(event.device.syspath, kCard + "/accel/accel9");
}

/// Whether events come when udev runs, or does not.
bool hears(UMockdevTestbed *bed, sys::Calls *calls, bool has_udev)
{
	static int answer;

	answer = has_udev ? 0 : -ENOENT;
	calls->access = [](const char *path, int mode) {
		return strcmp(path, "/run/udev/control") == 0 ? answer :
								sys::kRealCalls.access(path, mode);
	};
	auto watch = udev_watch();
	if (!watch)
		return false;
	umockdev_testbed_uevent(bed, (kCard + "/accel/accel0").c_str(), "change");
	return wait_for(**watch).action == NodeAction::change;
}

TEST_F(UdevTest, EventsComeWithAndWithoutUdev)
{
	EXPECT_TRUE(hears(bed_, &calls_, true));
	EXPECT_TRUE(hears(bed_, &calls_, false));
}

} // namespace
