// SPDX-License-Identifier: MIT
// Every rule of the parser for attributes: what it refuses, with the errno, the reason and the value, and what may grow.
#include "uabi/parse_test.hpp"

namespace accel::core::uabi {
namespace {

TEST_F(Parse, UnknownAttribute)
{
	QueueMessage message;

	message.add_value(0x9005, Need::optional, ~0ull, 77);
	accepted(message);
	message.add_value(0x9005, Need::optional, ~0ull, 77);
	accepted(message);
	message.add_value(0, kMust, 1, 4);
	refused(message, EPROTONOSUPPORT, ACCEL_REASON_UNKNOWN_ATTRIBUTE, 0, 0, "queue.create");
	message.last().id = 0x9006;
	refused(message, EPROTONOSUPPORT, ACCEL_REASON_UNKNOWN_ATTRIBUTE, 0x9006, 36870,
		"queue.create");
	EXPECT_EQ(message.error().index, 7u);
	EXPECT_EQ(message.error().value, 0x9006u);
}

TEST_F(Parse, DuplicateAttribute)
{
	QueueMessage message;

	message.add_value(ACCEL_QUEUE_CREATE_ENTRIES, kMust, 64, 4);
	refused(message, EINVAL, ACCEL_REASON_DUPLICATE_ATTRIBUTE, ACCEL_QUEUE_CREATE_ENTRIES, 4,
		"queue.create: entries");
	EXPECT_EQ(message.error().index, 5u);
}

TEST_F(Parse, MissingAttribute)
{
	AnyMessage message(ACCEL_OBJECT_QUEUE, ACCEL_QUEUE_CREATE);

	refused(message, EINVAL, ACCEL_REASON_MISSING_ATTRIBUTE, ACCEL_QUEUE_CREATE_HANDLE, 0,
		"queue.create: handle");
	message.add_value(ACCEL_QUEUE_CREATE_HANDLE, kMust, 0, 8);
	message.add_value(ACCEL_QUEUE_CREATE_ADDRESS_SPACE, kMust, 1, 8);
	refused(message, EINVAL, ACCEL_REASON_MISSING_ATTRIBUTE, ACCEL_QUEUE_CREATE_ENTRIES, 0,
		"queue.create: entries");
	EXPECT_EQ(message.error().minimum, 2u);
	EXPECT_EQ(message.error().maximum, 65536u);
}

TEST_F(Parse, AttributeFlags)
{
	QueueMessage message;

	for (uint16_t flags : {uint16_t{0x8}, uint16_t{0x8000}}) {
		message.last().flags = flags;
		EXPECT_EQ(message.deliver(server.transport()), -EINVAL);
		EXPECT_EQ(message.error().value, flags);
	}
	message.last().flags = ACCEL_ATTRIBUTE_FLAGS_WRITTEN;
	EXPECT_EQ(with_count(server, message, 5, message.call().attributes), -EINVAL);
	EXPECT_EQ(message.error().reason, ACCEL_REASON_ATTRIBUTE_FLAGS);
	EXPECT_EQ(message.error().value, ACCEL_ATTRIBUTE_FLAGS_WRITTEN);
	message.last() = {ACCEL_QUEUE_CREATE_ENTRIES, 1, 9, 64};
	refused(message, EINVAL, ACCEL_REASON_ATTRIBUTE_FLAGS, ACCEL_QUEUE_CREATE_ENTRIES, 9,
		"queue.create: entries");
}

TEST_F(Parse, Pointers)
{
	QueueMessage message;

	message.last() = {ACCEL_QUEUE_CREATE_ENTRIES, ACCEL_ATTRIBUTE_FLAGS_INDIRECT, 4, 0};
	refused(message, EFAULT, ACCEL_REASON_BAD_POINTER, ACCEL_QUEUE_CREATE_ENTRIES, 0,
		"queue.create: entries");
	message.last().value = UINT64_MAX - 2;
	refused(message, EFAULT, ACCEL_REASON_BAD_POINTER, ACCEL_QUEUE_CREATE_ENTRIES,
		UINT64_MAX - 2, "queue.create: entries");
	EXPECT_EQ(message.error().value, UINT64_MAX - 2);
	// Also outputs, before the method runs.
	AnyMessage query(ACCEL_OBJECT_DEVICE, ACCEL_DEVICE_QUERY);
	query.add_memory(ACCEL_DEVICE_QUERY_DRIVER, kMust, nullptr, 64);
	refused(query, EFAULT, ACCEL_REASON_BAD_POINTER, ACCEL_DEVICE_QUERY_DRIVER, 0,
		"device.query: driver");
}

TEST_F(Parse, RangeAndPowerOfTwo)
{
	QueueMessage message;

	for (uint64_t good : {2u, 4u, 65536u}) {
		message.last().value = good;
		accepted(message);
	}
	for (uint64_t bad : {0u, 1u, 65537u, 131072u, 0x80000000u}) {
		message.last().value = bad;
		refused(message, EINVAL, ACCEL_REASON_OUT_OF_RANGE, ACCEL_QUEUE_CREATE_ENTRIES, bad,
			"queue.create: entries");
	}
	message.last().value = 3;
	refused(message, EINVAL, ACCEL_REASON_NOT_POWER_OF_TWO, ACCEL_QUEUE_CREATE_ENTRIES, 3,
		"queue.create: entries");
	EXPECT_EQ(message.error().value, 3u);
	EXPECT_EQ(message.error().minimum, 2u);
	EXPECT_EQ(message.error().maximum, 65536u);
	EXPECT_EQ(message.error().index, 4u);
	message.last().value = 64;
	message.add_value(ACCEL_SOFT_QUEUE_CREATE_PARALLEL, kMust, 65, 4);
	refused(message, EINVAL, ACCEL_REASON_OUT_OF_RANGE, ACCEL_SOFT_QUEUE_CREATE_PARALLEL, 65,
		"queue.create: parallel");

	AnyMessage unmap(ACCEL_OBJECT_ADDRESS_SPACE, ACCEL_ADDRESS_SPACE_UNMAP);
	unmap.add_value(ACCEL_ADDRESS_SPACE_UNMAP_LENGTH, kMust, 0, 8);
	refused(unmap, EINVAL, ACCEL_REASON_OUT_OF_RANGE, ACCEL_ADDRESS_SPACE_UNMAP_LENGTH, 0,
		"address-space.unmap: length");
}

TEST_F(Parse, NumbersGrow)
{
	uint64_t memory[3] = {64, 0, 0};
	uint64_t seen = 0;
	QueueMessage message;

	server.handler = [&](Call &call) {
		seen = call.value(2);
		return 0;
	};
	// Shorter: the rest is zero, whatever follows it in the message.
	message.last() = {ACCEL_QUEUE_CREATE_ENTRIES, 1, 2, 0xffffffffffff0040};
	accepted(message);
	EXPECT_EQ(seen, 64u);
	message.last() = {ACCEL_QUEUE_CREATE_ENTRIES, 1, 4, 0xffffffff00000080};
	accepted(message);
	EXPECT_EQ(seen, 128u);
	// Longer: unknown bytes must be zero.
	message.last() = {ACCEL_QUEUE_CREATE_ENTRIES, 1, 8, 64};
	accepted(message);
	message.last().value = 0x100000040;
	refused(message, E2BIG, ACCEL_REASON_NONZERO_TAIL, ACCEL_QUEUE_CREATE_ENTRIES, 8,
		"queue.create: entries");
	message.last() = {ACCEL_QUEUE_CREATE_ENTRIES, 5, sizeof(memory),
			  reinterpret_cast<uintptr_t>(memory)};
	accepted(message);
	memory[2] = 1;
	refused(message, E2BIG, ACCEL_REASON_NONZERO_TAIL, ACCEL_QUEUE_CREATE_ENTRIES, 24,
		"queue.create: entries");
	// A number has at least one byte, and its size has a limit.
	message.last().length = 0;
	refused(message, EINVAL, ACCEL_REASON_WRONG_LENGTH, ACCEL_QUEUE_CREATE_ENTRIES, 0,
		"queue.create: entries");
	message.last().length = 4097;
	refused(message, EINVAL, ACCEL_REASON_WRONG_LENGTH, ACCEL_QUEUE_CREATE_ENTRIES, 4097,
		"queue.create: entries");
}

TEST_F(Parse, Members)
{
	AnyMessage message(ACCEL_OBJECT_ADDRESS_SPACE, ACCEL_ADDRESS_SPACE_CREATE);

	message.add_value(ACCEL_ADDRESS_SPACE_CREATE_HANDLE, kMust, 0, 8);
	message.add_value(ACCEL_ADDRESS_SPACE_CREATE_MODE, kMust, 4, 4);
	refused(message, EINVAL, ACCEL_REASON_UNKNOWN_MEMBER, ACCEL_ADDRESS_SPACE_CREATE_MODE, 4,
		"address-space.create: mode");
	EXPECT_EQ(message.error().minimum, 1u);
	EXPECT_EQ(message.error().maximum, 3u);

	QueueMessage queue;
	queue.add_value(ACCEL_QUEUE_CREATE_FLAGS, kMust, 0x19, 8);
	refused(queue, EINVAL, ACCEL_REASON_UNKNOWN_FLAG, ACCEL_QUEUE_CREATE_FLAGS, 0x19,
		"queue.create: flags");
	EXPECT_EQ(queue.error().value, 0x19u);
	EXPECT_EQ(queue.error().maximum, 0x7u);
}

TEST_F(Parse, StructuresGrow)
{
	struct {
		accel_buffer_range range;
		uint64_t tail;
	} longer = {{1, 2, 3}, 0};
	accel_buffer_range seen = {};
	AnyMessage message(ACCEL_OBJECT_ADDRESS_SPACE, ACCEL_ADDRESS_SPACE_MAP);

	server.handler = [&](Call &call) {
		seen = *call.structure<accel_buffer_range>(3);
		EXPECT_EQ(call.structure<accel_buffer_range>(1), nullptr);
		return 0;
	};
	message.add_value(ACCEL_ADDRESS_SPACE_MAP_HANDLE, kMust, 1, 8);
	message.add_value(ACCEL_ADDRESS_SPACE_MAP_ACCESS, kMust, 1, 8);
	message.add_value(ACCEL_ADDRESS_SPACE_MAP_IOVA, kMust, 0, 8);
	message.add_memory(ACCEL_ADDRESS_SPACE_MAP_RANGE, kMust, &longer, sizeof(longer));
	accepted(message);
	EXPECT_EQ(seen.length, 3u);
	longer.tail = 1;
	refused(message, E2BIG, ACCEL_REASON_NONZERO_TAIL, ACCEL_ADDRESS_SPACE_MAP_RANGE, 32,
		"address-space.map: range");

	AnyMessage shorter(ACCEL_OBJECT_ADDRESS_SPACE, ACCEL_ADDRESS_SPACE_MAP);
	shorter.add_value(ACCEL_ADDRESS_SPACE_MAP_HANDLE, kMust, 1, 8);
	shorter.add_value(ACCEL_ADDRESS_SPACE_MAP_ACCESS, kMust, 1, 8);
	shorter.add_value(ACCEL_ADDRESS_SPACE_MAP_IOVA, kMust, 0, 8);
	shorter.add_memory(ACCEL_ADDRESS_SPACE_MAP_RANGE, kMust, &longer, 16);
	accepted(shorter);
	EXPECT_EQ(seen.offset, 2u);
	EXPECT_EQ(seen.length, 0u);
}

TEST_F(Parse, BytesHaveALimit)
{
	unsigned char bytes[64] = {0, 1, 2, 3};
	unsigned char copy[4] = {};
	AnyMessage message(ACCEL_OBJECT_COMMAND, ACCEL_COMMAND_EXECUTE);

	server.handler = [&](Call &call) {
		EXPECT_EQ(call.length(1), 64u);
		EXPECT_EQ(call.copy_in(1, copy, 1, 4), 0);
		return call.copy_in(1, copy, 61, 4);
	};
	message.add_value(ACCEL_COMMAND_EXECUTE_HANDLE, kMust, 1, 8);
	message.add(
		{ACCEL_COMMAND_EXECUTE_REQUEST, 5, 0x200001, reinterpret_cast<uintptr_t>(bytes)});
	refused(message, EINVAL, ACCEL_REASON_WRONG_LENGTH, ACCEL_COMMAND_EXECUTE_REQUEST, 2097153,
		"command.execute: request");
	AnyMessage good(ACCEL_OBJECT_COMMAND, ACCEL_COMMAND_EXECUTE);
	good.add_value(ACCEL_COMMAND_EXECUTE_HANDLE, kMust, 1, 8);
	good.add_memory(ACCEL_COMMAND_EXECUTE_REQUEST, kMust, bytes, sizeof(bytes));
	EXPECT_EQ(good.deliver(server.transport()), -EINVAL);
	EXPECT_EQ(good.error().value, 64u);
	EXPECT_EQ(good.error().minimum, 65u);
	EXPECT_EQ(copy[2], 3u);
}

TEST_F(Parse, RoomOfOutputs)
{
	std::vector<unsigned char> large(5000);
	AnyMessage bad(ACCEL_OBJECT_ADDRESS_SPACE, ACCEL_ADDRESS_SPACE_CREATE);
	bad.add_value(ACCEL_ADDRESS_SPACE_CREATE_MODE, kMust, 1, 4);
	bad.add_value(ACCEL_ADDRESS_SPACE_CREATE_HANDLE, kMust, 0, 4);
	bad.add_value(ACCEL_ADDRESS_SPACE_CREATE_PASID, Need::optional, 0, 0);
	refused(bad, EMSGSIZE, ACCEL_REASON_NO_ROOM, ACCEL_ADDRESS_SPACE_CREATE_HANDLE, 4,
		"address-space.create: handle");
	// Both lengths are now the required ones.
	EXPECT_EQ(bad.find(ACCEL_ADDRESS_SPACE_CREATE_HANDLE)->length, 8u);
	EXPECT_EQ(bad.find(ACCEL_ADDRESS_SPACE_CREATE_PASID)->length, 4u);
	EXPECT_EQ(bad.find(ACCEL_ADDRESS_SPACE_CREATE_MODE)->length, 4u);
	EXPECT_EQ(bad.error().value, 4u);
	EXPECT_EQ(bad.error().minimum, 8u);
	EXPECT_EQ(bad.deliver(server.transport()), 0);

	AnyMessage huge(ACCEL_OBJECT_DEVICE, ACCEL_DEVICE_QUERY);
	huge.add_memory(ACCEL_DEVICE_QUERY_FEATURES, kMust, large.data(), large.size());
	refused(huge, EINVAL, ACCEL_REASON_WRONG_LENGTH, ACCEL_DEVICE_QUERY_FEATURES, 5000,
		"device.query: features");
}

} // namespace
} // namespace accel::core::uabi
