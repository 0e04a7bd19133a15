// SPDX-License-Identifier: MIT
// The text of calls and structures.
#include "uabi/decode.hpp"

#include "uabi/describe.hpp"
#include "uabi/text.hpp"
#include "uabi/uabi_test.hpp"

#include <accel/uabi/soft_client.hpp>
#include <accel/uabi/soft_policy.hpp>
#include <gmock/gmock.h>

namespace accel::core::uabi {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

/// A transport that decodes each message.
struct Traced {
	explicit Traced(TestServer &to) : server(to) {}

	Transport transport() { return {call, this}; }

	static int call(void *context, accel_call *message)
	{
		auto *self = static_cast<Traced *>(context);
		CallTracer tracer;
		tracer.before(message, {});
		int result = self->server.transport().call(&self->server, message);
		size_t length = tracer.after(*self->policy, result, self->text, self->room);
		EXPECT_EQ(length, std::strlen(self->text));
		return result;
	}

	TestServer &server;
	const Policy *policy = &soft::kPolicy;
	char text[512];
	size_t room = sizeof(text);
};

class Decode : public testing::Test {
protected:
	TestServer server{soft::kPolicy};
	Traced traced{server};
};

TEST_F(Decode, AWholeCall)
{
	soft::QueueCreate message;

	server.handler = [](Call &call) {
		accel_ring_layout layout = {.size = 12288,
					    .entry_size = 64,
					    .entry_count = 64,
					    .publication = ACCEL_RING_PUBLICATION_INDEX};
		call.put(0, 0x4000001);
		call.put(5, 4096);
		call.put_structure(6, &layout, sizeof(layout));
		return 0;
	};
	message.address_space(0x2000001).entries(64).flags(ACCEL_QUEUE_FLAGS_MULTI_PRODUCER |
							   ACCEL_QUEUE_FLAGS_STATUS_PHASE);
	ASSERT_EQ(message.deliver(traced.transport()), 0);
	const std::string whole =
		"queue.create address-space=0x2000001 entries=64 flags=multi-producer|status-phase "
		"→ "
		"handle=0x4000001 map-offset=4096 layout={size=12288,entry-size=64,entry-count=64,"
		"publication=index} = 0";
	EXPECT_EQ(traced.text, whole);
	// The same with the description of the device instead of the generated tables.
	Description description;
	ASSERT_EQ(description.parse(soft::kPolicy.description()), 0);
	traced.policy = &description.policy();
	ASSERT_EQ(message.deliver(traced.transport()), 0);
	EXPECT_EQ(traced.text, whole);
	// In space of any size, the text is complete UTF-8 and ends with a mark.
	for (size_t room = 1; room <= whole.size(); ++room) {
		traced.room = room;
		std::memset(traced.text, 0x55, sizeof(traced.text));
		message.deliver(traced.transport());
		std::string_view text = traced.text;
		ASSERT_LT(text.size(), room);
		ASSERT_EQ(utf8_prefix(text), text.size()) << room;
		ASSERT_TRUE(room < 4 || text.ends_with("…")) << room << text;
		ASSERT_EQ(traced.text[room], 0x55);
	}
}

TEST_F(Decode, ARefusal)
{
	soft::QueueCreate message;

	message.address_space(1).entries(3).deliver(traced.transport());
	EXPECT_THAT(traced.text,
		    StartsWith("queue.create address-space=0x1 entries=3 = -EINVAL entries "));
	AnyMessage strange(99, 98);
	strange.add_value(97, Need::optional, 0x1234, 2);
	strange.deliver(traced.transport());
	EXPECT_THAT(traced.text, StartsWith("#99.#98 #97=3412 (2 bytes) = -ENOTTY "));
}

TEST_F(Decode, ReadsNothingThatAServerDoesNotRead)
{
	constexpr uint64_t kNowhere = 16; // a null page: reading it ends the test
	constexpr uint16_t kFlags = ACCEL_ATTRIBUTE_FLAGS_INDIRECT;
	accel_attribute attribute = {.id = 4000, .flags = kFlags, .length = 8, .value = kNowhere};
	accel_call call = {.size = sizeof(call),
			   .object = ACCEL_OBJECT_COMMAND,
			   .method = ACCEL_COMMAND_EXECUTE,
			   .attributes = reinterpret_cast<uintptr_t>(&attribute)};

	auto text = [&] {
		Traced::call(&traced, &call);
		return std::string(traced.text);
	};
	call.attribute_count = 1;
	EXPECT_THAT(text(), HasSubstr("command.execute #4000=@0x10 (8 bytes)"));
	attribute.id = ACCEL_COMMAND_EXECUTE_REQUEST;
	attribute.flags = kFlags | 0x80;
	EXPECT_THAT(text(), HasSubstr("request=@0x10 (8 bytes) = -EINVAL"));
	attribute.flags = kFlags;
	attribute.length = 0x200001;
	EXPECT_THAT(text(), HasSubstr("request=@0x10 (2097153 bytes) = -EINVAL"));
	call.attribute_count = ACCEL_MAX_ATTRIBUTES + 1;
	call.attributes = kNowhere;
	EXPECT_THAT(text(), HasSubstr("command.execute = -EINVAL"));
}

TEST_F(Decode, Values)
{
	AnyMessage message(ACCEL_OBJECT_ADDRESS_SPACE, ACCEL_ADDRESS_SPACE_CREATE);
	AnyMessage import(ACCEL_OBJECT_BUFFER, ACCEL_BUFFER_IMPORT);
	AnyMessage execute(ACCEL_OBJECT_COMMAND, ACCEL_COMMAND_EXECUTE);
	unsigned char bytes[20] = {1, 2, 0xff};

	message.add_value(ACCEL_ADDRESS_SPACE_CREATE_MODE, Need::mandatory, 2, 4);
	message.add_value(ACCEL_ADDRESS_SPACE_CREATE_MODE, Need::mandatory, 9, 4);
	message.deliver(traced.transport());
	EXPECT_TRUE(std::string(traced.text)
			    .starts_with("address-space.create mode=mapped mode=9 = -EINVAL"));
	import.add_value(ACCEL_BUFFER_IMPORT_FD, Need::mandatory, 0xffffffff, 4);
	import.deliver(traced.transport());
	EXPECT_TRUE(std::string(traced.text).starts_with("buffer.import fd=-1 = -EINVAL"))
		<< traced.text;
	execute.add_value(ACCEL_COMMAND_EXECUTE_HANDLE, Need::mandatory, 7, 8);
	execute.add_memory(ACCEL_COMMAND_EXECUTE_REQUEST, Need::mandatory, bytes, sizeof(bytes));
	execute.deliver(traced.transport());
	EXPECT_STREQ(traced.text,
		     "command.execute handle=0x7 request=0102ff00000000000000000000000000… "
		     "(20 bytes) = 0");
	execute.deliver({[](void *, accel_call *) { return -4095; }, nullptr});
}

TEST_F(Decode, Strings)
{
	char driver[64], model[64];
	soft::DeviceQuery message;

	server.handler = [](Call &call) {
		call.put_string(0, "soft");
		call.put_string(1, "a\nb\"ä");
		call.put(2, 0x81);
		return 0;
	};
	message.want_driver(driver).want_model(model).want_features().deliver(traced.transport());
	EXPECT_STREQ(traced.text, "device.query → driver=\"soft\" model=\"a\\x0ab\"ä\" "
				  "features=shared-address-space|handle-address-space = 0");
}

TEST_F(Decode, MemoryThatCannotBeRead)
{
	TestMemory memory(64);
	char text[256];
	const accel_attribute attributes[] = {
		{ACCEL_COMMAND_EXECUTE_REQUEST, ACCEL_ATTRIBUTE_FLAGS_INDIRECT, 100, 0x5000},
		{ACCEL_COMMAND_EXECUTE_HANDLE, 0, 3, 0xffffffffff000007},
	};
	CallImage image = {
		.call = {.object = ACCEL_OBJECT_COMMAND, .method = ACCEL_COMMAND_EXECUTE},
		.before = attributes};

	decode_call(soft::kPolicy, image, memory.access(), text, sizeof(text));
	EXPECT_STREQ(text, "command.execute request=@0x5000 (100 bytes, unreadable) handle=0x7");
	image.answered = true;
	image.result = -4000;
	decode_call(soft::kPolicy, image, memory.access(), text, sizeof(text));
	EXPECT_STREQ(text,
		     "command.execute request=@0x5000 (100 bytes, unreadable) handle=0x7 = -4000");
}

TEST(DecodeStruct, Descriptors)
{
	accel_soft_descriptor descriptor = {};
	char text[200];
	auto decoded = [&](size_t bytes = sizeof(descriptor)) {
		decode_struct("soft.descriptor",
			      std::as_bytes(std::span(&descriptor, 1)).first(bytes), text,
			      sizeof(text));
		return std::string(text);
	};

	EXPECT_EQ(decoded(), "{op=nop}");
	descriptor.op = ACCEL_SOFT_OP_COPY;
	descriptor.flags = ACCEL_SOFT_DESCRIPTOR_FLAGS_FENCE;
	descriptor.transfer.src = 0x7f0011223344;
	descriptor.transfer.dst = 0x1000;
	descriptor.transfer.length = 64;
	EXPECT_EQ(decoded(), "{op=copy,flags=fence,src=0x7f0011223344,dst=4096,length=64}");
	descriptor.op = ACCEL_SOFT_OP_BATCH;
	EXPECT_EQ(decoded(),
		  "{op=batch,flags=fence,descriptors=0x7f0011223344,records=4096,count=64}");
	descriptor.op = 200;
	EXPECT_EQ(decoded(),
		  "{op=200,flags=fence,body=44332211007f00000010000000000000… (48 bytes)}");
	// Only complete fields, and no byte after the end.
	EXPECT_EQ(decoded(9), "{op=200,flags=fence}");
	EXPECT_EQ(decoded(1), "{op=200}");
	EXPECT_EQ(decoded(0), "{}");
}

TEST(DecodeStruct, TextArraysAndLength)
{
	accel_soft_identity identity = {.model = "soft\t1", .workers = 3};
	char text[400];

	std::memset(identity.firmware, 'v', sizeof(identity.firmware));
	decode_struct("identity", std::as_bytes(std::span(&identity, 1)), text, sizeof(text));
	EXPECT_STREQ(text, "{model=\"soft\\x091\",firmware=\"vvvvvvvvvvvvvvvv\",workers=3}");
	accel_error_record record = {.code = -22, .reason = ACCEL_REASON_SCOPE, .text = "no"};
	decode_struct("error-record", std::as_bytes(std::span(&record, 1)), text, sizeof(text));
	EXPECT_STREQ(text, "{code=-22,reason=scope,text=\"no\"}");
	accel_soft_command_request request = {.reserved = {1, 0x100000000}};
	decode_struct("command-request", std::as_bytes(std::span(&request, 1)), text, sizeof(text));
	EXPECT_STREQ(text, "{reserved=[1,0x100000000]}");
	std::byte bytes[40] = {};
	decode_struct("soft.command-response", bytes, text, sizeof(text));
	EXPECT_STREQ(text, "{status=success,+24 bytes}");
	decode_struct("unknown", std::span(bytes).first(3), text, sizeof(text));
	EXPECT_STREQ(text, "000000 (3 bytes)");
	decode_struct("unknown", {}, text, sizeof(text));
	EXPECT_STREQ(text, "(0 bytes)");
}

} // namespace
} // namespace accel::core::uabi
