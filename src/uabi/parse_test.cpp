// SPDX-License-Identifier: MIT
// Every rule of the parser: what it refuses, with the errno, the reason and the value, and what may grow.
// Longer than 500 lines: each rule has its test here, so that the list can be compared with the parser.
#include "uabi/uabi_test.hpp"

#include <accel/uabi/soft_client.hpp>
#include <accel/uabi/soft_policy.hpp>

namespace accel::core::uabi {
namespace {

constexpr Need kMust = Need::mandatory;

/// A valid queue.create, for a test to corrupt.
class QueueMessage : public AnyMessage {
public:
	QueueMessage() : AnyMessage(ACCEL_OBJECT_QUEUE, ACCEL_QUEUE_CREATE)
	{
		add_value(ACCEL_QUEUE_CREATE_HANDLE, kMust, 0, 8);
		add_value(ACCEL_QUEUE_CREATE_MAP_OFFSET, kMust, 0, 8);
		add_memory(ACCEL_QUEUE_CREATE_LAYOUT, kMust, &layout, sizeof(layout));
		add_value(ACCEL_QUEUE_CREATE_ADDRESS_SPACE, kMust, 7, 8);
		add_value(ACCEL_QUEUE_CREATE_ENTRIES, kMust, 64, 4);
	}

	accel_attribute &last() { return attributes_[count_ - 1]; }

	accel_ring_layout layout = {};
};

class Parse : public testing::Test {
protected:
	/// Delivers the message and compares the refusal; @name is the part of the text that the policy provides.
	void refused(AnyMessage &message, int code, unsigned reason, unsigned attribute,
		     uint64_t value, const std::string &name)
	{
		server.accepted = 0;
		EXPECT_EQ(message.deliver(server.transport()), -code) << name;
		EXPECT_EQ(server.accepted, 0u) << name;
		const accel_error_record &error = message.error();
		EXPECT_EQ(error.code, -code) << name;
		EXPECT_EQ(error.reason, reason) << name;
		EXPECT_EQ(error.attribute, attribute) << name;
		EXPECT_EQ(error.value, value) << name;
		EXPECT_TRUE(std::string_view(error.text).starts_with(name)) << error.text;
		EXPECT_EQ(error.object, message.call().object);
		EXPECT_EQ(error.method, message.call().method);
	}

	void accepted(AnyMessage &message)
	{
		server.accepted = 0;
		EXPECT_EQ(message.deliver(server.transport()), 0) << message.error().text;
		EXPECT_EQ(server.accepted, 1u);
	}

	TestServer server{soft::kPolicy};
};

TEST_F(Parse, AcceptsAWholeMessage)
{
	QueueMessage message;

	accepted(message);
}

TEST_F(Parse, RefusesANullMessage)
{
	EXPECT_EQ(server.answer(0), -EFAULT);
	EXPECT_EQ(server.answer(UINT64_MAX - 2), -EFAULT);
}

TEST_F(Parse, HeaderMayBeShorter)
{
	AnyMessage message(ACCEL_OBJECT_DEVICE, ACCEL_DEVICE_QUERY);

	for (uint32_t size : {8u, 12u, 24u, 36u, 40u}) {
		message.header().size = size;
		accepted(message);
	}
	// Missing members count as zero, so there is no error record.
	message.header().method = 99;
	message.header().size = 24;
	EXPECT_EQ(message.deliver(server.transport()), -ENOTTY);
	EXPECT_EQ(message.error().reason, ACCEL_REASON_NONE);
}

TEST_F(Parse, HeaderSizeHasLimits)
{
	alignas(8) unsigned char bytes[4100] = {};
	auto *call = reinterpret_cast<accel_call *>(bytes);

	*call = {.size = 4096, .object = ACCEL_OBJECT_DEVICE, .method = ACCEL_DEVICE_QUERY};
	EXPECT_EQ(server.answer(reinterpret_cast<uintptr_t>(bytes)), 0);
	for (uint32_t size : {0u, 1u, 7u, 4097u, UINT32_MAX}) {
		call->size = size;
		EXPECT_EQ(server.answer(reinterpret_cast<uintptr_t>(bytes)), -EINVAL) << size;
	}
}

TEST_F(Parse, LongerHeaderNeedsAZeroTail)
{
	struct {
		accel_call call;
		unsigned char tail[100];
	} longer = {};
	accel_error_record error = {};

	longer.call = {.size = sizeof(longer),
		       .object = ACCEL_OBJECT_DEVICE,
		       .method = ACCEL_DEVICE_QUERY,
		       .error = reinterpret_cast<uintptr_t>(&error),
		       .error_size = sizeof(error)};
	EXPECT_EQ(server.answer(reinterpret_cast<uintptr_t>(&longer)), 0);
	for (size_t at : {0u, 63u, 64u, 99u}) {
		longer.tail[at] = 1;
		EXPECT_EQ(server.answer(reinterpret_cast<uintptr_t>(&longer)), -E2BIG) << at;
		longer.tail[at] = 0;
	}
	EXPECT_EQ(error.reason, ACCEL_REASON_NONZERO_TAIL);
	EXPECT_EQ(error.value, 144u);
	EXPECT_EQ(error.maximum, 40u);
}

TEST_F(Parse, ReservedFieldsAreZero)
{
	QueueMessage message;

	message.header().reserved = 5;
	refused(message, EINVAL, ACCEL_REASON_MESSAGE_SHAPE, 0, 5, "reserved");
	message.header().reserved = 0;
	message.header().reserved2 = 6;
	refused(message, EINVAL, ACCEL_REASON_MESSAGE_SHAPE, 0, 6, "reserved2");
	EXPECT_EQ(message.error().value, 6u);
}

/// Delivers a message with another count than deliver() writes.
int with_count(TestServer &server, QueueMessage &message, uint32_t count, uint64_t attributes)
{
	accel_call call = message.call();

	call.attribute_count = count;
	call.attributes = attributes;
	return server.answer(reinterpret_cast<uintptr_t>(&call));
}

TEST_F(Parse, CountHasALimit)
{
	QueueMessage message;
	uint64_t address = message.call().attributes;

	EXPECT_EQ(with_count(server, message, 65, address), -EINVAL);
	EXPECT_EQ(message.error().reason, ACCEL_REASON_MESSAGE_SHAPE);
	EXPECT_EQ(message.error().value, 65u);
	EXPECT_EQ(with_count(server, message, UINT32_MAX, address), -EINVAL);
	EXPECT_EQ(message.error().maximum, 64u);
	EXPECT_EQ(with_count(server, message, 1, 0), -EFAULT);
	EXPECT_EQ(message.error().reason, ACCEL_REASON_BAD_POINTER);
	EXPECT_EQ(message.error().value, 0u);
	EXPECT_EQ(with_count(server, message, 1, UINT64_MAX - 3), -EFAULT);
}

TEST_F(Parse, TakesAFullMessage)
{
	AnyMessage message(ACCEL_OBJECT_DEVICE, ACCEL_DEVICE_QUERY);

	for (unsigned i = 0; i < ACCEL_MAX_ATTRIBUTES; ++i)
		ASSERT_TRUE(
			message.add_value(static_cast<uint16_t>(1000 + i), Need::optional, 0, 8));
	EXPECT_FALSE(message.add_value(1, Need::optional, 0, 8));
	accepted(message);
}

TEST_F(Parse, UnknownObjectAndMethod)
{
	QueueMessage message;

	message.header().object = 99;
	refused(message, ENOTTY, ACCEL_REASON_UNKNOWN_OBJECT, 0, 99, "");
	for (uint16_t object :
	     {uint16_t{0}, uint16_t{0x7fff}, uint16_t{0x8000}, uint16_t{0xffff}}) {
		message.header().object = object;
		EXPECT_EQ(message.deliver(server.transport()), -ENOTTY);
	}
	message.header().object = ACCEL_OBJECT_QUEUE;
	message.header().method = 77;
	refused(message, ENOTTY, ACCEL_REASON_UNKNOWN_METHOD, 0, 77, "queue");
	EXPECT_EQ(message.error().value, 77u);
}

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

TEST_F(Parse, UnreadableMemory)
{
	TestMemory memory(1024);
	const uint64_t base = TestMemory::kBase;
	auto &call = memory.at<accel_call>(0);
	auto *attributes = &memory.at<accel_attribute>(64);
	auto &error = memory.at<accel_error_record>(512);

	server.access = memory.access();
	EXPECT_EQ(server.answer(8), -EFAULT);
	call = {.size = 40,
		.object = ACCEL_OBJECT_ADDRESS_SPACE,
		.method = ACCEL_ADDRESS_SPACE_MAP,
		.attribute_count = 1,
		.attributes = base + 1020,
		.error = base + 512,
		.error_size = sizeof(error)};
	EXPECT_EQ(server.answer(base), -EFAULT);
	EXPECT_EQ(error.value, base + 1020);
	call.attributes = base + 64;
	for (uint16_t id : {ACCEL_ADDRESS_SPACE_MAP_RANGE, ACCEL_ADDRESS_SPACE_MAP_LENGTH}) {
		attributes[0] = {id, 4, 24, base + 1010};
		EXPECT_EQ(server.answer(base), -EFAULT);
		EXPECT_EQ(error.attribute, id);
		EXPECT_EQ(error.value, base + 1010);
	}
	// The tail of a value that is not completely readable.
	attributes[0] = {ACCEL_ADDRESS_SPACE_MAP_RANGE, 4, 100, base + 1000};
	EXPECT_EQ(server.answer(base), -EFAULT);
	// The tail of the header.
	EXPECT_EQ(server.answer(base + 1000), -EINVAL);
	memory.at<accel_call>(960) = {.size = 100};
	EXPECT_EQ(server.answer(base + 960), -EFAULT);
	// An error record that cannot be written does not change the answer.
	call.object = 0;
	call.error = base + 1000;
	EXPECT_EQ(server.answer(base), -ENOTTY);
}

TEST_F(Parse, ReadsTheCallerOnce)
{
	TestMemory memory(1024);
	const uint64_t base = TestMemory::kBase;
	uint64_t entries = 0;

	server.access = memory.access();
	server.handler = [&](Call &call) {
		entries = call.structure<accel_buffer_range>(3)->length;
		return 0;
	};
	memory.at<accel_call>(0) = {.size = 40,
				    .object = ACCEL_OBJECT_ADDRESS_SPACE,
				    .method = ACCEL_ADDRESS_SPACE_MAP,
				    .attribute_count = 4,
				    .attributes = base + 64};
	auto *attributes = &memory.at<accel_attribute>(64);
	attributes[0] = {ACCEL_ADDRESS_SPACE_MAP_HANDLE, 0, 8, 1};
	attributes[1] = {ACCEL_ADDRESS_SPACE_MAP_ACCESS, 0, 8, 1};
	attributes[2] = {ACCEL_ADDRESS_SPACE_MAP_IOVA, 0, 8, 0};
	attributes[3] = {ACCEL_ADDRESS_SPACE_MAP_RANGE, 4, 24, base + 256};
	memory.at<accel_buffer_range>(256) = {1, 2, 3};
	// Corrupts each part after it was read: no part may be read again.
	memory.after_read = [&](unsigned number) {
		if (number == 1)
			memory.at<accel_call>(0).size = 7;
		if (number == 2)
			memory.at<accel_call>(0).object = 99;
		if (number == 3)
			attributes[3].length = 1 << 30;
		if (number == 4)
			memory.at<accel_buffer_range>(256).length = 99;
	};
	EXPECT_EQ(server.answer(base), 0);
	EXPECT_EQ(memory.reads, 4u);
	EXPECT_EQ(entries, 3u);
}

TEST_F(Parse, HandlersRefuse)
{
	QueueMessage message;

	server.handler = [](Call &call) {
		return call.fail(ACCEL_REASON_NO_HANDLE, ACCEL_QUEUE_CREATE_ADDRESS_SPACE, 7, 0, 0,
				 "address-space 0x%x does not exist", 7);
	};
	EXPECT_EQ(message.deliver(server.transport()), -ENOENT);
	EXPECT_EQ(message.error().reason, ACCEL_REASON_NO_HANDLE);
	EXPECT_EQ(message.error().attribute, ACCEL_QUEUE_CREATE_ADDRESS_SPACE);
	EXPECT_EQ(message.error().index, 3u);
	EXPECT_EQ(message.error().value, 7u);
	EXPECT_STREQ(message.error().text, "queue.create: address-space 0x7 does not exist");
	// Without fail() the record has only the errno.
	server.handler = [](Call &) { return -EIO; };
	EXPECT_EQ(message.deliver(server.transport()), -EIO);
	EXPECT_EQ(message.error().code, -EIO);
	EXPECT_EQ(message.error().reason, ACCEL_REASON_NONE);
	EXPECT_TRUE(std::string_view(message.error().text).starts_with("queue.create: "));
	// A text that is too long is cut after a whole character.
	server.handler = [](Call &call) {
		return call.fail(ACCEL_REASON_DEVICE, 0, 0, 0, 0, "%s",
				 std::string(300, 'x').c_str());
	};
	EXPECT_EQ(message.deliver(server.transport()), -EIO);
	std::string text = message.error().text;
	EXPECT_EQ(text.size(), 151u);
	EXPECT_TRUE(text.ends_with("x…")) << text;
}

TEST_F(Parse, ErrorRecordGrows)
{
	struct {
		accel_error_record known;
		unsigned char tail[64];
	} longer;
	accel_call call = {.size = 40,
			   .object = ACCEL_OBJECT_QUEUE,
			   .method = ACCEL_QUEUE_CREATE,
			   .error = reinterpret_cast<uintptr_t>(&longer)};

	for (uint32_t size : {0u, 4u, 40u, 41u, 60u, 192u, 256u}) {
		std::memset(&longer, 0x55, sizeof(longer));
		call.error_size = size;
		EXPECT_EQ(server.answer(reinterpret_cast<uintptr_t>(&call)), -EINVAL);
		const auto *bytes = reinterpret_cast<const unsigned char *>(&longer);
		for (uint32_t i = size; i < sizeof(longer); ++i)
			ASSERT_EQ(bytes[i], 0x55) << size;
		if (size >= 4) {
			EXPECT_EQ(longer.known.code, -EINVAL);
		}
		for (uint32_t i = 192; i < size; ++i)
			ASSERT_EQ(bytes[i], 0) << size;
		if (size == 60) {
			EXPECT_STREQ(longer.known.text, "queue.create: handl");
		}
	}
	call.error_size = 4097;
	EXPECT_EQ(server.answer(reinterpret_cast<uintptr_t>(&call)), -EINVAL);
	EXPECT_EQ(longer.known.value, 4097u);
	EXPECT_EQ(longer.known.maximum, 4096u);
}

TEST_F(Parse, HeaderEndsWithAMember)
{
	accel_error_record record;
	accel_call call = {.size = 0,
			   .object = ACCEL_OBJECT_QUEUE,
			   .method = ACCEL_QUEUE_CREATE,
			   .error = reinterpret_cast<uintptr_t>(&record),
			   .error_size = sizeof(record)};

	for (uint32_t size = 8; size < sizeof(call); size++) {
		const bool ends = size == 8 || size == 12 || size == 16 || size == 24 ||
				  size == 32 || size == 36;

		call.size = size;
		std::memset(&record, 0, sizeof(record));
		EXPECT_EQ(server.answer(reinterpret_cast<uintptr_t>(&call)), -EINVAL);
		/* Without the members for the record, its address is unknown. */
		EXPECT_EQ(record.code, ends && size >= 36 ? -EINVAL : 0) << size;
		if (record.code) {
			EXPECT_EQ(record.reason, ACCEL_REASON_MISSING_ATTRIBUTE) << size;
		}
	}
}

} // namespace
} // namespace accel::core::uabi
