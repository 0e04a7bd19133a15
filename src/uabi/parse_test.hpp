// SPDX-License-Identifier: MIT
// Shared by the tests of the parser: a valid message to corrupt, and the comparison of a refusal.
#pragma once

#include "uabi/uabi_test.hpp"

#include <accel/uabi/soft_client.hpp>
#include <accel/uabi/soft_policy.hpp>

namespace accel::core::uabi {

inline constexpr Need kMust = Need::mandatory;

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

/// Delivers a message with another count than deliver() writes.
inline int with_count(TestServer &server, QueueMessage &message, uint32_t count,
		      uint64_t attributes)
{
	accel_call call = message.call();

	call.attribute_count = count;
	call.attributes = attributes;
	return server.answer(reinterpret_cast<uintptr_t>(&call));
}

} // namespace accel::core::uabi
