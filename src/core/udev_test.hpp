// SPDX-License-Identifier: MIT
// A simulated machine for the tests of udev: a testbed of umockdev, which the build's test preloads (core_udev_test).
// udev_test.umockdev describes it.
#pragma once

#include "core/kernel_source.hpp"
#include "sys/sys.hpp"

#include <gtest/gtest.h>
#include <string>
#include <umockdev.h>

namespace accel::core {

inline const std::string kCard = "/sys/devices/pci0000:00/0000:3b:00.0";

/// A machine, and system calls of which a test replaces some.
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
		auto found = kThisMachine.devices();

		EXPECT_TRUE(found) << found.error().text;
		return found ? *found : std::vector<KernelDevice>();
	}

	static KernelDevice device(std::string_view name)
	{
		for (const KernelDevice &device : devices())
			if (device.name == name)
				return device;
		ADD_FAILURE() << "missing: " << name;
		return {};
	}

	UMockdevTestbed *bed_ = umockdev_testbed_new();
	static inline sys::Calls calls_;

private:
	void SetUp() override { calls_ = sys::kRealCalls; }
};

} // namespace accel::core
