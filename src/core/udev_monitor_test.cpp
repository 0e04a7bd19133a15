// SPDX-License-Identifier: MIT
// Events of a made-up machine, and the failures of the calls that libudev makes for them.
#include "core/udev_test.hpp"

#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <poll.h>
#include <sys/socket.h>
#include <utility>

namespace {

int calls_left = 0; // to the one that fails; 0: none does
int call_error = 0;

void fail_at(int n, int code)
{
	calls_left = n;
	call_error = code;
}

bool fails()
{
	if (calls_left <= 0 || --calls_left > 0)
		return false;
	errno = call_error;
	return true;
}

} // namespace

/* In the way of libudev, to fail as the kernel does. */
#define IN_THE_WAY(type, name, parameters, arguments)                                             \
	extern "C" [[gnu::visibility("default")]] type name parameters                            \
	{                                                                                         \
		static auto next = reinterpret_cast<type(*) parameters>(dlsym(RTLD_NEXT, #name)); \
		return fails() ? -1 : next arguments;                                             \
	}

IN_THE_WAY(int, socket, (int domain, int type, int protocol) noexcept, (domain, type, protocol))
IN_THE_WAY(int, bind, (int fd, const sockaddr *address, socklen_t length) noexcept,
	   (fd, address, length))
IN_THE_WAY(int, setsockopt,
	   (int fd, int level, int name, const void *value, socklen_t length) noexcept,
	   (fd, level, name, value, length))
IN_THE_WAY(ssize_t, recv, (int fd, void *buffer, size_t length, int flags),
	   (fd, buffer, length, flags))
IN_THE_WAY(ssize_t, recvmsg, (int fd, msghdr *message, int flags), (fd, message, flags))

using namespace accel::core;
using testing::HasSubstr;

namespace {

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
	auto watch = kThisMachine.watch();

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
	auto watch = kThisMachine.watch();

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

TEST_F(UdevTest, WhatTheKernelDroppedIsAnOverflow)
{
	auto watch = kThisMachine.watch();

	ASSERT_TRUE(watch) << watch.error().text;
	umockdev_testbed_uevent(bed_, (kCard + "/accel/accel0").c_str(), "change");
	fail_at(1, ENOBUFS);
	EXPECT_EQ(wait_for(**watch).action, NodeAction::overflow);
	EXPECT_EQ(wait_for(**watch).action, NodeAction::change) << "it goes on";
}

TEST_F(UdevTest, AFailureToReceiveIsTold)
{
	auto watch = kThisMachine.watch();

	ASSERT_TRUE(watch) << watch.error().text;
	for (auto [code, answer] : {std::pair(ENOMEM, -ENOMEM), std::pair(EBADF, -EIO)}) {
		fail_at(1, code);
		auto event = (*watch)->next();
		ASSERT_FALSE(event);
		EXPECT_EQ(event.error().code, answer) << event.error().text;
	}
	EXPECT_FALSE((*watch)->next()->has_value());
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
	auto watch = kThisMachine.watch();
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

size_t open_files()
{
	size_t count = 0;

	for (int fd = 0; fd < 256; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

TEST_F(UdevTest, EachCallForTheEventsMayFail)
{
	size_t files = open_files();

	for (auto [code, answer] :
	     {std::pair(EPERM, -EOPNOTSUPP), std::pair(EAFNOSUPPORT, -EOPNOTSUPP),
	      std::pair(EMFILE, -EMFILE), std::pair(ENOMEM, -ENOMEM)}) {
		int told = 0;

		for (int n = 1; calls_left == 0; n++) {
			fail_at(n, code);
			auto watch = kThisMachine.watch();

			if (watch)
				continue; // what failed can be done without, or n is beyond the last
			told++;
			EXPECT_EQ(watch.error().code, answer) << watch.error().text;
			EXPECT_EQ(open_files(), files) << n;
		}
		calls_left = 0;
		EXPECT_GE(told, 2) << "the socket, its address";
	}
	EXPECT_EQ(open_files(), files);
}

TEST_F(UdevTest, WithoutNetlinkItSaysWhatToDo)
{
	fail_at(1, EPROTONOSUPPORT);
	EXPECT_THAT(kThisMachine.watch().error().text,
		    HasSubstr("get the list again from time to time"));
}

} // namespace
