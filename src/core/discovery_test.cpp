// SPDX-License-Identifier: MIT
// The provider of each device, and the reason for devices that cannot be used.
#include "core/discovery.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace accel::core;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

namespace {

/// Claims nodes of one kernel driver and has one built-in device.
class FakeProvider final : public Provider {
public:
	FakeProvider(const char *name, const char *driver, const char *reason)
		: name_(name), driver_(driver), reason_(reason)
	{}

	const char *name() const override { return name_; }
	const char *tested() const override { return "mock"; }
	void discover(Discovery &discovery) const override
	{
		DeviceEntry entry;

		entry.name = std::string(name_) + "0";
		entry.reason = reason_;
		discovery.add(entry);
		for (const KernelDevice &device : discovery.kernel())
			if (device.driver == driver_)
				discovery.claim(device, "a chip");
	}
	Result<std::unique_ptr<Backend>> open(const DeviceEntry &) const override
	{
		return fail(EIO, ACCEL_REASON_DEVICE, "cannot be opened in this test");
	}

private:
	const char *name_;
	const char *driver_;
	const char *reason_;
};

KernelDevice node(const char *name, const char *driver, int access = 0, const char *group = "")
{
	return {.subsystem = "accel",
		.name = name,
		.node = std::string("/dev/accel/") + name,
		.syspath = "",
		.driver = driver,
		.group = group,
		.access = access};
}

const FakeProvider kOne("one", "chip-one", "");
const FakeProvider kTwo("two", "chip-two", "its service is off");
const Provider *const kBoth[] = {&kOne, &kTwo};

std::vector<std::string> names(const std::vector<FoundDevice> &devices)
{
	std::vector<std::string> all;

	for (const FoundDevice &device : devices)
		all.push_back(device.entry.name);
	return all;
}

TEST(Discovery, ListsProvidersInOrderThenUnclaimedNodes)
{
	auto devices = DeviceFinder::all(kBoth, {node("accel0", "chip-two"), node("accel1", "new"),
						 node("accel2", "chip-one")});

	EXPECT_THAT(names(devices), ElementsAre("one0", "accel2", "two0", "accel0", "accel1"));
	EXPECT_EQ(devices[1].provider, &kOne);
	EXPECT_EQ(devices[1].entry.provider, "one");
	EXPECT_EQ(devices[1].entry.tested, "mock");
	EXPECT_EQ(devices[1].entry.driver, "chip-one");
	EXPECT_EQ(devices[1].entry.path, "/dev/accel/accel2");
	EXPECT_EQ(devices[1].entry.description, "a chip");
	EXPECT_EQ(devices[1].entry.reason, "");
}

TEST(Discovery, KeepsTheIdentityForOpen)
{
	KernelDevice device = node("accel0", "chip-one");

	device.syspath = "/sys/devices/pci0000:00/0000:3b:00.0/accel/accel0";
	device.bus = "pci";
	device.bus_address = "0000:3b:00.0";
	device.pci_vendor = 0x17cb;
	for (const FoundDevice &found : DeviceFinder::all(kBoth, {device})) {
		const KernelDevice &kernel = found.entry.kernel;
		bool is_node = found.entry.name == "accel0";

		EXPECT_EQ(kernel.syspath, is_node ? device.syspath : "");
		EXPECT_EQ(kernel.bus_address, is_node ? "0000:3b:00.0" : "");
		EXPECT_EQ(kernel.pci_vendor, is_node ? 0x17cb : -1);
		EXPECT_EQ(kernel.numa_node, -1);
	}
}

TEST(Discovery, ReportsADriverWithoutProvider)
{
	auto devices = DeviceFinder::all({}, {node("accel1", "new"), node("accel2", "")});

	ASSERT_EQ(devices.size(), 2u);
	EXPECT_EQ(devices[0].provider, nullptr);
	EXPECT_EQ(devices[0].entry.provider, "");
	EXPECT_EQ(devices[0].entry.code, EOPNOTSUPP);
	EXPECT_THAT(devices[0].entry.reason, HasSubstr("driver new"));
	EXPECT_EQ(devices[1].entry.driver, "unknown");
	EXPECT_EQ(devices[1].entry.code, EOPNOTSUPP);
	EXPECT_NE(devices[1].entry.reason, "");
}

TEST(Discovery, ReportsTheGroupOfTheNode)
{
	auto devices = DeviceFinder::all(kBoth, {node("accel0", "chip-one", -EACCES, "render")});

	EXPECT_THAT(devices[1].entry.reason, HasSubstr("usermod -aG render"));
	EXPECT_THAT(devices[1].entry.reason, HasSubstr("/dev/accel/accel0"));
}

TEST(Discovery, WithoutAProviderItAlsoReportsThatTheNodeDoesNotOpen)
{
	auto devices = DeviceFinder::all(
		kBoth, {node("accel0", "new", -EACCES, "render"), node("accel1", "new", -ENOENT)});

	EXPECT_THAT(devices[2].entry.reason,
		    AllOf(HasSubstr("driver new"), HasSubstr("/dev/accel/accel0"),
			  HasSubstr("usermod -aG render")));
	EXPECT_EQ(devices[2].entry.code, EOPNOTSUPP) << "permission would not help";
	EXPECT_THAT(devices[3].entry.reason,
		    AllOf(HasSubstr("driver new"), HasSubstr("/dev/accel/accel1")));
}

TEST(Discovery, EachAccessFailureHasItsAdvice)
{
	EXPECT_EQ(access_reason(node("a", "d")), "");
	EXPECT_THAT(access_reason(node("a", "d", -EACCES)), HasSubstr("/dev/accel/a"));
	EXPECT_THAT(access_reason(node("a", "d", -EACCES, "42")), HasSubstr("group 42"));
	EXPECT_THAT(access_reason(node("a", "d", -EPERM)), HasSubstr("--device /dev/accel/a"));
	EXPECT_THAT(access_reason(node("a", "d", -ENOENT)), HasSubstr("--device /dev/accel/a"));
	EXPECT_THAT(access_reason(node("a", "d", -EINVAL)), HasSubstr("Invalid argument"));
}

Result<std::vector<KernelDevice>> two_nodes()
{
	return std::vector{node("accel0", "chip-one"), node("accel1", "new"),
			   node("accel2", "chip-two", -EACCES, "render"),
			   node("accel3", "chip-two", -EINVAL)};
}

const KernelSource kTwoNodes{.devices = two_nodes, .watch = nullptr};

const KernelSource kMustNotBeRead{.devices = []() -> Result<std::vector<KernelDevice>> {
					  return fail(EMFILE, ACCEL_REASON_FILES,
						      "the kernel was read");
				  },
				  .watch = nullptr};

/// The failure of opening @name, which must be @code; its text.
std::string refused(const char *name, int code)
{
	auto found = find_device(kBoth, name, kTwoNodes);

	EXPECT_FALSE(found);
	EXPECT_EQ(found.error().code, -code);
	return found.error().text;
}

TEST(FindDevice, BuiltInDevicesNeedNoKernel)
{
	auto found = find_device(kBoth, "one0", kMustNotBeRead);

	ASSERT_TRUE(found);
	EXPECT_EQ(found->provider, &kOne);
	EXPECT_EQ(find_device(kBoth, "accel0", kMustNotBeRead).error().code, -EMFILE);
}

TEST(FindDevice, TakesANameOrANode)
{
	EXPECT_EQ(find_device(kBoth, "accel0", kTwoNodes)->entry.name, "accel0");
	EXPECT_EQ(find_device(kBoth, "/dev/accel/accel0", kTwoNodes)->entry.name, "accel0");
}

TEST(FindDevice, RefusesWithTheReasonOfTheList)
{
	EXPECT_THAT(refused("accel1", EOPNOTSUPP), HasSubstr("driver new"));
	EXPECT_THAT(refused("accel2", EACCES), HasSubstr("usermod -aG render"));
	EXPECT_THAT(refused("accel3", ENODEV), HasSubstr("Invalid argument"));
	EXPECT_THAT(refused("two0", ENODEV), HasSubstr("its service is off"));
}

/// Has a device that opens by its name and is not listed.
class Unlisted final : public Provider {
public:
	const char *name() const override { return "unlisted"; }
	const char *tested() const override { return "mock"; }
	void discover(Discovery &discovery) const override
	{
		discovery.add({.name = "unlisted0", .listed = false});
	}
	Result<std::unique_ptr<Backend>> open(const DeviceEntry &) const override
	{
		return fail(EIO, ACCEL_REASON_DEVICE, "open() was called");
	}
};

TEST(FindDevice, TakesAnUnlistedName)
{
	const Unlisted unlisted;
	const Provider *const list[] = {&kOne, &unlisted};

	EXPECT_TRUE(find_device(list, "unlisted0", kMustNotBeRead));
	EXPECT_THAT(find_device(list, "unlisted1", kTwoNodes).error().text,
		    AllOf(HasSubstr("\"unlisted1\""),
			  HasSubstr("one0, accel0, accel1, accel2, accel3"),
			  Not(HasSubstr("unlisted0"))));
}

/// Reports a device that probably cannot be used.
class Doubtful final : public Provider {
public:
	const char *name() const override { return "doubtful"; }
	const char *tested() const override { return "mock"; }
	void discover(Discovery &discovery) const override
	{
		discovery.add({.name = "doubtful0", .reason = "it seems to be missing", .code = 0});
	}
	Result<std::unique_ptr<Backend>> open(const DeviceEntry &) const override
	{
		return fail(EIO, ACCEL_REASON_DEVICE, "open() was called");
	}
};

TEST(FindDevice, AProbableReasonDoesNotRefuse)
{
	const Doubtful doubtful;
	const Provider *const list[] = {&doubtful};

	EXPECT_TRUE(find_device(list, "doubtful0", kMustNotBeRead));
}

TEST(FindDevice, NamesTheDevicesIfTheNameIsUnknown)
{
	EXPECT_THAT(refused("soft9", ENODEV), HasSubstr("one0, accel0, two0, accel2, accel3"));
	EXPECT_THAT(refused("", ENODEV), HasSubstr("\"\""));
	EXPECT_THAT(refused(std::string(4000, 'x').c_str(), ENODEV), HasSubstr("xxx\""));
	const KernelSource nothing{.devices = [] { return Result<std::vector<KernelDevice>>(); },
				   .watch = nullptr};

	EXPECT_THAT(find_device({}, "soft0", nothing).error().text,
		    AllOf(HasSubstr("\"soft0\""), HasSubstr("none")));
}

} // namespace
