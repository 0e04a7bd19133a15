// SPDX-License-Identifier: MIT
// Queues and traces of a device that is a function. The other operations are generated:
// attribute_operations_test.cpp.
#include "core/attribute_backend.hpp"

#include "core/scripted_device.hpp"
#include "ring/device_ring.hpp"

#include <accel/uabi/accel_policy.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>

using namespace accel::core;
using testing::HasSubstr;

namespace {

class Scripted final : public ScriptedDevice, public AttributeBackend {
public:
	Scripted() : AttributeBackend(ScriptedDevice::transport(), uabi::kPolicy, "") {}

	int map_result = 0, unmapped = 0;
	uint64_t mapped_offset = 0, mapped_size = 0;
	char memory[64];

	int map_memory(uint64_t offset, uint64_t size, void **out) noexcept override
	{
		mapped_offset = offset;
		mapped_size = size;
		*out = map_result < 0 ? nullptr : memory;
		return map_result;
	}
	void unmap_memory(void *, uint64_t) noexcept override { unmapped++; }
};

constexpr uint64_t kQueue = 4;

accel_ring_layout layout_of(uint32_t entries)
{
	return ring::make_layout(entries, 64, ACCEL_RING_PUBLICATION_INDEX, 0,
				 ACCEL_RING_WAKE_ORDER_BOTH);
}

/// The device answers queue.create with success.
void will_make_queues(Scripted &d, const accel_ring_layout &layout = layout_of(8))
{
	d.will_write<uint64_t>(ACCEL_QUEUE_CREATE_HANDLE, kQueue);
	d.will_write<uint64_t>(ACCEL_QUEUE_CREATE_MAP_OFFSET, 0x5000);
	d.will_write(ACCEL_QUEUE_CREATE_LAYOUT, layout);
}

TEST(AttributeBackend, Queues)
{
	Scripted d;

	will_make_queues(d);
	auto queue = d.create_queue({.space = 5, .entries = 8});
	ASSERT_TRUE(queue);
	EXPECT_EQ((*queue)->handle(), 4u);
	EXPECT_EQ((*queue)->ring().memory, d.memory);
	EXPECT_EQ((*queue)->ring().size, layout_of(8).size);
	EXPECT_EQ((*queue)->ring().layout.entry_count, 8u);
	EXPECT_EQ(d.mapped_offset, 0x5000u);
	EXPECT_FALSE(d.values.contains(ACCEL_QUEUE_CREATE_FLAGS));
	EXPECT_FALSE(d.values.contains(ACCEL_QUEUE_CREATE_EVENT));

	EXPECT_TRUE(d.create_queue({.space = 5, .entries = 8, .flags = 2, .event = 0}));
	EXPECT_EQ(d.values.at(ACCEL_QUEUE_CREATE_FLAGS), 2u);
	EXPECT_EQ(d.values.at(ACCEL_QUEUE_CREATE_EVENT), 0u) << "0 is a valid handle";

	(*queue)->kick();
	EXPECT_SENT(d, QUEUE, KICK);
	EXPECT_EQ(d.values.at(ACCEL_QUEUE_KICK_HANDLE), 4u);
	EXPECT_TRUE((*queue)->resume());
	EXPECT_SENT(d, QUEUE, RESUME);
	EXPECT_TRUE((*queue)->destroy());
	EXPECT_SENT(d, QUEUE, DESTROY);
	const int before = d.unmapped;
	queue->reset();
	EXPECT_EQ(d.unmapped, before + 1);
}

TEST(AttributeBackend, TheDoorbellIsSilentOnceTheQueueIsShut)
{
	Scripted d;

	will_make_queues(d);
	auto queue = std::move(*d.create_queue({.space = 5, .entries = 8}));
	ring::Hooks hooks = queue->hooks();

	hooks.doorbell(hooks.context);
	EXPECT_SENT(d, QUEUE, KICK);
	const unsigned sent = d.messages;
	queue->shut();
	hooks.doorbell(hooks.context);
	EXPECT_EQ(d.messages, sent);
	EXPECT_EQ(hooks.submit, nullptr);
	EXPECT_EQ(hooks.progress, nullptr) << "the device completes by itself";
}

TEST(AttributeBackend, AQueueWhoseRingCannotBeMappedIsDestroyedAgain)
{
	Scripted d;

	will_make_queues(d);
	d.map_result = -ENOMEM;
	auto queue = d.create_queue({.space = 5, .entries = 8});
	ASSERT_FALSE(queue);
	EXPECT_EQ(queue.error().code, -ENOMEM);
	EXPECT_EQ(queue.error().reason, unsigned{ACCEL_REASON_NO_MEMORY});
	EXPECT_SENT(d, QUEUE, DESTROY);
	EXPECT_EQ(d.unmapped, 0);
}

TEST(AttributeBackend, AnInvalidRingIsDestroyedAgain)
{
	for (unsigned wrong = 0; wrong < 2; wrong++) {
		Scripted d;
		accel_ring_layout layout = layout_of(8);

		if (wrong == 0)
			layout.entry_size = 63;
		else
			layout.register_address = 0x1000;
		will_make_queues(d, layout);
		auto queue = d.create_queue({.space = 5, .entries = 8});
		ASSERT_FALSE(queue) << wrong;
		EXPECT_EQ(queue.error().code, -EINVAL);
		EXPECT_EQ(queue.error().reason, unsigned{ACCEL_REASON_MESSAGE_SHAPE});
		EXPECT_SENT(d, QUEUE, DESTROY);
		EXPECT_EQ(d.values.at(ACCEL_QUEUE_DESTROY_HANDLE), kQueue);
		EXPECT_EQ(d.mapped_size, 0u) << "the ring is not mapped";
	}
}

TEST(AttributeBackend, OptionsOfADriverAreNotForEveryDevice)
{
	Scripted d;
	const std::byte own[8]{};
	auto queue = d.create_queue({.space = 5, .entries = 8, .driver = own});

	ASSERT_FALSE(queue);
	EXPECT_EQ(queue.error().code, -EOPNOTSUPP);
	EXPECT_EQ(queue.error().reason, unsigned{ACCEL_REASON_UNSUPPORTED});
	auto buffer = d.create_buffer({.size = 1}, own);
	ASSERT_FALSE(buffer);
	EXPECT_EQ(buffer.error().code, -EOPNOTSUPP);
	EXPECT_EQ(d.messages, 0u);
}

TEST(AttributeBackend, QueueState)
{
	Scripted d;

	will_make_queues(d);
	auto queue = std::move(*d.create_queue({.space = 5, .entries = 8}));

	d.answers.clear();
	d.will_write<uint32_t>(ACCEL_QUEUE_QUERY_STATE, ACCEL_QUEUE_STATE_STOPPED);
	d.will_write<uint64_t>(ACCEL_QUEUE_QUERY_FAULTS, 3);
	auto info = queue->query();
	ASSERT_TRUE(info);
	EXPECT_EQ(info->state, uint32_t{ACCEL_QUEUE_STATE_STOPPED});
	EXPECT_TRUE(info->given & ACCEL_QUEUE_INFO_GIVEN_STATE);
	EXPECT_EQ(info->faults, 3u);
	EXPECT_EQ(info->kicks, 0u);
	EXPECT_FALSE(info->given & ACCEL_QUEUE_INFO_GIVEN_KICKS);
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
	EXPECT_TRUE(d.address_space_create({.mode = ACCEL_ADDRESS_MODE_MAPPED}));
	d.refuse = [](accel_call &) { return -EBUSY; };
	EXPECT_FALSE(d.address_space_destroy({.handle = 5}));
	ASSERT_TRUE(d.trace(nullptr, nullptr));
	EXPECT_FALSE(d.address_space_destroy({.handle = 5}));

	ASSERT_EQ(lines.size(), 2u);
	EXPECT_THAT(lines[0], HasSubstr("address-space.create mode=mapped"));
	EXPECT_THAT(lines[0], HasSubstr("handle=0x5"));
	EXPECT_THAT(lines[1], HasSubstr("address-space.destroy"));
	EXPECT_THAT(lines[1], HasSubstr("EBUSY"));
}

/// Refuses every message without reading what it points to.
class Refusing final : public AttributeBackend {
public:
	Refusing() : AttributeBackend({refuse, nullptr}, uabi::kPolicy, "") {}
	void unmap_memory(void *, uint64_t) noexcept override {}

private:
	static int refuse(void *, accel_call *) { return -EINVAL; }
};

TEST(AttributeBackend, TracesMessagesWithInvalidPointers)
{
	Refusing d;
	std::vector<std::string> lines;
	auto keep = [](void *context, const char *text) {
		static_cast<std::vector<std::string> *>(context)->push_back(text);
	};
	void *none = mmap(nullptr, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(none, MAP_FAILED);
	accel_attribute attribute{.id = ACCEL_ADDRESS_SPACE_MAP_RANGE,
				  .flags = ACCEL_ATTRIBUTE_FLAGS_INDIRECT,
				  .length = sizeof(accel_buffer_range),
				  .value = reinterpret_cast<uintptr_t>(none)};
	accel_call message{.size = sizeof(message),
			   .object = ACCEL_OBJECT_ADDRESS_SPACE,
			   .method = ACCEL_ADDRESS_SPACE_MAP,
			   .attribute_count = 1,
			   .attributes = reinterpret_cast<uintptr_t>(&attribute)};
	accel_call strange = message, wrapped = message, unknown = message, record = message;

	ASSERT_TRUE(d.trace(keep, &lines));
	EXPECT_EQ(d.call(message), -EINVAL);
	strange.reserved = 1;
	strange.attributes = reinterpret_cast<uintptr_t>(none);
	EXPECT_EQ(d.call(strange), -EINVAL);
	wrapped.attributes = UINT64_MAX - 8;
	EXPECT_EQ(d.call(wrapped), -EINVAL);
	unknown.object = 0x7777;
	unknown.attributes = 8;
	EXPECT_EQ(d.call(unknown), -EINVAL);
	record.error = reinterpret_cast<uintptr_t>(none);
	record.error_size = sizeof(accel_error_record);
	EXPECT_EQ(d.call(record), -EINVAL);
	munmap(none, 4096);

	ASSERT_EQ(lines.size(), 5u);
	EXPECT_THAT(lines[0], HasSubstr("bytes, unreadable) = -EINVAL"));
	EXPECT_EQ(lines[1], "address-space.map = -EINVAL");
	EXPECT_EQ(lines[2], "address-space.map = -EINVAL");
	EXPECT_EQ(lines[3], "#30583.#3 = -EINVAL");
}

} // namespace
