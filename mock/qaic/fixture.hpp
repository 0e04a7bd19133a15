// SPDX-License-Identifier: MIT
// A mock AIC100 and a client, for tests that verify that nothing leaks.
#pragma once

#include "mock/kernel.hpp"
#include "mock/qaic/client.hpp"
#include "mock/qaic/device.hpp"

namespace accel::core::mock {

constexpr uint32_t kToDevice = ACCEL_QAIC_DATA_DIRECTION_TO_DEVICE;
constexpr uint32_t kFromDevice = ACCEL_QAIC_DATA_DIRECTION_FROM_DEVICE;

class Qaic : public testing::Test {
protected:
	void start(QaicOptions options = {})
	{
		device = std::make_shared<QaicDevice>(std::move(options));
		kernel.add(device);
		client = std::make_unique<QaicClient>();
		ASSERT_GE(client->fd, 0);
	}
	~Qaic() override
	{
		client.reset();
		EXPECT_TRUE(kernel.leaks().none()) << kernel.leaks().text;
		EXPECT_EQ(device->channels_in_use(), 0u);
		EXPECT_EQ(device->queued(), 0u);
	}

	MockKernel kernel;
	std::shared_ptr<QaicDevice> device;
	std::unique_ptr<QaicClient> client;
};

/* Any number of cards; a test creates its own clients. */
class QaicDevices : public testing::Test {
protected:
	std::shared_ptr<QaicDevice> add(QaicOptions options = {})
	{
		auto made = std::make_shared<QaicDevice>(std::move(options));

		kernel.add(made);
		return made;
	}
	~QaicDevices() override { EXPECT_TRUE(kernel.leaks().none()) << kernel.leaks().text; }

	MockKernel kernel;
};

} // namespace accel::core::mock
