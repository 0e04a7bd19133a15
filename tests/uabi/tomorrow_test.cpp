// SPDX-License-Identifier: MIT
// A client of a newer specification gets the documented answers of today's device.
#include "today.hpp"

#include <accel/uabi/soft_client.hpp>
#include <cerrno>
#include <gtest/gtest.h>

namespace accel::core::uabi {
namespace {

static_assert(sizeof(accel_ring_layout) == 88 && sizeof(accel_buffer_range) == 32 &&
	      sizeof(accel_error_record) == 200 && sizeof(accel_call) == 48);

class Tomorrow : public testing::Test {
protected:
	void SetUp() override
	{
		AddressSpaceCreate message;

		ASSERT_EQ(message.mode(ACCEL_ADDRESS_MODE_MAPPED).deliver(device), 0)
			<< message.error().text;
		space = message.handle();
	}

	void TearDown() override
	{
		AddressSpaceDestroy message;

		EXPECT_EQ(message.handle(space).deliver(device), 0) << message.error().text;
	}

	void destroy_queue(uint64_t handle)
	{
		QueueDestroy message;

		EXPECT_EQ(message.handle(handle).deliver(device), 0) << message.error().text;
	}

	Transport device = today();
	uint64_t space = 0;
};

TEST_F(Tomorrow, OptionalAttributesAreIgnored)
{
	soft::QueueCreate queue;

	queue.address_space(space).entries(64).priority(7, Need::optional).want_color();
	ASSERT_EQ(queue.deliver(device), 0) << queue.error().text;
	EXPECT_FALSE(queue.color());
	destroy_queue(queue.handle());
}

TEST_F(Tomorrow, MandatoryAttributesAreRefused)
{
	soft::QueueCreate queue;

	EXPECT_EQ(queue.address_space(space).entries(64).weight(7).deliver(device),
		  -EPROTONOSUPPORT);
	EXPECT_EQ(queue.error().reason, ACCEL_REASON_UNKNOWN_ATTRIBUTE);
	EXPECT_EQ(queue.error().attribute, ACCEL_QUEUE_CREATE_WEIGHT);
	EXPECT_EQ(queue.error().value, uint64_t{ACCEL_QUEUE_CREATE_WEIGHT});
	EXPECT_EQ(queue.error().advice, 0u);
	// The same for an output.
	soft::QueueCreate other;
	other.address_space(space).entries(64).want_color(Need::mandatory);
	EXPECT_EQ(other.deliver(device), -EPROTONOSUPPORT);
	EXPECT_EQ(other.error().attribute, ACCEL_QUEUE_CREATE_COLOR);
}

TEST_F(Tomorrow, MethodsAndObjectsAreRefused)
{
	QueuePause pause;
	FabricScan scan;

	EXPECT_EQ(pause.handle(1).deliver(device), -ENOTTY);
	EXPECT_EQ(pause.error().reason, ACCEL_REASON_UNKNOWN_METHOD);
	EXPECT_EQ(scan.deliver(device), -ENOTTY);
	EXPECT_EQ(scan.error().reason, ACCEL_REASON_UNKNOWN_OBJECT);
}

TEST_F(Tomorrow, LongerInputsNeedAZeroTail)
{
	BufferCreate buffer;
	BufferDestroy destroy;
	AddressSpaceMap map;

	ASSERT_EQ(buffer.size(4096).deliver(device), 0) << buffer.error().text;
	accel_buffer_range range = {.memory = buffer.handle(), .length = 4096, .stride = 1};
	map.handle(space).range(range).access(ACCEL_ACCESS_READ);
	EXPECT_EQ(map.deliver(device), -E2BIG);
	EXPECT_EQ(map.error().reason, ACCEL_REASON_NONZERO_TAIL);
	EXPECT_EQ(map.error().attribute, ACCEL_ADDRESS_SPACE_MAP_RANGE);
	EXPECT_EQ(map.error().value, 32u);
	EXPECT_EQ(map.error().maximum, 24u);
	range.stride = 0;
	ASSERT_EQ(map.deliver(device), 0) << map.error().text;
	AddressSpaceUnmap unmap;
	unmap.handle(space).iova(map.iova()).length(4096).deliver(device);
	EXPECT_EQ(destroy.handle(buffer.handle()).deliver(device), 0) << destroy.error().text;
}

TEST_F(Tomorrow, LongerOutputsEndWithZeros)
{
	AnyMessage queue(ACCEL_OBJECT_QUEUE, ACCEL_QUEUE_CREATE);
	accel_ring_layout layout;

	std::memset(&layout, 0x55, sizeof(layout));
	queue.add_value(ACCEL_QUEUE_CREATE_HANDLE, Need::mandatory, 0, 8);
	queue.add_value(ACCEL_QUEUE_CREATE_ADDRESS_SPACE, Need::mandatory, space, 8);
	queue.add_value(ACCEL_QUEUE_CREATE_ENTRIES, Need::mandatory, 64, 4);
	queue.add_value(ACCEL_QUEUE_CREATE_MAP_OFFSET, Need::mandatory, 0, 8);
	queue.add_memory(ACCEL_QUEUE_CREATE_LAYOUT, Need::mandatory, &layout, sizeof(layout));
	ASSERT_EQ(queue.deliver(device), 0) << queue.error().text;
	EXPECT_EQ(layout.entry_count, 64u);
	EXPECT_EQ(layout.extra, 0u);
	EXPECT_EQ(queue.find(ACCEL_QUEUE_CREATE_LAYOUT)->length, 80u);
	destroy_queue(queue.find(ACCEL_QUEUE_CREATE_HANDLE)->value);
}

TEST_F(Tomorrow, LongerHeaderNeedsAZeroTail)
{
	AnyMessage query(ACCEL_OBJECT_DEVICE, ACCEL_DEVICE_QUERY);

	EXPECT_EQ(query.deliver(device), 0);
	query.header().hint = 1;
	EXPECT_EQ(query.deliver(device), -E2BIG);
	EXPECT_EQ(query.error().reason, ACCEL_REASON_NONZERO_TAIL);
}

TEST_F(Tomorrow, LongerErrorRecordEndsWithZeros)
{
	accel_error_record record;
	accel_call call = {.size = sizeof(call), .object = 0x7fff};

	std::memset(&record, 0x55, sizeof(record));
	call.error = reinterpret_cast<uintptr_t>(&record);
	call.error_size = sizeof(record);
	EXPECT_EQ(device.call(device.context, &call), -ENOTTY);
	EXPECT_EQ(record.code, -ENOTTY);
	EXPECT_EQ(record.advice, 0u);
}

} // namespace
} // namespace accel::core::uabi
