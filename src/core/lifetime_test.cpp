// SPDX-License-Identifier: MIT
// Lifetimes: in any order of destruction memory is valid, the device gets one call, and a failure keeps the object.
#include "core/buffer.hpp"
#include "core/command.hpp"
#include "core/fake_device.hpp"
#include "core/queue.hpp"
#include "support/child.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <numeric>
#include <thread>

using namespace accel::core;
using accel::support::in_child;
using testing::HasSubstr;

namespace {

accel_queue_options options_of(uint32_t entries)
{
	return {.size = sizeof(accel_queue_options), .entries = entries};
}

Result<uint64_t> map(const AddressSpace &space)
{
	return space.device().use([&](Backend &b) {
		return b.address_space_map({.handle = space.handle(),
					    .address = 0x1000,
					    .length = 1,
					    .range = {},
					    .access = ACCEL_ACCESS_READ,
					    .fixed_iova = {}});
	});
}

class Lifetime : public testing::Test {
protected:
	void SetUp() override
	{
		auto device = Device::open(provider_, entry_);

		ASSERT_TRUE(device);
		device_ = std::move(*device);
	}
	void TearDown() override
	{
		device_ = {};
		EXPECT_EQ(state_.closed, 1) << "the device is closed once";
		EXPECT_EQ(state_.mappings, 0) << "all memory is unmapped";
	}

	Ref<AddressSpace> space() { return std::move(*AddressSpace::create(*device_, 1)); }

	fake::State state_;
	fake::FakeProvider provider_{state_};
	DeviceEntry entry_{.name = "fake0"};
	Ref<Device> device_;
};

TEST_F(Lifetime, ObjectsMayBeDestroyedInAnyOrder)
{
	std::vector<int> order(5);

	std::iota(order.begin(), order.end(), 0);
	do {
		fake::State state;
		fake::FakeProvider provider(state);
		auto device = std::move(*Device::open(provider, entry_));
		auto address_space = std::move(*AddressSpace::create(*device, 1));
		auto event = std::move(*Event::create(*device));
		auto buffer = std::move(*Buffer::create(*device, fake::buffer_options(4096)));
		auto queue = std::move(*Queue::create(*address_space, options_of(4), event.get()));

		EXPECT_EQ(state.objects, 4);
		for (int which : order) {
			switch (which) {
			case 0:
				device->close();
				device = {};
				break;
			case 1:
				EXPECT_TRUE(address_space->destroy());
				address_space = {};
				break;
			case 2:
				EXPECT_TRUE(event->destroy());
				event = {};
				break;
			case 3:
				EXPECT_TRUE(buffer->destroy());
				buffer = {};
				break;
			default:
				EXPECT_TRUE(queue->destroy());
				queue = {};
				break;
			}
		}
		auto closed_at = std::ranges::find(order, 0) - order.begin();
		EXPECT_EQ(state.objects, 4 - closed_at) << "only an open device gets the calls";
		EXPECT_EQ(state.closed, 1);
		EXPECT_EQ(state.mappings, 0);
	} while (std::ranges::next_permutation(order).found);
}

TEST_F(Lifetime, AQueueCreatedWhileTheDeviceClosesIsShut)
{
	auto address_space = space();
	std::thread closer;

	state_.creating_queue = [&] {
		closer = std::thread([&] { device_->close(); });
		/* close() waits for the creation and continues as soon as it returns. */
		std::this_thread::sleep_for(std::chrono::milliseconds(20));
	};
	auto queue = Queue::create(*address_space, options_of(4), nullptr);

	closer.join();
	ASSERT_TRUE(queue);
	EXPECT_EQ((*queue)->ring()->control->state, uint32_t{ACCEL_QUEUE_STATE_GONE});
	(*queue)->ring()->doorbell((*queue)->ring()->context);
	EXPECT_EQ(state_.asked["kick"], 0) << "the backend is closed";
}

TEST_F(Lifetime, AFailingDestroyKeepsTheObject)
{
	auto address_space = space();

	state_.fail = "space-";
	auto r = address_space->destroy();
	ASSERT_FALSE(r);
	EXPECT_EQ(r.error().code, -EBUSY);
	state_.fail = "";
	EXPECT_TRUE(map(*address_space)) << "the object is unchanged";
	EXPECT_TRUE(address_space->destroy());
}

TEST_F(Lifetime, DestroyingAfterTheRemovalSucceeds)
{
	auto address_space = space();

	state_.fail = "space-";
	state_.code = ENODEV;
	EXPECT_TRUE(address_space->destroy());
}

TEST_F(Lifetime, ObjectsOfAClosedDeviceReportThat)
{
	auto address_space = space();
	auto event = std::move(*Event::create(*device_));
	auto buffer = std::move(*Buffer::create(*device_, fake::buffer_options(4096)));
	auto queue = std::move(*Queue::create(*address_space, options_of(4), event.get()));
	auto command = std::move(*CommandChannel::create(*device_, 1));

	device_->close();
	for (const Result<void> &r :
	     {queue->wait(0), queue->resume(),
	      Result<void>(std::unexpected(map(*address_space).error())),
	      Result<void>(std::unexpected(queue->arm().error())),
	      Result<void>(std::unexpected(queue->query().error())),
	      Result<void>(std::unexpected(
		      Buffer::create(*device_, fake::buffer_options(1)).error()))}) {
		ASSERT_FALSE(r);
		EXPECT_EQ(r.error().code, -ENODEV);
		EXPECT_EQ(r.error().reason, unsigned{ACCEL_REASON_UNPLUGGED});
		EXPECT_THAT(r.error().text, HasSubstr("fake0"));
	}
	static_cast<char *>(buffer->address())[0] = 1;
	EXPECT_EQ(accel_ring_outstanding(queue->ring()), 0u) << "memory is mapped until destroy";
	int kicks = state_.asked["kick"];
	queue->ring()->doorbell(queue->ring()->context);
	EXPECT_EQ(state_.asked["kick"], kicks) << "no doorbell of a closed device";
	EXPECT_EQ(state_.asked["queue-"], 0);
}

TEST_F(Lifetime, AFailingCreationLeavesNothing)
{
	auto address_space = space();
	int before = state_.objects;

	for (const char *operation :
	     {"space+", "event+", "buffer+", "import+", "register+", "queue+", "command+"}) {
		state_.fail = operation;
		EXPECT_EQ(AddressSpace::create(*device_, 1).has_value(),
			  strcmp(operation, "space+") != 0);
		EXPECT_EQ(Event::create(*device_).has_value(), strcmp(operation, "event+") != 0);
		EXPECT_EQ(Buffer::create(*device_, fake::buffer_options(1)).has_value(),
			  strcmp(operation, "buffer+") != 0);
		EXPECT_EQ(Buffer::from_file(*device_, 0).has_value(),
			  strcmp(operation, "import+") != 0);
		EXPECT_EQ(Buffer::from_memory(*device_, &before, 4, 1).has_value(),
			  strcmp(operation, "register+") != 0);
		EXPECT_EQ(Queue::create(*address_space, options_of(4), nullptr).has_value(),
			  strcmp(operation, "queue+") != 0);
		EXPECT_EQ(CommandChannel::create(*device_, 1).has_value(),
			  strcmp(operation, "command+") != 0);
	}
	EXPECT_EQ(state_.objects, before + 7 * 6) << "releasing a Ref does not destroy the object";
}

TEST_F(Lifetime, AQueueWithAnInvalidRingIsDestroyed)
{
	auto address_space = space();
	int before = state_.objects;

	state_.bad_layout = true;
	auto queue = Queue::create(*address_space, options_of(4), nullptr);
	ASSERT_FALSE(queue);
	EXPECT_EQ(queue.error().reason, unsigned{ACCEL_REASON_MESSAGE_SHAPE});
	EXPECT_EQ(state_.objects, before);
}

TEST_F(Lifetime, ObjectsOfTwoDevicesDoNotMix)
{
	fake::State other_state;
	fake::FakeProvider other_provider(other_state);
	auto other = std::move(*Device::open(other_provider, {.name = "other0"}));
	auto event = std::move(*Event::create(*other));
	auto buffer = std::move(*Buffer::create(*other, fake::buffer_options(4096)));
	auto address_space = space();

	auto queue = Queue::create(*address_space, options_of(4), event.get());
	ASSERT_FALSE(queue);
	EXPECT_EQ(queue.error().code, -ENOENT);
	EXPECT_THAT(queue.error().text, HasSubstr("other0"));
	EXPECT_EQ(same_device(*device_, buffer->device(), "buffer").error().code, -ENOENT);
	EXPECT_EQ(state_.asked["queue+"], 0);
}

TEST_F(Lifetime, AFailingOpenReturnsNoDevice)
{
	fake::State state;
	fake::FakeProvider provider(state);

	state.fail = "open";
	state.code = EACCES;
	EXPECT_EQ(Device::open(provider, entry_).error().code, -EACCES);
	EXPECT_EQ(state.closed, 0);
}

TEST_F(Lifetime, AForkedChildIsRefusedAndCanDestroyObjects)
{
	auto address_space = space();
	auto event = std::move(*Event::create(*device_));
	auto buffer = std::move(*Buffer::create(*device_, fake::buffer_options(4096)));
	auto queue = std::move(*Queue::create(*address_space, options_of(4), event.get()));

	const int failed = in_child([&] {
		uint64_t at;

		if (auto r = map(*address_space); r || r.error().code != -ESTALE)
			return 1;
		if (auto r = queue->wait(0); r || r.error().code != -ESTALE)
			return 2;
		if (auto r = queue->arm(); r || r.error().code != -ESTALE)
			return 3;
		if (accel_ring_reserve(queue->ring(), 1, &at))
			return 4;
		accel_call call{.size = sizeof(call)};
		if (device_->call(call) != -ESTALE)
			return 5;
		if (!queue->destroy() || !address_space->destroy() || !event->destroy() ||
		    !buffer->destroy())
			return 6;
		queue = {};
		address_space = {};
		event = {};
		buffer = {};
		device_->close();
		device_ = {};
		return state_.objects == 4 && state_.abandoned == 1 && !state_.closed &&
				       !state_.mappings ?
			       0 :
			       7;
	});
	EXPECT_EQ(failed, 0) << "the number of the expectation that failed";
	EXPECT_EQ(state_.abandoned, 0);
	EXPECT_TRUE(queue->resume()) << "the parent is not affected";
}

TEST_F(Lifetime, AChildIsRefusedEvenIfALockWasHeldAtTheFork)
{
	(void)device_->use([&](Backend &) -> Result<void> {
		EXPECT_EQ(in_child([&] {
				  device_->close();
				  return device_->check() ? 1 : 0;
			  }),
			  0);
		return {};
	});
}

} // namespace
