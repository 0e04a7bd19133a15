// SPDX-License-Identifier: MIT
// A client of an older specification, with fewer attributes and shorter structures, works with today's device.
#include "today.hpp"

#include <accel/uabi/soft_client.hpp>
#include <gtest/gtest.h>

namespace accel::core::uabi {
namespace {

static_assert(sizeof(accel_ring_layout) == 56 && sizeof(accel_buffer_range) == 16 &&
	      sizeof(accel_error_record) == 128);

class Yesterday : public testing::Test {
protected:
	uint64_t space(uint32_t mode)
	{
		AddressSpaceCreate message;

		EXPECT_EQ(message.mode(mode).deliver(device), 0) << message.error().text;
		EXPECT_NE(message.handle(), 0u);
		return message.handle();
	}

	void destroy_space(uint64_t handle)
	{
		AddressSpaceDestroy message;

		EXPECT_EQ(message.handle(handle).deliver(device), 0) << message.error().text;
	}

	Transport device = today();
};

TEST_F(Yesterday, OutputsAreCutToWhatItKnows)
{
	uint64_t as = space(ACCEL_ADDRESS_MODE_SHARED);
	soft::QueueCreate queue;
	QueueDestroy destroy;

	ASSERT_EQ(queue.address_space(as).entries(64).deliver(device), 0) << queue.error().text;
	EXPECT_EQ(queue.layout().entry_count, 64u);
	EXPECT_EQ(queue.layout().entry_size, 64u);
	for (const accel_attribute &attribute : queue.attributes()) {
		if (attribute.id != ACCEL_QUEUE_CREATE_LAYOUT)
			continue;
		EXPECT_EQ(attribute.length, sizeof(accel_ring_layout));
		EXPECT_TRUE(attribute.flags & ACCEL_ATTRIBUTE_FLAGS_WRITTEN);
	}
	EXPECT_EQ(destroy.handle(queue.handle()).deliver(device), 0);
	destroy_space(as);
}

TEST_F(Yesterday, ShorterInputsAreExtendedByZeros)
{
	uint64_t as = space(ACCEL_ADDRESS_MODE_MAPPED);
	BufferCreate buffer;
	BufferDestroy destroy;
	AddressSpaceMap map;

	ASSERT_EQ(buffer.size(4096).deliver(device), 0) << buffer.error().text;
	accel_buffer_range range = {.memory = buffer.handle(), .offset = 0};
	// Today's range also has a length, which is then 0: the method refuses it, not the parser.
	EXPECT_EQ(map.handle(as).range(range).access(ACCEL_ACCESS_READ).deliver(device), -EINVAL);
	EXPECT_EQ(map.error().attribute, ACCEL_ADDRESS_SPACE_MAP_RANGE) << map.error().text;
	EXPECT_NE(map.error().reason, ACCEL_REASON_WRONG_LENGTH) << map.error().text;
	EXPECT_EQ(destroy.handle(buffer.handle()).deliver(device), 0);
	destroy_space(as);
}

TEST_F(Yesterday, ErrorRecordIsCutToWhatItKnows)
{
	soft::QueueCreate queue;

	EXPECT_EQ(queue.address_space(1).entries(3).deliver(device), -EINVAL);
	EXPECT_EQ(queue.error().reason, ACCEL_REASON_NOT_POWER_OF_TWO);
	EXPECT_EQ(queue.error().value, 3u);
	EXPECT_EQ(queue.error().minimum, 2u);
	EXPECT_EQ(queue.error().maximum, 65536u);
	AnyMessage strange(ACCEL_OBJECT_ADDRESS_SPACE, ACCEL_ADDRESS_SPACE_CREATE);
	strange.add_value(ACCEL_ADDRESS_SPACE_CREATE_MODE, Need::mandatory, 0, 8);
	strange.add_value(ACCEL_ADDRESS_SPACE_CREATE_HANDLE, Need::mandatory, 0, 9);
	EXPECT_EQ(strange.deliver(device), -EINVAL);
	EXPECT_LT(std::string_view(strange.error().text).size(), sizeof(strange.error().text));
}

TEST_F(Yesterday, UnknownOutputsAreNotWritten)
{
	soft::DeviceQuery query;
	char driver[64];

	ASSERT_EQ(query.want_driver(driver).want_clients().deliver(device), 0)
		<< query.error().text;
	EXPECT_EQ(query.driver(), "soft");
	EXPECT_GE(query.clients().value_or(0), 1u);
}

} // namespace
} // namespace accel::core::uabi
