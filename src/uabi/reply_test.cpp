// SPDX-License-Identifier: MIT
// The answer to the caller: outputs only if the method succeeded, lengths, growth, faults.
#include "uabi/uabi_test.hpp"

#include <accel/uabi/soft_client.hpp>
#include <accel/uabi/soft_server.hpp>
#include <algorithm>

namespace accel::core::uabi {
namespace {

using soft::kPolicy;

constexpr unsigned kHandle = 0, kMapOffset = 5, kLayout = 6; // slots of queue.create

class Reply : public testing::Test {
protected:
	TestServer server{kPolicy};
};

TEST_F(Reply, OutputsAreWritten)
{
	soft::QueueCreate message;

	server.handler = [](Call &call) {
		accel_ring_layout layout = {.size = 8192, .entry_size = 64, .register_address = 9};
		call.put(kHandle, 0x123456789);
		call.put(kMapOffset, 4096);
		call.put_structure(kLayout, &layout, sizeof(layout));
		return 0;
	};
	ASSERT_EQ(message.address_space(7).entries(64).deliver(server.transport()), 0);
	EXPECT_EQ(message.handle(), 0x123456789u);
	EXPECT_EQ(message.map_offset(), 4096u);
	EXPECT_EQ(message.layout().size, 8192u);
	EXPECT_EQ(message.layout().entry_size, 64u);
	EXPECT_EQ(message.layout().register_address, 9u);
	for (const accel_attribute &attribute : message.attributes())
		EXPECT_EQ(attribute.flags & ACCEL_ATTRIBUTE_FLAGS_WRITTEN,
			  attribute.id == ACCEL_QUEUE_CREATE_ADDRESS_SPACE ||
					  attribute.id == ACCEL_QUEUE_CREATE_ENTRIES ?
				  0 :
				  ACCEL_ATTRIBUTE_FLAGS_WRITTEN);
}

TEST_F(Reply, OptionalOutputs)
{
	bool written = true;
	AddressSpaceCreate message;

	server.handler = [&](Call &call) {
		call.put(0, 1);
		if (written)
			call.put(2, 0xfffff);
		return 0;
	};
	message.mode(ACCEL_ADDRESS_MODE_SHARED);
	EXPECT_FALSE(message.pasid());
	// Not requested: the output of the method is ignored.
	ASSERT_EQ(message.deliver(server.transport()), 0);
	EXPECT_FALSE(message.pasid());
	message.want_pasid();
	EXPECT_FALSE(message.pasid());
	ASSERT_EQ(message.deliver(server.transport()), 0);
	EXPECT_EQ(message.pasid(), 0xfffffu);
	written = false;
	ASSERT_EQ(message.deliver(server.transport()), 0);
	EXPECT_FALSE(message.pasid());
}

TEST_F(Reply, NoOutputsOnFailure)
{
	soft::QueueCreate message;

	server.handler = [](Call &call) {
		accel_ring_layout layout = {.size = 8192};
		call.put(kHandle, 5);
		call.put_structure(kLayout, &layout, sizeof(layout));
		return call.fail(ACCEL_REASON_LIMIT, 0, 0, 0, 0, "no more");
	};
	message.address_space(7).entries(64);
	std::vector<accel_attribute> before(message.attributes().begin(),
					    message.attributes().end());
	EXPECT_EQ(message.deliver(server.transport()), -ENOSPC);
	EXPECT_EQ(std::memcmp(before.data(), message.attributes().data(), before.size() * 16), 0);
	EXPECT_EQ(message.layout().size, 0u);
}

TEST_F(Reply, StringsNeedRoom)
{
	char driver[8], model[4] = {1, 2, 3, 4};
	soft::DeviceQuery message;

	server.handler = [](Call &call) {
		call.put_string(0, "soft");
		call.put_string(1, "threads");
		return 0;
	};
	message.want_driver(driver).want_model(model);
	EXPECT_EQ(message.deliver(server.transport()), -EMSGSIZE);
	EXPECT_EQ(message.error().attribute, ACCEL_DEVICE_QUERY_MODEL);
	EXPECT_EQ(message.error().value, 4u);
	EXPECT_EQ(message.error().minimum, 7u);
	EXPECT_EQ(message.model_length(), 7u);
	EXPECT_EQ(message.driver_length(), sizeof(driver));
	EXPECT_FALSE(message.driver());
	EXPECT_EQ(model[0], 1);
	char more[7];
	message.want_model(more);
	ASSERT_EQ(message.deliver(server.transport()), 0);
	EXPECT_EQ(message.driver(), "soft");
	EXPECT_EQ(message.model(), "threads");
	EXPECT_EQ(message.model_length(), 7u);
}

TEST_F(Reply, StringsKeepThePromiseOfThePolicy)
{
	char driver[200];
	soft::DeviceQuery message;
	std::string text(63, 'a');

	text += "ä and so on";
	server.handler = [&](Call &call) {
		call.put_string(0, text);
		return 0;
	};
	message.want_driver(driver);
	ASSERT_EQ(message.deliver(server.transport()), 0);
	// 64 bytes would end inside the ä.
	EXPECT_EQ(message.driver(), std::string(63, 'a'));
}

TEST_F(Reply, BytesNeedRoom)
{
	unsigned char bytes[32] = {1, 2, 3}, request = 0;
	std::byte room[16] = {};
	CommandExecute message;
	int result = 0;

	server.handler = [&](Call &call) {
		return result = call.put_bytes(2, bytes, sizeof(bytes));
	};
	message.handle(1).request({reinterpret_cast<std::byte *>(&request), 1});
	ASSERT_EQ(message.deliver(server.transport()), 0); // not requested
	EXPECT_FALSE(message.response());
	message.want_response(room);
	EXPECT_EQ(message.deliver(server.transport()), -EMSGSIZE);
	EXPECT_EQ(result, -EMSGSIZE);
	EXPECT_EQ(message.response_length(), 32u);
	EXPECT_EQ(room[0], std::byte{0});
	std::byte more[40];
	message.want_response(more);
	ASSERT_EQ(message.deliver(server.transport()), 0);
	EXPECT_EQ(message.response()->size(), 32u);
	EXPECT_EQ((*message.response())[2], std::byte{3});
	// Up to 8 bytes can be inline.
	AnyMessage any(ACCEL_OBJECT_COMMAND, ACCEL_COMMAND_EXECUTE);
	server.handler = [&](Call &call) {
		EXPECT_EQ(call.copy_in(1, &request, 1, 1), 0);
		return call.put_bytes(2, bytes, 3);
	};
	any.add_value(ACCEL_COMMAND_EXECUTE_HANDLE, Need::mandatory, 1, 8);
	any.add_value(ACCEL_COMMAND_EXECUTE_REQUEST, Need::mandatory, 0x4321, 2);
	any.add_value(ACCEL_COMMAND_EXECUTE_RESPONSE, Need::mandatory, ~0ull, 8);
	ASSERT_EQ(any.deliver(server.transport()), 0);
	EXPECT_EQ(request, 0x43u);
	EXPECT_EQ(any.find(ACCEL_COMMAND_EXECUTE_RESPONSE)->value, 0x030201u);
	EXPECT_EQ(any.find(ACCEL_COMMAND_EXECUTE_RESPONSE)->length, 3u);
}

TEST_F(Reply, DescribeReportsItsSize)
{
	DeviceDescribe message;

	server.handler = [](Call &call) {
		std::span<const std::byte> all = call.policy().description();
		return call.put_bytes(0, all.data(), all.size());
	};
	EXPECT_EQ(message.deliver(server.transport()), -EMSGSIZE);
	std::vector<std::byte> room(message.policy_length());
	message.want_policy(room);
	ASSERT_EQ(message.deliver(server.transport()), 0);
	EXPECT_TRUE(std::ranges::equal(*message.policy(), kPolicy.description()));
}

/// A queue.create with any room for the layout.
class AnyQueue : public AnyMessage {
public:
	AnyQueue(void *layout, size_t room) : AnyMessage(ACCEL_OBJECT_QUEUE, ACCEL_QUEUE_CREATE)
	{
		add_value(ACCEL_QUEUE_CREATE_HANDLE, Need::mandatory, 0, 8);
		add_value(ACCEL_QUEUE_CREATE_MAP_OFFSET, Need::mandatory, 0, 8);
		add_value(ACCEL_QUEUE_CREATE_ADDRESS_SPACE, Need::mandatory, 7, 8);
		add_value(ACCEL_QUEUE_CREATE_ENTRIES, Need::mandatory, 64, 4);
		add_memory(ACCEL_QUEUE_CREATE_LAYOUT, Need::mandatory, layout, room);
	}
};

TEST_F(Reply, StructuresGrow)
{
	unsigned char room[600];
	accel_ring_layout layout;

	std::memset(&layout, 0x77, sizeof(layout));
	server.handler = [&](Call &call) {
		call.put_structure(kLayout, &layout, sizeof(layout));
		return 0;
	};
	for (size_t size : {size_t{1}, size_t{8}, sizeof(layout) - 1, sizeof(layout),
			    sizeof(layout) + 1, sizeof(room)}) {
		std::memset(room, 0x55, sizeof(room));
		AnyQueue message(room, size);
		ASSERT_EQ(message.deliver(server.transport()), 0);
		EXPECT_EQ(message.find(ACCEL_QUEUE_CREATE_LAYOUT)->length,
			  std::min(size, sizeof(layout)));
		for (size_t i = 0; i < sizeof(room); ++i)
			ASSERT_EQ(room[i], i >= size	      ? 0x55 :
					   i < sizeof(layout) ? 0x77 :
								0)
				<< size << " " << i;
	}
	AnyQueue none(room, 0);
	EXPECT_EQ(none.deliver(server.transport()), -EMSGSIZE);
	EXPECT_EQ(none.find(ACCEL_QUEUE_CREATE_LAYOUT)->length, sizeof(layout));
}

TEST_F(Reply, NumbersGrow)
{
	AnyMessage message(ACCEL_OBJECT_DEVICE, ACCEL_DEVICE_QUERY);
	uint64_t value[2] = {~0ull, ~0ull};

	server.handler = [&](Call &call) {
		call.put(3, 0x12345678);
		call.put(5, 0x1122334455667788);
		return 0;
	};
	message.add_value(ACCEL_DEVICE_QUERY_MAX_QUEUES, Need::mandatory, ~0ull, 8);
	message.add_memory(ACCEL_DEVICE_QUERY_MAX_TRANSFER, Need::mandatory, value, sizeof(value));
	ASSERT_EQ(message.deliver(server.transport()), 0);
	EXPECT_EQ(message.find(ACCEL_DEVICE_QUERY_MAX_QUEUES)->value, 0x12345678u);
	EXPECT_EQ(message.find(ACCEL_DEVICE_QUERY_MAX_QUEUES)->length, 4u);
	EXPECT_EQ(value[0], 0x1122334455667788u);
	EXPECT_EQ(value[1], 0u);
}

TEST_F(Reply, FaultsWhileAnswering)
{
	TestMemory memory(4096);
	const uint64_t base = TestMemory::kBase;
	auto &call = memory.at<accel_call>(0);
	auto *attributes = &memory.at<accel_attribute>(64);
	auto &error = memory.at<accel_error_record>(512);

	server.access = memory.access();
	server.handler = [&](Call &served) {
		served.put(0, 5);
		served.put(3, 7);
		served.put_string(0, "soft");
		return 0;
	};
	call = {.size = 40,
		.object = ACCEL_OBJECT_DEVICE,
		.method = ACCEL_DEVICE_QUERY,
		.attribute_count = 2,
		.attributes = base + 64,
		.error = base + 512,
		.error_size = sizeof(error)};
	const accel_attribute asked[] = {{ACCEL_DEVICE_QUERY_MAX_QUEUES, 0, 4, 0},
					 {ACCEL_DEVICE_QUERY_DRIVER, 4, 64, base + 4090}};
	std::memcpy(attributes, asked, sizeof(asked));
	EXPECT_EQ(server.answer(base), 0);
	// A value that cannot be written: the attributes are unchanged.
	attributes[1].value = base + 4094;
	attributes[1].length = 64;
	attributes[1].flags = 4;
	attributes[0] = asked[0];
	EXPECT_EQ(server.answer(base), -EFAULT);
	EXPECT_EQ(error.attribute, ACCEL_DEVICE_QUERY_DRIVER);
	EXPECT_EQ(error.value, base + 4094);
	EXPECT_EQ(attributes[0].flags, 0);
	// First the value cannot be written, then the attributes, which are written in one piece.
	for (unsigned failing : {1u, 2u}) {
		std::memcpy(attributes, asked, sizeof(asked));
		memory.writes = 0;
		memory.fail_write = failing;
		EXPECT_EQ(server.answer(base), -EFAULT) << failing;
		EXPECT_EQ(std::memcmp(attributes, asked, sizeof(asked)), 0) << failing;
	}
	std::memcpy(attributes, asked, sizeof(asked));
	memory.writes = memory.fail_write = 0;
	EXPECT_EQ(server.answer(base), 0);
	EXPECT_EQ(memory.writes, 2u);
	// A zero tail that cannot be written.
	memory.fail_write = 0;
	attributes[0] = {ACCEL_DEVICE_QUERY_MAX_QUEUES, 4, 4000, base + 4000};
	call.attribute_count = 1;
	EXPECT_EQ(server.answer(base), -EFAULT);
	// Bytes are written at once, so the method gets the error.
	server.handler = [](Call &served) { return served.put_bytes(0, "abcd", 4); };
	call.method = ACCEL_DEVICE_DESCRIBE;
	attributes[0] = {ACCEL_DEVICE_DESCRIBE_POLICY, 4, 4, base + 4095};
	EXPECT_EQ(server.answer(base), -EFAULT);
}

} // namespace
} // namespace accel::core::uabi
