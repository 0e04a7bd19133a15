// SPDX-License-Identifier: MIT
// Every rule of the parser for the message as a whole, and faults of the caller's memory. check_test.cpp has the rules
// for attributes.
#include "uabi/parse_test.hpp"

namespace accel::core::uabi {
namespace {

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
