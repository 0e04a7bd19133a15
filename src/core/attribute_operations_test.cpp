// SPDX-License-Identifier: MIT
// The generated operations as messages to a device that supports them.
#include "core/scripted_device.hpp"

#include <accel/uabi/attribute_operations.hpp>
#include <cerrno>
#include <cstring>
#include <gtest/gtest.h>
#include <string>

using namespace accel::core;

namespace {

/// The least that AttributeOperations needs from its base.
class Plain : public Operations {
public:
	explicit Plain(const char *lacks) : Operations(lacks) {}
};

class Scripted final : public ScriptedDevice, public AttributeOperations<Plain> {
public:
	Scripted() : AttributeOperations(ScriptedDevice::transport(), "it is scripted") {}
};

TEST(AttributeOperations, AnAnswerMarksTheFieldsThatTheDeviceWrote)
{
	Scripted d;

	d.answers[ACCEL_DEVICE_QUERY_DRIVER] = "chip";
	d.will_write<uint64_t>(ACCEL_DEVICE_QUERY_FEATURES, ACCEL_FEATURE_PASID);
	d.will_write<uint32_t>(ACCEL_DEVICE_QUERY_MAX_QUEUES, 7);
	d.will_write<uint64_t>(ACCEL_DEVICE_QUERY_POLL_NS, 0);
	auto caps = d.device_query();
	ASSERT_TRUE(caps);
	EXPECT_SENT(d, DEVICE, QUERY);
	EXPECT_EQ(caps->size, sizeof(accel_device_caps));
	EXPECT_STREQ(caps->driver, "chip");
	EXPECT_STREQ(caps->model, "");
	EXPECT_EQ(caps->features, uint64_t{ACCEL_FEATURE_PASID});
	EXPECT_EQ(caps->max_queues, 7u);
	EXPECT_EQ(caps->clients, 0u);
	EXPECT_EQ(caps->given, ACCEL_DEVICE_CAPS_GIVEN_DRIVER | ACCEL_DEVICE_CAPS_GIVEN_FEATURES |
				       ACCEL_DEVICE_CAPS_GIVEN_MAX_QUEUES |
				       ACCEL_DEVICE_CAPS_GIVEN_POLL_NS);
	for (uint16_t id : {ACCEL_DEVICE_QUERY_MAX_ENTRIES, ACCEL_DEVICE_QUERY_MAX_TRANSFER,
			    ACCEL_DEVICE_QUERY_QUEUES, ACCEL_DEVICE_QUERY_CLIENTS})
		EXPECT_TRUE(d.values.contains(id)) << "not asked for: " << id;
	EXPECT_TRUE(d.bytes.contains(ACCEL_DEVICE_QUERY_MODEL));
}

TEST(AttributeOperations, ATextThatFillsItsSpaceIsCutBetweenCharacters)
{
	Scripted d;

	d.answers[ACCEL_DEVICE_QUERY_DRIVER] = std::string(64, 'd');
	d.answers[ACCEL_DEVICE_QUERY_MODEL] = std::string(125, 'm') + "\u20ac";
	auto caps = d.device_query();
	ASSERT_TRUE(caps);
	EXPECT_EQ(caps->driver, std::string(63, 'd'));
	EXPECT_EQ(caps->model, std::string(125, 'm')) << "an incomplete character is cut";
	d.answers[ACCEL_DEVICE_QUERY_MODEL] = std::string(124, 'm') + "\u20ac";
	EXPECT_EQ(d.device_query()->model, std::string(124, 'm') + "\u20ac");
}

TEST(AttributeOperations, AnAddressSpaceReportsItsPasidOrTheReason)
{
	Scripted d;

	d.will_write<uint64_t>(ACCEL_ADDRESS_SPACE_CREATE_HANDLE, 5);
	auto made = d.address_space_create({.mode = ACCEL_ADDRESS_MODE_MAPPED});
	ASSERT_TRUE(made);
	EXPECT_SENT(d, ADDRESS_SPACE, CREATE);
	EXPECT_EQ(d.values.at(ACCEL_ADDRESS_SPACE_CREATE_MODE), ACCEL_ADDRESS_MODE_MAPPED);
	EXPECT_EQ(made->handle, 5u);
	EXPECT_FALSE(made->pasid);
	d.will_write<uint32_t>(ACCEL_ADDRESS_SPACE_CREATE_PASID, 0);
	EXPECT_EQ(d.address_space_create({.mode = ACCEL_ADDRESS_MODE_MAPPED})->pasid, 0u);

	d.answers.clear();
	d.will_write<uint32_t>(ACCEL_ADDRESS_SPACE_QUERY_MODE, ACCEL_ADDRESS_MODE_SHARED);
	d.answers[ACCEL_ADDRESS_SPACE_QUERY_PASID_REASON] = "no IOMMU";
	auto info = d.address_space_query({.handle = 5});
	ASSERT_TRUE(info);
	EXPECT_EQ(d.values.at(ACCEL_ADDRESS_SPACE_QUERY_HANDLE), 5u);
	EXPECT_EQ(info->mode, uint32_t{ACCEL_ADDRESS_MODE_SHARED});
	EXPECT_FALSE(info->given & ACCEL_ADDRESS_SPACE_INFO_GIVEN_PASID);
	EXPECT_STREQ(info->pasid_reason, "no IOMMU");
}

TEST(AttributeOperations, OnlyGivenAttributesAreSent)
{
	Scripted d;

	d.will_write<uint64_t>(ACCEL_ADDRESS_SPACE_MAP_IOVA, 0x7000);
	EXPECT_EQ(
		d.address_space_map(
			{.handle = 5, .address = 0x1000, .length = 8, .access = ACCEL_ACCESS_READ}),
		0x7000u);
	EXPECT_SENT(d, ADDRESS_SPACE, MAP);
	EXPECT_EQ(d.values.at(ACCEL_ADDRESS_SPACE_MAP_ADDRESS), 0x1000u);
	EXPECT_EQ(d.values.at(ACCEL_ADDRESS_SPACE_MAP_LENGTH), 8u);
	EXPECT_FALSE(d.values.contains(ACCEL_ADDRESS_SPACE_MAP_FIXED_IOVA));
	EXPECT_FALSE(d.bytes.contains(ACCEL_ADDRESS_SPACE_MAP_RANGE));

	EXPECT_TRUE(d.address_space_map({.handle = 5,
					 .range = accel_buffer_range{9, 16, 32},
					 .access = ACCEL_ACCESS_WRITE,
					 .fixed_iova = 0}));
	EXPECT_FALSE(d.values.contains(ACCEL_ADDRESS_SPACE_MAP_ADDRESS));
	EXPECT_EQ(d.values.at(ACCEL_ADDRESS_SPACE_MAP_FIXED_IOVA), 0u) << "a given 0 is sent";
	accel_buffer_range range;
	ASSERT_EQ(d.bytes.at(ACCEL_ADDRESS_SPACE_MAP_RANGE).size(), sizeof(range));
	memcpy(&range, d.bytes.at(ACCEL_ADDRESS_SPACE_MAP_RANGE).data(), sizeof(range));
	EXPECT_EQ(range.memory, 9u);
	EXPECT_EQ(range.offset, 16u);
	EXPECT_EQ(range.length, 32u);

	EXPECT_TRUE(d.address_space_unmap({.handle = 5, .iova = 0x7000, .length = 32}));
	EXPECT_SENT(d, ADDRESS_SPACE, UNMAP);
	EXPECT_EQ(d.values.at(ACCEL_ADDRESS_SPACE_UNMAP_IOVA), 0x7000u);
	EXPECT_TRUE(d.address_space_destroy({.handle = 5}));
	EXPECT_SENT(d, ADDRESS_SPACE, DESTROY);
}

TEST(AttributeOperations, Buffers)
{
	Scripted d;

	d.will_write<uint64_t>(ACCEL_BUFFER_CREATE_HANDLE, 9);
	d.will_write<uint64_t>(ACCEL_BUFFER_CREATE_MAP_OFFSET, 0x10000);
	d.will_write<uint64_t>(ACCEL_BUFFER_CREATE_ACTUAL_SIZE, 4096);
	auto made = d.buffer_create({.size = 100});
	ASSERT_TRUE(made);
	EXPECT_SENT(d, BUFFER, CREATE);
	EXPECT_EQ(d.values.at(ACCEL_BUFFER_CREATE_SIZE), 100u);
	EXPECT_FALSE(d.values.contains(ACCEL_BUFFER_CREATE_FLAGS));
	EXPECT_EQ(made->handle, 9u);
	EXPECT_EQ(made->map_offset, 0x10000u);
	EXPECT_EQ(made->actual_size, 4096u);
	EXPECT_FALSE(made->device_address);
	EXPECT_TRUE(d.buffer_create({.size = 100, .flags = ACCEL_BUFFER_FLAGS_NO_MAP}));
	EXPECT_EQ(d.values.at(ACCEL_BUFFER_CREATE_FLAGS), uint64_t{ACCEL_BUFFER_FLAGS_NO_MAP});

	d.answers.clear();
	d.will_write<uint64_t>(ACCEL_BUFFER_REGISTER_HANDLE, 10);
	EXPECT_EQ(d.buffer_register({.address = 64, .length = 32, .access = ACCEL_ACCESS_WRITE}),
		  10u);
	EXPECT_SENT(d, BUFFER, REGISTER);

	d.answers.clear();
	d.will_write<uint32_t>(ACCEL_BUFFER_QUERY_KIND, ACCEL_MEMORY_KIND_IMPORTED);
	d.will_write<uint64_t>(ACCEL_BUFFER_QUERY_SIZE, 8192);
	auto info = d.buffer_query({.handle = 9});
	ASSERT_TRUE(info);
	EXPECT_EQ(info->kind, uint32_t{ACCEL_MEMORY_KIND_IMPORTED});
	EXPECT_EQ(info->size, sizeof(accel_buffer_info));
	EXPECT_EQ(info->buffer_size, 8192u);
	EXPECT_EQ(info->given, ACCEL_BUFFER_INFO_GIVEN_KIND | ACCEL_BUFFER_INFO_GIVEN_BUFFER_SIZE);

	EXPECT_TRUE(d.buffer_sync({.handle = 9,
				   .phase = ACCEL_SYNC_PHASE_END,
				   .access = ACCEL_ACCESS_READ,
				   .deadline = 7}));
	EXPECT_SENT(d, BUFFER, SYNC);
	EXPECT_EQ(d.values.at(ACCEL_BUFFER_SYNC_PHASE), ACCEL_SYNC_PHASE_END);
	EXPECT_EQ(d.values.at(ACCEL_BUFFER_SYNC_DEADLINE), 7u);
	EXPECT_TRUE(d.buffer_destroy({.handle = 9}));
	EXPECT_SENT(d, BUFFER, DESTROY);
}

TEST(AttributeOperations, FilesAreImportedAndExported)
{
	Scripted d;

	d.will_write<uint64_t>(ACCEL_BUFFER_IMPORT_HANDLE, 9);
	d.will_write<uint64_t>(ACCEL_BUFFER_IMPORT_SIZE, 8192);
	auto made = d.buffer_import({.fd = 17});
	ASSERT_TRUE(made);
	EXPECT_EQ(d.values.at(ACCEL_BUFFER_IMPORT_FD), 17u);
	EXPECT_EQ(made->handle, 9u);
	EXPECT_EQ(made->size, 8192u);

	d.answers.clear();
	d.will_write<int32_t>(ACCEL_BUFFER_EXPORT_FD, 18);
	auto file = d.buffer_export({.handle = 9});
	ASSERT_TRUE(file);
	EXPECT_EQ(file->fd, 18);
	EXPECT_FALSE(file->kind);

	d.will_write<uint64_t>(ACCEL_EVENT_CREATE_HANDLE, 6);
	EXPECT_EQ(d.event_create({.fd = 12}), 6u);
	EXPECT_EQ(d.values.at(ACCEL_EVENT_CREATE_FD), 12u);
	EXPECT_TRUE(d.event_destroy({.handle = 6}));
	EXPECT_SENT(d, EVENT, DESTROY);
}

TEST(AttributeOperations, CommandsHaveAnswersOfAnyLength)
{
	Scripted d;
	std::byte request[3] = {}, response[16] = {};

	d.will_write<uint64_t>(ACCEL_COMMAND_CREATE_HANDLE, 6);
	EXPECT_EQ(d.command_create({.scope = ACCEL_SCOPE_DEBUG_READ}), 6u);
	EXPECT_EQ(d.values.at(ACCEL_COMMAND_CREATE_SCOPE), ACCEL_SCOPE_DEBUG_READ);

	d.answers.clear();
	EXPECT_EQ(d.command_execute({.handle = 6, .request = request, .response = response})
			  ->response,
		  0u)
		<< "a command without an answer";
	d.answers[ACCEL_COMMAND_EXECUTE_RESPONSE] = "four";
	EXPECT_EQ(d.command_execute({.handle = 6, .request = request, .response = response})
			  ->response,
		  4u);
	EXPECT_EQ(d.bytes.at(ACCEL_COMMAND_EXECUTE_REQUEST).size(), 3u);
	EXPECT_EQ(memcmp(response, "four", 4), 0);

	d.answers[ACCEL_COMMAND_EXECUTE_RESPONSE] = std::string(99, 'x');
	auto small = d.command_execute({.handle = 6, .request = request, .response = response});
	ASSERT_FALSE(small);
	EXPECT_EQ(small.error().code, -EMSGSIZE);
	EXPECT_EQ(small.error().maximum, 99u);
	EXPECT_TRUE(d.command_destroy({.handle = 6}));
	EXPECT_SENT(d, COMMAND, DESTROY);
}

TEST(AttributeOperations, TheDevicesRecordIsTheFailure)
{
	Scripted d;

	d.refuse = [](accel_call &message) {
		auto *record = reinterpret_cast<accel_error_record *>(message.error);

		*record = {};
		record->code = -EINVAL;
		record->attribute = ACCEL_BUFFER_CREATE_SIZE;
		record->reason = ACCEL_REASON_OUT_OF_RANGE;
		memset(record->text, 't', sizeof(record->text));
		return -EINVAL;
	};
	auto made = d.buffer_create({});
	ASSERT_FALSE(made);
	EXPECT_EQ(made.error().code, -EINVAL);
	EXPECT_EQ(made.error().attribute, ACCEL_BUFFER_CREATE_SIZE);
	EXPECT_EQ(strlen(made.error().text), sizeof(made.error().text) - 1) << "always terminated";
}

TEST(AttributeOperations, AFailureWithoutTextGetsOne)
{
	Scripted d;
	unsigned reason = ACCEL_REASON_NOT_POWER_OF_TWO;

	d.refuse = [&](accel_call &message) {
		auto *record = reinterpret_cast<accel_error_record *>(message.error);

		*record = {};
		record->code = -EBUSY;
		record->reason = static_cast<uint16_t>(reason);
		return -EBUSY;
	};
	EXPECT_STRNE(d.buffer_destroy({}).error().text, "");
	reason = 60000;
	EXPECT_STRNE(d.buffer_destroy({}).error().text, "");

	d.refuse = [](accel_call &) { return -ENODEV; };
	auto gone = d.device_query();
	ASSERT_FALSE(gone);
	EXPECT_EQ(gone.error().code, -ENODEV);
	EXPECT_EQ(gone.error().object, ACCEL_OBJECT_DEVICE);
	EXPECT_STRNE(gone.error().text, "");
}

} // namespace
