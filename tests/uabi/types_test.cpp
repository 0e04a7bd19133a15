// SPDX-License-Identifier: MIT
// Every attribute type in both directions: typed client, parser, typed view, answer, decoder.
#include "uabi/decode.hpp"
#include "uabi/uabi_test.hpp"

#include <accel/uabi/types_client.hpp>
#include <accel/uabi/types_server.hpp>
#include <algorithm>
#include <memory>

namespace accel::core::uabi::types {
namespace {

/// Decodes each call into `text` and answers with the handlers that the test sets.
class Server : public Handlers {
public:
	std::function<int(ThingNumbersView &)> numbers;
	std::function<int(ThingDataView &)> data;
	Access access;
	char text[2000];

	Transport transport() { return {serve_one, this}; }

private:
	static int serve_one(void *context, accel_call *message)
	{
		auto *self = static_cast<Server *>(context);
		CallTracer tracer;

		tracer.before(message, {});
		int result = serve(self->access, reinterpret_cast<uintptr_t>(message), *self);
		tracer.after(kPolicy, result, self->text, sizeof(self->text));
		return result;
	}

	int thing_numbers(ThingNumbersView &view) override { return numbers(view); }
	int thing_data(ThingDataView &view) override { return data(view); }

	static int no(Call &call)
	{
		return call.fail(ACCEL_REASON_UNSUPPORTED, 0, 0, 0, 0, "is not tested here");
	}
	int device_query(DeviceQueryView &v) override { return no(v.call()); }
	int address_space_create(AddressSpaceCreateView &v) override { return no(v.call()); }
	int address_space_destroy(AddressSpaceDestroyView &v) override { return no(v.call()); }
	int address_space_map(AddressSpaceMapView &v) override { return no(v.call()); }
	int address_space_unmap(AddressSpaceUnmapView &v) override { return no(v.call()); }
	int address_space_query(AddressSpaceQueryView &v) override { return no(v.call()); }
	int buffer_create(BufferCreateView &v) override { return no(v.call()); }
	int buffer_register(BufferRegisterView &v) override { return no(v.call()); }
	int buffer_import(BufferImportView &v) override { return no(v.call()); }
	int buffer_export(BufferExportView &v) override { return no(v.call()); }
	int buffer_destroy(BufferDestroyView &v) override { return no(v.call()); }
	int buffer_query(BufferQueryView &v) override { return no(v.call()); }
	int queue_create(QueueCreateView &v) override { return no(v.call()); }
	int queue_destroy(QueueDestroyView &v) override { return no(v.call()); }
	int queue_kick(QueueKickView &v) override { return no(v.call()); }
	int queue_resume(QueueResumeView &v) override { return no(v.call()); }
	int queue_query(QueueQueryView &v) override { return no(v.call()); }
	int event_create(EventCreateView &v) override { return no(v.call()); }
	int event_destroy(EventDestroyView &v) override { return no(v.call()); }
	int command_create(CommandCreateView &v) override { return no(v.call()); }
	int command_destroy(CommandDestroyView &v) override { return no(v.call()); }
	int command_execute(CommandExecuteView &v) override { return no(v.call()); }
};

const accel_types_box kBox = {{1, -2}, {3, 4}, {'b', 'o', 'x'}};

bool same(const accel_types_box &a, const accel_types_box &b)
{
	return !std::memcmp(&a, &b, sizeof(a));
}

template <class T>
std::span<const std::byte> bytes_of(const T &value)
{
	return std::as_bytes(std::span(&value, 1));
}

TEST(Types, Numbers)
{
	Server server;
	ThingNumbers message;

	server.numbers = [](ThingNumbersView &view) {
		view.put_u32_out(view.u32().value() + 1);
		view.put_u64_out(view.u64().value() + 1);
		view.put_enum_out(view.enum_().value());
		view.put_flags_out(view.flags().value());
		view.put_handle_out(view.handle().value() + 1);
		view.put_fd_out(view.fd().value() - 1);
		view.put_deadline_out(view.deadline().value());
		view.put_address_out(view.address().value() + 1);
		return 0;
	};
	message.u32(UINT32_MAX - 1)
		.u64(1ull << 48)
		.enum_(7)
		.flags(0x100000001)
		.handle(1ull << 63)
		.fd(-5);
	message.deadline(ACCEL_DEADLINE_FOREVER).address(UINT64_MAX - 1);
	message.want_u32_out().want_u64_out().want_enum_out().want_flags_out().want_handle_out();
	message.want_fd_out().want_deadline_out().want_address_out();
	ASSERT_EQ(message.deliver(server.transport()), 0) << message.error().text;
	EXPECT_EQ(message.u32_out(), UINT32_MAX);
	EXPECT_EQ(message.u64_out(), (1ull << 48) + 1);
	EXPECT_EQ(message.enum_out(), 7u);
	EXPECT_EQ(message.flags_out(), 0x100000001u);
	EXPECT_EQ(message.handle_out(), (1ull << 63) + 1);
	EXPECT_EQ(message.fd_out(), -6);
	EXPECT_EQ(message.deadline_out(), ACCEL_DEADLINE_FOREVER);
	EXPECT_EQ(message.address_out(), UINT64_MAX);
	EXPECT_STREQ(
		server.text,
		"thing.numbers u32=4294967294 u64=0x1000000000000 enum=square flags=fast|cheap "
		"handle=0x8000000000000000 fd=-5 deadline=forever address=0xfffffffffffffffe → "
		"u32-out=4294967295 u64-out=0x1000000000001 enum-out=square flags-out=fast|cheap "
		"handle-out=0x8000000000000001 fd-out=-6 deadline-out=forever "
		"address-out=0xffffffffffffffff = 0");
	// No input and no output.
	ThingNumbers empty;
	server.numbers = [](ThingNumbersView &view) {
		EXPECT_FALSE(view.u32() || view.u64() || view.enum_() || view.flags() ||
			     view.handle() || view.fd() || view.deadline() || view.address() ||
			     view.wants_fd_out());
		return 0;
	};
	ASSERT_EQ(empty.deliver(server.transport()), 0);
	EXPECT_FALSE(empty.u32_out());
	EXPECT_STREQ(server.text, "thing.numbers = 0");
	// A number between two members; an unknown flag together with the member 0.
	EXPECT_EQ(empty.enum_(3).deliver(server.transport()), -EINVAL);
	EXPECT_EQ(empty.error().reason, ACCEL_REASON_UNKNOWN_MEMBER);
	EXPECT_EQ(empty.error().attribute, ACCEL_TYPES_THING_NUMBERS_ENUM);
	EXPECT_EQ(empty.error().value, 3u);
	EXPECT_EQ(empty.enum_(0).flags(0x2).deliver(server.transport()), -EINVAL);
	EXPECT_EQ(empty.error().reason, ACCEL_REASON_UNKNOWN_FLAG);
	EXPECT_EQ(empty.error().attribute, ACCEL_TYPES_THING_NUMBERS_FLAGS);
	EXPECT_EQ(empty.error().value, 0x2u);
}

TEST(Types, Data)
{
	Server server;
	ThingData message;
	const accel_types_point point = {5, -6};
	char text[40];
	std::byte bytes[64];

	server.data = [&](ThingDataView &view) {
		std::byte some[4];

		EXPECT_EQ(view.string(), "hällo");
		EXPECT_EQ(view.point()->y, -6);
		EXPECT_TRUE(same(*view.box(), kBox));
		EXPECT_EQ(view.bytes_length(), 24u);
		EXPECT_TRUE(view.has_bytes());
		EXPECT_EQ(view.copy_bytes(some, 4, 16), 0);
		EXPECT_EQ(some[0], std::byte{'b'});
		view.put_string_out("wörld");
		view.put_point_out(point);
		view.put_box_out(kBox);
		return view.put_bytes_out(bytes_of(kBox));
	};
	message.string("hällo").bytes(bytes_of(kBox)).point(point).box(kBox);
	message.want_string_out(text).want_bytes_out(bytes).want_point_out().want_box_out();
	ASSERT_EQ(message.deliver(server.transport()), 0) << message.error().text;
	EXPECT_EQ(message.string_out(), "wörld");
	EXPECT_EQ(message.point_out()->x, 5);
	EXPECT_TRUE(same(*message.box_out(), kBox));
	EXPECT_TRUE(std::ranges::equal(*message.bytes_out(), bytes_of(kBox)));
	EXPECT_STREQ(
		server.text,
		"thing.data string=\"hällo\" bytes=01000000feffffff0300000004000000… (24 bytes) "
		"point={x=5,y=-6} box={low={x=1,y=-2},high={x=3,y=4},name=\"box\"} → "
		"string-out=\"wörld\" bytes-out=01000000feffffff0300000004000000… (24 bytes) "
		"point-out={x=5,y=-6} box-out={low={x=1,y=-2},high={x=3,y=4},name=\"box\"} = "
		"0");
}

TEST(Types, InlineData)
{
	Server server;
	AnyMessage message(ACCEL_TYPES_OBJECT_THING, ACCEL_TYPES_THING_DATA);
	const accel_types_point point = {9, 8};
	uint64_t packed;

	server.data = [&](ThingDataView &view) {
		EXPECT_EQ(view.string(), "abc");
		EXPECT_EQ(view.point()->x, 9);
		view.put_string_out("xy");
		view.put_point_out(point);
		return 0;
	};
	std::memcpy(&packed, &point, sizeof(packed));
	message.add_value(ACCEL_TYPES_THING_DATA_STRING, Need::mandatory, 0x636261, 3);
	message.add_value(ACCEL_TYPES_THING_DATA_POINT, Need::mandatory, packed, 8);
	message.add_value(ACCEL_TYPES_THING_DATA_STRING_OUT, Need::mandatory, ~0ull, 5);
	message.add_value(ACCEL_TYPES_THING_DATA_POINT_OUT, Need::mandatory, ~0ull, 4);
	ASSERT_EQ(message.deliver(server.transport()), 0) << message.error().text;
	EXPECT_EQ(message.find(ACCEL_TYPES_THING_DATA_STRING_OUT)->value, 0x7978u);
	EXPECT_EQ(message.find(ACCEL_TYPES_THING_DATA_STRING_OUT)->length, 2u);
	EXPECT_EQ(message.find(ACCEL_TYPES_THING_DATA_POINT_OUT)->value, 9u);
}

TEST(Types, DataRules)
{
	Server server;
	std::string long_text(41, 'x');
	unsigned calls = 0;

	server.data = [&](ThingDataView &view) {
		++calls;
		EXPECT_EQ(view.string(), "");
		return 0;
	};
	auto refused = [&](ThingData &message, unsigned reason, unsigned attribute, uint64_t value,
			   uint64_t maximum) {
		EXPECT_EQ(message.deliver(server.transport()), -EINVAL);
		EXPECT_EQ(message.error().reason, reason);
		EXPECT_EQ(message.error().attribute, attribute);
		EXPECT_EQ(message.error().value, value);
		EXPECT_EQ(message.error().maximum, maximum);
	};
	ThingData message;
	EXPECT_EQ(message.string("").deliver(server.transport()), 0);
	EXPECT_EQ(calls, 1u);
	message.string(long_text);
	refused(message, ACCEL_REASON_WRONG_LENGTH, ACCEL_TYPES_THING_DATA_STRING, 41, 40);
	message.string({"a\0b", 3});
	refused(message, ACCEL_REASON_OUT_OF_RANGE, ACCEL_TYPES_THING_DATA_STRING, 0, 0);
	message.string("a\xff");
	refused(message, ACCEL_REASON_OUT_OF_RANGE, ACCEL_TYPES_THING_DATA_STRING, 0xff, 0);
	const std::vector<std::byte> many(4097);
	message.string("").bytes(many);
	refused(message, ACCEL_REASON_WRONG_LENGTH, ACCEL_TYPES_THING_DATA_BYTES, 4097, 4096);
	// A string in unreadable memory.
	TestMemory memory(512);
	server.access = memory.access();
	memory.at<accel_call>(0) = {.size = 40,
				    .object = ACCEL_TYPES_OBJECT_THING,
				    .method = ACCEL_TYPES_THING_DATA,
				    .attribute_count = 1,
				    .attributes = TestMemory::kBase + 64};
	memory.at<accel_attribute>(64) = {ACCEL_TYPES_THING_DATA_STRING, 4, 10, 0x1000};
	Call call;
	EXPECT_EQ(call.parse(kPolicy, server.access, TestMemory::kBase), -EFAULT);
	EXPECT_EQ(call.error().reason, ACCEL_REASON_BAD_POINTER);
	EXPECT_EQ(call.error().attribute, ACCEL_TYPES_THING_DATA_STRING);
	EXPECT_EQ(call.error().value, 0x1000u);
	memory.at<accel_attribute>(64) = {ACCEL_TYPES_THING_DATA_BYTES, 4, 10, 0x1000};
	ASSERT_EQ(call.parse(kPolicy, server.access, TestMemory::kBase), 0);
	char copy[10];
	EXPECT_EQ(ThingDataView(call).copy_bytes(copy, 10), -EFAULT);
	EXPECT_EQ(call.error().reason, ACCEL_REASON_BAD_POINTER);
	EXPECT_EQ(call.error().attribute, ACCEL_TYPES_THING_DATA_BYTES);
	EXPECT_EQ(call.error().value, 0x1000u);
	EXPECT_EQ(ThingDataView(call).copy_bytes(copy, 4, 7), -EINVAL);
	EXPECT_EQ(call.error().reason, ACCEL_REASON_WRONG_LENGTH);
	EXPECT_EQ(call.error().value, 10u);
	EXPECT_EQ(call.error().minimum, 11u);
	memory.at<accel_attribute>(64) = {ACCEL_TYPES_THING_DATA_STRING, 4, 0, 0};
	ASSERT_EQ(call.parse(kPolicy, server.access, TestMemory::kBase), 0);
	EXPECT_EQ(ThingDataView(call).copy_bytes(copy, 0), -EINVAL); // the attribute is missing
}

} // namespace
} // namespace accel::core::uabi::types
