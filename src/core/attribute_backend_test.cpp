// SPDX-License-Identifier: MIT
// From operations to messages and back, against a device that is a function: what stands in each
// message, what becomes of each answer, and what is undone when memory cannot be mapped.
#include "core/attribute_backend.hpp"

#include "ring/device_ring.hpp"

#include <accel/uabi/accel_policy.hpp>
#include <cstring>
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>

using namespace accel::core;
using testing::HasSubstr;

namespace {

/// One message as the device saw it: the attributes by id, each with its value or its bytes.
struct Seen {
	unsigned object = 0, method = 0;
	std::map<unsigned, uint64_t> values;
	std::map<unsigned, std::string> bytes;
};

/// Keeps every message, and answers as the test says.
class Scripted final : public AttributeBackend {
public:
	Scripted() : AttributeBackend(uabi::kPolicy, "") {}

	std::vector<Seen> seen;
	std::map<unsigned, std::string> answers; // by attribute: the bytes to write
	std::function<int(accel_call &)> refuse; // instead of an answer
	int map_result = 0;
	uint64_t mapped_offset = 0, mapped_size = 0;
	char memory[64];

	const Seen &last() const { return seen.back(); }
	template <class T>
	void will_write(unsigned id, T value)
	{
		answers[id] = std::string(reinterpret_cast<const char *>(&value), sizeof(value));
	}

protected:
	int deliver(accel_call &message) noexcept override
	{
		Seen now{message.object, message.method, {}, {}};
		auto *at = reinterpret_cast<accel_attribute *>(message.attributes);

		for (unsigned i = 0; i < message.attribute_count; i++)
			look_at(at[i], now);
		seen.push_back(now);
		if (refuse)
			return refuse(message);
		for (unsigned i = 0; i < message.attribute_count; i++)
			write(at[i]);
		return 0;
	}

	int map_memory(uint64_t offset, uint64_t size, void **out) noexcept override
	{
		mapped_offset = offset;
		mapped_size = size;
		*out = memory;
		return map_result;
	}

private:
	static void look_at(const accel_attribute &a, Seen &now)
	{
		if (a.flags & ACCEL_ATTRIBUTE_FLAGS_INDIRECT)
			now.bytes[a.id] =
				std::string(reinterpret_cast<const char *>(a.value), a.length);
		else
			now.values[a.id] = a.value;
	}

	void write(accel_attribute &a)
	{
		auto answer = answers.find(a.id);

		if (answer == answers.end())
			return;
		bool indirect = a.flags & ACCEL_ATTRIBUTE_FLAGS_INDIRECT;
		memcpy(indirect ? reinterpret_cast<void *>(a.value) : &a.value,
		       answer->second.data(), answer->second.size());
		a.length = static_cast<uint32_t>(answer->second.size());
		a.flags |= ACCEL_ATTRIBUTE_FLAGS_WRITTEN;
	}
};

#define EXPECT_SENT(device, OBJECT, METHOD)                                   \
	do {                                                                  \
		EXPECT_EQ((device).last().object, ACCEL_OBJECT_##OBJECT);     \
		EXPECT_EQ((device).last().method, ACCEL_##OBJECT##_##METHOD); \
	} while (0)

TEST(AttributeBackend, QueryTakesWhatIsWritten)
{
	Scripted d;

	d.answers[ACCEL_DEVICE_QUERY_DRIVER] = "chip";
	d.answers[ACCEL_DEVICE_QUERY_MODEL] = std::string(127, 'm');
	d.will_write<uint64_t>(ACCEL_DEVICE_QUERY_FEATURES, ACCEL_FEATURE_PASID);
	d.will_write<uint32_t>(ACCEL_DEVICE_QUERY_MAX_QUEUES, 7);
	auto caps = d.query();
	ASSERT_TRUE(caps);
	EXPECT_SENT(d, DEVICE, QUERY);
	EXPECT_STREQ(caps->driver, "chip");
	EXPECT_EQ(strlen(caps->model), 127u);
	EXPECT_EQ(caps->features, uint64_t{ACCEL_FEATURE_PASID});
	EXPECT_EQ(caps->max_queues, 7u);
	EXPECT_EQ(caps->max_entries, 0u) << "what an older device does not say is 0";
}

TEST(AttributeBackend, AddressSpaces)
{
	Scripted d;

	d.will_write<uint64_t>(ACCEL_ADDRESS_SPACE_CREATE_HANDLE, 5);
	EXPECT_EQ(d.create_address_space(ACCEL_ADDRESS_MODE_MAPPED), 5u);
	EXPECT_SENT(d, ADDRESS_SPACE, CREATE);
	EXPECT_EQ(d.last().values.at(ACCEL_ADDRESS_SPACE_CREATE_MODE), ACCEL_ADDRESS_MODE_MAPPED);

	EXPECT_TRUE(d.unmap(5, 0x1000, 0x2000));
	EXPECT_SENT(d, ADDRESS_SPACE, UNMAP);
	EXPECT_EQ(d.last().values.at(ACCEL_ADDRESS_SPACE_UNMAP_IOVA), 0x1000u);
	EXPECT_EQ(d.last().values.at(ACCEL_ADDRESS_SPACE_UNMAP_LENGTH), 0x2000u);

	EXPECT_TRUE(d.destroy_address_space(5));
	EXPECT_SENT(d, ADDRESS_SPACE, DESTROY);
	EXPECT_EQ(d.last().values.at(ACCEL_ADDRESS_SPACE_DESTROY_HANDLE), 5u);
}

TEST(AttributeBackend, MapsMemoryOrABuffer)
{
	Scripted d;
	char memory[8];

	d.will_write<uint64_t>(ACCEL_ADDRESS_SPACE_MAP_IOVA, 0x7000);
	EXPECT_EQ(d.map({.space = 5, .address = memory, .length = 8, .access = ACCEL_ACCESS_READ}),
		  0x7000u);
	EXPECT_SENT(d, ADDRESS_SPACE, MAP);
	EXPECT_EQ(d.last().values.at(ACCEL_ADDRESS_SPACE_MAP_ADDRESS),
		  reinterpret_cast<uintptr_t>(memory));
	EXPECT_EQ(d.last().values.at(ACCEL_ADDRESS_SPACE_MAP_LENGTH), 8u);
	EXPECT_FALSE(d.last().values.contains(ACCEL_ADDRESS_SPACE_MAP_FIXED_IOVA));
	EXPECT_FALSE(d.last().bytes.contains(ACCEL_ADDRESS_SPACE_MAP_RANGE));

	EXPECT_TRUE(
		d.map({.space = 5, .buffer = 9, .offset = 16, .length = 32, .fixed_iova = 0x7000}));
	EXPECT_FALSE(d.last().values.contains(ACCEL_ADDRESS_SPACE_MAP_ADDRESS));
	EXPECT_EQ(d.last().values.at(ACCEL_ADDRESS_SPACE_MAP_FIXED_IOVA), 0x7000u);
	accel_buffer_range range;
	memcpy(&range, d.last().bytes.at(ACCEL_ADDRESS_SPACE_MAP_RANGE).data(), sizeof(range));
	EXPECT_EQ(range.memory, 9u);
	EXPECT_EQ(range.offset, 16u);
	EXPECT_EQ(range.length, 32u);
}

TEST(AttributeBackend, AddressSpaceSaysItsPasidOrWhyNot)
{
	Scripted d;

	d.will_write<uint32_t>(ACCEL_ADDRESS_SPACE_QUERY_MODE, ACCEL_ADDRESS_MODE_SHARED);
	d.answers[ACCEL_ADDRESS_SPACE_QUERY_PASID_REASON] = "no IOMMU";
	auto info = d.query_address_space(5);
	ASSERT_TRUE(info);
	EXPECT_EQ(info->mode, ACCEL_ADDRESS_MODE_SHARED);
	EXPECT_FALSE(info->has_pasid);
	EXPECT_STREQ(info->pasid_reason, "no IOMMU");

	d.answers.clear();
	d.will_write<uint32_t>(ACCEL_ADDRESS_SPACE_QUERY_PASID, 33);
	info = d.query_address_space(5);
	EXPECT_TRUE(info->has_pasid);
	EXPECT_EQ(info->pasid, 33u);
	EXPECT_STREQ(info->pasid_reason, "");
}

TEST(AttributeBackend, BuffersAreMappedWhereTheDeviceSays)
{
	Scripted d;

	d.will_write<uint64_t>(ACCEL_BUFFER_CREATE_HANDLE, 9);
	d.will_write<uint64_t>(ACCEL_BUFFER_CREATE_MAP_OFFSET, 0x10000);
	d.will_write<uint64_t>(ACCEL_BUFFER_CREATE_ACTUAL_SIZE, 4096);
	auto memory = d.create_buffer(100);
	ASSERT_TRUE(memory);
	EXPECT_EQ(d.last().values.at(ACCEL_BUFFER_CREATE_SIZE), 100u);
	EXPECT_EQ(memory->handle, 9u);
	EXPECT_EQ(memory->address, d.memory);
	EXPECT_EQ(memory->size, 4096u);
	EXPECT_EQ(d.mapped_offset, 0x10000u);
	EXPECT_EQ(d.mapped_size, 4096u);

	d.answers.erase(ACCEL_BUFFER_CREATE_ACTUAL_SIZE);
	EXPECT_EQ(d.create_buffer(100)->size, 100u) << "an older device does not say it";

	auto registered = d.register_buffer(d.memory, 64, ACCEL_ACCESS_WRITE);
	EXPECT_SENT(d, BUFFER, REGISTER);
	EXPECT_EQ(registered->address, nullptr);
	EXPECT_EQ(registered->size, 64u);
	EXPECT_TRUE(d.destroy_buffer(9));
	EXPECT_SENT(d, BUFFER, DESTROY);
}

TEST(AttributeBackend, FilesGoInAndOut)
{
	Scripted d;

	d.will_write<uint64_t>(ACCEL_BUFFER_IMPORT_HANDLE, 9);
	d.will_write<uint64_t>(ACCEL_BUFFER_IMPORT_MAP_OFFSET, 0x3000);
	d.will_write<uint64_t>(ACCEL_BUFFER_IMPORT_SIZE, 8192);
	auto memory = d.import_buffer(17);
	ASSERT_TRUE(memory);
	EXPECT_EQ(d.last().values.at(ACCEL_BUFFER_IMPORT_FD), 17u);
	EXPECT_EQ(d.mapped_size, 8192u);

	d.answers.clear();
	d.will_write<int32_t>(ACCEL_BUFFER_EXPORT_FD, 18);
	d.will_write<uint32_t>(ACCEL_BUFFER_EXPORT_KIND, ACCEL_FILE_KIND_MEMFD);
	auto file = d.export_buffer(9);
	ASSERT_TRUE(file);
	EXPECT_EQ(file->fd, 18);
	EXPECT_EQ(file->kind, ACCEL_FILE_KIND_MEMFD);
}

accel_ring_layout layout_of_8()
{
	return ring::make_layout(8, 64, ACCEL_RING_PUBLICATION_INDEX, 0,
				 ACCEL_RING_WAKE_ORDER_BOTH);
}

TEST(AttributeBackend, WhatCannotBeMappedIsDestroyedAgain)
{
	Scripted d;

	d.map_result = -ENOMEM;
	d.will_write<uint64_t>(ACCEL_BUFFER_CREATE_HANDLE, 9);
	auto memory = d.create_buffer(100);
	ASSERT_FALSE(memory);
	EXPECT_EQ(memory.error().code, -ENOMEM);
	EXPECT_THAT(memory.error().text, HasSubstr("mapping the buffer"));
	EXPECT_SENT(d, BUFFER, DESTROY);

	d.will_write(ACCEL_QUEUE_CREATE_LAYOUT, layout_of_8());
	auto queue = d.create_queue({.space = 5, .entries = 8});
	ASSERT_FALSE(queue);
	EXPECT_THAT(queue.error().text, HasSubstr("mapping the ring"));
	EXPECT_SENT(d, QUEUE, DESTROY);
}

TEST(AttributeBackend, ADeviceMayNotNameAnAddressOfTheProcess)
{
	Scripted d;
	accel_ring_layout layout = layout_of_8();

	layout.publication = ACCEL_RING_PUBLICATION_REGISTER;
	layout.register_width = 8;
	layout.register_address = 0x1000;
	d.will_write(ACCEL_QUEUE_CREATE_LAYOUT, layout);
	auto queue = d.create_queue({.space = 5, .entries = 8});
	ASSERT_FALSE(queue);
	EXPECT_EQ(queue.error().code, -EINVAL);
	EXPECT_THAT(queue.error().text, HasSubstr("an address of this process"));
	EXPECT_SENT(d, QUEUE, DESTROY);
}

TEST(AttributeBackend, Queues)
{
	Scripted d;
	const accel_ring_layout layout = layout_of_8();

	d.will_write<uint64_t>(ACCEL_QUEUE_CREATE_HANDLE, 4);
	d.will_write<uint64_t>(ACCEL_QUEUE_CREATE_MAP_OFFSET, 0x5000);
	d.will_write(ACCEL_QUEUE_CREATE_LAYOUT, layout);
	auto queue = d.create_queue({.space = 5, .entries = 8, .parallel = 1});
	ASSERT_TRUE(queue);
	EXPECT_EQ(queue->handle, 4u);
	EXPECT_EQ(queue->size, layout.size);
	EXPECT_EQ(queue->layout.entry_count, 8u);
	EXPECT_EQ(d.mapped_offset, 0x5000u);
	EXPECT_FALSE(d.last().values.contains(ACCEL_QUEUE_CREATE_FLAGS));
	EXPECT_FALSE(d.last().values.contains(ACCEL_QUEUE_CREATE_EVENT));

	EXPECT_TRUE(d.create_queue(
		{.space = 5, .entries = 8, .flags = 2, .has_event = true, .event = 0}));
	EXPECT_EQ(d.last().values.at(ACCEL_QUEUE_CREATE_FLAGS), 2u);
	EXPECT_EQ(d.last().values.at(ACCEL_QUEUE_CREATE_EVENT), 0u) << "0 is a handle like others";

	d.kick(4);
	EXPECT_SENT(d, QUEUE, KICK);
	EXPECT_TRUE(d.resume_queue(4));
	EXPECT_SENT(d, QUEUE, RESUME);
	EXPECT_TRUE(d.destroy_queue(4));
	EXPECT_SENT(d, QUEUE, DESTROY);
}

TEST(AttributeBackend, ParallelIsNotForEveryDevice)
{
	Scripted d;
	auto queue = d.create_queue({.space = 5, .entries = 8, .parallel = 2});

	ASSERT_FALSE(queue);
	EXPECT_EQ(queue.error().code, -EOPNOTSUPP);
	EXPECT_TRUE(d.seen.empty());
}

TEST(AttributeBackend, QueueState)
{
	Scripted d;

	d.will_write<uint32_t>(ACCEL_QUEUE_QUERY_STATE, ACCEL_QUEUE_STATE_STOPPED);
	d.will_write<uint64_t>(ACCEL_QUEUE_QUERY_FAULTS, 3);
	auto info = d.query_queue(4);
	ASSERT_TRUE(info);
	EXPECT_EQ(info->state, ACCEL_QUEUE_STATE_STOPPED);
	EXPECT_EQ(info->faults, 3u);
	EXPECT_EQ(info->kicks, 0u);
}

TEST(AttributeBackend, EventsAndCommands)
{
	Scripted d;
	std::byte request[3] = {}, response[16] = {};

	d.will_write<uint64_t>(ACCEL_EVENT_CREATE_HANDLE, 6);
	EXPECT_EQ(d.create_event(12), 6u);
	EXPECT_EQ(d.last().values.at(ACCEL_EVENT_CREATE_FD), 12u);
	EXPECT_TRUE(d.destroy_event(6));
	EXPECT_SENT(d, EVENT, DESTROY);

	EXPECT_EQ(d.create_command(ACCEL_SCOPE_DEBUG_READ), 6u);
	EXPECT_EQ(d.last().values.at(ACCEL_COMMAND_CREATE_SCOPE), ACCEL_SCOPE_DEBUG_READ);
	d.answers.clear();
	d.answers[ACCEL_COMMAND_EXECUTE_RESPONSE] = "four";
	EXPECT_EQ(d.execute(6, request, response), 4u);
	EXPECT_EQ(d.last().bytes.at(ACCEL_COMMAND_EXECUTE_REQUEST).size(), 3u);
	EXPECT_EQ(memcmp(response, "four", 4), 0);
	EXPECT_TRUE(d.destroy_command(6));
	EXPECT_SENT(d, COMMAND, DESTROY);
}

TEST(AttributeBackend, TooLongAnAnswerSaysItsSize)
{
	Scripted d;
	std::byte response[16];

	d.refuse = [](accel_call &message) {
		auto *at = reinterpret_cast<accel_attribute *>(message.attributes);

		for (unsigned i = 0; i < message.attribute_count; i++)
			if (at[i].id == ACCEL_COMMAND_EXECUTE_RESPONSE)
				at[i].length = 99;
		return -EMSGSIZE;
	};
	auto size = d.execute(6, {}, response);
	ASSERT_FALSE(size);
	EXPECT_EQ(size.error().maximum, 99u);
}

TEST(AttributeBackend, FailuresKeepTheDevicesRecord)
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
	auto memory = d.create_buffer(0);
	ASSERT_FALSE(memory);
	EXPECT_EQ(memory.error().code, -EINVAL);
	EXPECT_EQ(memory.error().attribute, ACCEL_BUFFER_CREATE_SIZE);
	EXPECT_EQ(strlen(memory.error().text), sizeof(memory.error().text) - 1)
		<< "ended in any case";
}

TEST(AttributeBackend, ADeviceWithoutWordsStillGetsASentence)
{
	Scripted d;

	d.refuse = [](accel_call &message) {
		auto *record = reinterpret_cast<accel_error_record *>(message.error);

		*record = {};
		record->code = -EINVAL;
		record->reason = ACCEL_REASON_NOT_POWER_OF_TWO;
		return -EINVAL;
	};
	EXPECT_THAT(d.create_queue({.entries = 3}).error().text, HasSubstr("power of two"));

	d.refuse = [](accel_call &) { return -ENODEV; };
	auto caps = d.query();
	ASSERT_FALSE(caps);
	EXPECT_EQ(caps.error().code, -ENODEV);
	EXPECT_EQ(caps.error().object, ACCEL_OBJECT_DEVICE);
	EXPECT_NE(caps.error().text[0], 0);
}

TEST(AttributeBackend, TracesEachMessageWithItsAnswer)
{
	Scripted d;
	std::vector<std::string> lines;
	auto keep = [](void *context, const char *text) {
		static_cast<std::vector<std::string> *>(context)->push_back(text);
	};

	d.will_write<uint64_t>(ACCEL_ADDRESS_SPACE_CREATE_HANDLE, 5);
	ASSERT_TRUE(d.trace(keep, &lines));
	EXPECT_TRUE(d.create_address_space(ACCEL_ADDRESS_MODE_MAPPED));
	d.refuse = [](accel_call &) { return -EBUSY; };
	EXPECT_FALSE(d.destroy_address_space(5));
	ASSERT_TRUE(d.trace(nullptr, nullptr));
	EXPECT_FALSE(d.destroy_address_space(5));

	ASSERT_EQ(lines.size(), 2u);
	EXPECT_THAT(lines[0], HasSubstr("address-space.create mode=mapped"));
	EXPECT_THAT(lines[0], HasSubstr("handle=0x5"));
	EXPECT_THAT(lines[1], HasSubstr("address-space.destroy"));
	EXPECT_THAT(lines[1], HasSubstr("EBUSY"));
}

} // namespace
