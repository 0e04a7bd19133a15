// SPDX-License-Identifier: MIT
// The nodes of the machine, and their properties without opening them.
#include "core/udev_test.hpp"

#include <cstring>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace accel::core;
using testing::ElementsAre;

namespace {

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
	EXPECT_EQ(device("accel2").numa_node, -1) << "as sysfs reports if the kernel does not know";
	EXPECT_EQ(device("accel3").pci_vendor, -1) << "a vendor on another bus is none of PCI's";
}

/// Counts the openings of one file by any code of this process.
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

int refuse_nodes(const char *path, int mode)
{
	return strncmp(path, "/dev/", 5) == 0 ? -EACCES : sys::kRealCalls.access(path, mode);
}

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
	calls_.access = refuse_nodes;
	EXPECT_EQ(devices().size(), 8u);
	calls_.access = sys::kRealCalls.access;
	EXPECT_EQ(devices().size(), 8u);
	auto watch = kThisMachine.watch();
	EXPECT_TRUE(watch) << watch.error().text;
	for (const std::string &path : opened)
		EXPECT_NE(path.substr(0, 5), "/dev/");
	EXPECT_FALSE(openings.any()) << "by a library below ours";

	close(open("/dev/accel/accel2", O_RDONLY));
	EXPECT_TRUE(openings.any()) << "the test would have seen it";
}

TEST_F(UdevTest, ReportsWhyANodeCannotBeOpened)
{
	calls_.access = refuse_nodes;
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
	EXPECT_EQ(device("accel0").group, "") << "unknown";
	calls_.stat = [](const char *, struct stat *status) {
		memset(status, 0, sizeof(*status));
		status->st_mode = S_IFCHR | 0600;
		return 0;
	};
	EXPECT_EQ(device("accel0").group, "") << "the group has no access, either";
}

TEST_F(UdevTest, InAContainerTheNodeIsMissing)
{
	add("P: /devices/pci0000:00/0000:3b:00.0/accel/accel8\nE: DEVNAME=/dev/accel/accel8\n"
	    "E: SUBSYSTEM=accel\n");
	EXPECT_EQ(device("accel8").access, -ENOENT);
	EXPECT_EQ(device("accel8").driver, "qaic");
}

} // namespace
