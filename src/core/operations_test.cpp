// SPDX-License-Identifier: MIT
// The generated operations: refusals by default. attribute_operations_test.cpp has the messages to a device.
#include <accel/uabi/operations.hpp>

#include <cerrno>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace accel::core;
using testing::AllOf;
using testing::HasSubstr;

namespace {

class Bare final : public Operations {
public:
	Bare() : Operations("it is bare") {}
};

template <class T>
void expect_refusal(const Result<T> &r, unsigned object, unsigned method, const char *operation)
{
	ASSERT_FALSE(r) << operation;
	EXPECT_EQ(r.error().code, -EOPNOTSUPP);
	EXPECT_EQ(r.error().reason, ACCEL_REASON_UNSUPPORTED);
	EXPECT_EQ(r.error().object, object) << operation;
	EXPECT_EQ(r.error().method, method) << operation;
	EXPECT_THAT(r.error().text, AllOf(HasSubstr(operation), HasSubstr("it is bare")));
}

#define EXPECT_REFUSAL(call, OBJECT, METHOD, text) \
	expect_refusal(call, ACCEL_OBJECT_##OBJECT, ACCEL_##OBJECT##_##METHOD, text)

TEST(Operations, RefuseUntilTheyAreOverridden)
{
	Bare b;

	EXPECT_REFUSAL(b.device_query(), DEVICE, QUERY, "device.query");
	EXPECT_REFUSAL(b.address_space_create({}), ADDRESS_SPACE, CREATE, "address-space.create");
	EXPECT_REFUSAL(b.address_space_destroy({}), ADDRESS_SPACE, DESTROY,
		       "address-space.destroy");
	EXPECT_REFUSAL(b.address_space_map({}), ADDRESS_SPACE, MAP, "address-space.map");
	EXPECT_REFUSAL(b.address_space_unmap({}), ADDRESS_SPACE, UNMAP, "address-space.unmap");
	EXPECT_REFUSAL(b.address_space_query({}), ADDRESS_SPACE, QUERY, "address-space.query");
	EXPECT_REFUSAL(b.buffer_create({}), BUFFER, CREATE, "buffer.create");
	EXPECT_REFUSAL(b.buffer_register({}), BUFFER, REGISTER, "buffer.register");
	EXPECT_REFUSAL(b.buffer_import({}), BUFFER, IMPORT, "buffer.import");
	EXPECT_REFUSAL(b.buffer_export({}), BUFFER, EXPORT, "buffer.export");
	EXPECT_REFUSAL(b.buffer_destroy({}), BUFFER, DESTROY, "buffer.destroy");
	EXPECT_REFUSAL(b.buffer_query({}), BUFFER, QUERY, "buffer.query");
	EXPECT_REFUSAL(b.buffer_sync({}), BUFFER, SYNC, "buffer.sync");
	EXPECT_REFUSAL(b.event_create({}), EVENT, CREATE, "event.create");
	EXPECT_REFUSAL(b.event_destroy({}), EVENT, DESTROY, "event.destroy");
	EXPECT_REFUSAL(b.command_create({}), COMMAND, CREATE, "command.create");
	EXPECT_REFUSAL(b.command_destroy({}), COMMAND, DESTROY, "command.destroy");
	EXPECT_REFUSAL(b.command_execute({}), COMMAND, EXECUTE, "command.execute");
}

} // namespace
