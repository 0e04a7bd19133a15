// SPDX-License-Identifier: MIT
// What the machine shows, on a made-up machine: run under umockdev with udev_test.umockdev, which
// the test of the build does (core_udev_test).
#include "core/udev.hpp"
#include "sys/sys.hpp"

#include <cstring>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

TEST(KernelDevices, AcceleratorsOfEachSubsystemAndNothingElse)
{
	auto devices = kernel_devices();

	ASSERT_TRUE(devices) << devices.error().text;
	EXPECT_THAT(lines(*devices), ElementsAre("accel accel0 /dev/accel/accel0 amdxdna",
						 "accel accel2 /dev/accel/accel2 habanalabs",
						 "accel accel10 /dev/accel/accel10 habanalabs",
						 "dsa dsa/wq0.0 /dev/dsa/wq0.0 idxd",
						 "misc fastrpc-cdsp /dev/fastrpc-cdsp ",
						 "uacce hisi_zip-0 /dev/hisi_zip-0 "));
	for (const KernelDevice &d : *devices) {
		EXPECT_EQ(d.access, 0) << d.name;
		EXPECT_EQ(d.syspath.substr(0, 13), "/sys/devices/") << d.syspath;
	}
}

/// The real calls, but nobody may open a node.
const sys::Calls *forbidden()
{
	static sys::Calls calls = sys::kRealCalls;

	calls.access = [](const char *, int) { return -EACCES; };
	return &calls;
}

TEST(KernelDevices, SaysWhyANodeCannotBeOpened)
{
	sys::calls = forbidden();
	auto devices = kernel_devices();
	sys::calls = &sys::kRealCalls;

	ASSERT_TRUE(devices);
	EXPECT_EQ(devices->front().access, -EACCES);
	EXPECT_EQ(devices->front().driver, "amdxdna") << "from sysfs, where DRM cannot be asked";
}

TEST(KernelDevices, AnAccelNodeThatDoesNotOpenKeepsTheReason)
{
	static sys::Calls calls = sys::kRealCalls;

	calls.open = [](const char *, int) { return -EINVAL; };
	sys::calls = &calls;
	auto devices = kernel_devices();
	sys::calls = &sys::kRealCalls;

	ASSERT_TRUE(devices);
	EXPECT_EQ(devices->front().access, -EINVAL);
}

} // namespace
