// SPDX-License-Identifier: MIT
// Queues: options of older and newer callers, waiting, doorbell.
#include "core/fake_device.hpp"
#include "core/queue.hpp"

#include <cstring>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <thread>

using namespace accel::core;
using testing::HasSubstr;

namespace {

TEST(QueueOptions, OlderCallersAreFilledUpWithZeros)
{
	accel_queue_options given;

	memset(&given, 0xff, sizeof(given));
	given.size = 8;
	given.entries = 16;
	auto options = read_options(&given);
	ASSERT_TRUE(options);
	EXPECT_EQ(options->entries, 16u);
	EXPECT_EQ(options->flags, 0u);
	EXPECT_EQ(options->event, nullptr);
	EXPECT_EQ(options->parallel, 0u);
}

TEST(QueueOptions, NewerCallersMustLeaveTheUnknownZero)
{
	struct {
		accel_queue_options known;
		unsigned char tail[16];
	} given{};

	given.known.size = sizeof(given);
	given.known.entries = 16;
	EXPECT_TRUE(read_options(&given.known));
	given.tail[15] = 1;
	auto options = read_options(&given.known);
	ASSERT_FALSE(options);
	EXPECT_EQ(options.error().code, -E2BIG);
	EXPECT_EQ(options.error().reason, ACCEL_REASON_NONZERO_TAIL);
	EXPECT_THAT(options.error().text, HasSubstr("byte 47"));
}

TEST(QueueOptions, SizeIsChecked)
{
	accel_queue_options given{};

	for (uint32_t size : {0u, 7u, 4097u, UINT32_MAX}) {
		given.size = size;
		EXPECT_EQ(read_options(&given).error().code, -EINVAL) << size;
	}
	EXPECT_THAT(read_options(&given).error().text, HasSubstr("sizeof(struct"));
}

class QueueTest : public testing::Test {
protected:
	void SetUp() override
	{
		device_ = std::move(*Device::open(provider_, {.name = "fake0"}));
		space_ = std::move(*AddressSpace::create(*device_, 1));
		event_ = std::move(*Event::create(*device_));
		queue_ = make(event_.get());
	}

	Ref<Queue> make(Event *event)
	{
		accel_queue_options options{.size = sizeof(options), .entries = 4};

		return std::move(*Queue::create(*space_, options, event));
	}

	void publish_one()
	{
		uint64_t at;

		ASSERT_TRUE(accel_ring_reserve(queue_->ring(), 1, &at));
		accel_ring_publish(queue_->ring(), at, 1);
	}

	/// As the device: complete the first entry.
	void complete_one()
	{
		ring::DeviceRing ring(state_.ring, state_.layout);

		ring.complete(0, ACCEL_RING_STATUS_SUCCESS, nullptr);
		ring.retire(1, 0);
		if (ring.take_waiter() & ACCEL_RING_WAITER_SLEEPING)
			sys::futex_wake(ring.waiter_word(), 1);
	}

	fake::State state_;
	fake::FakeProvider provider_{state_};
	Ref<Device> device_;
	Ref<AddressSpace> space_;
	Ref<Event> event_;
	Ref<Queue> queue_;
};

TEST_F(QueueTest, TheDoorbellReachesTheDeviceOnceForEachSleep)
{
	ring::DeviceRing ring(state_.ring, state_.layout);

	publish_one();
	EXPECT_EQ(state_.asked["kick"], 0) << "the device is awake";
	ASSERT_TRUE(ring.sleep(1));
	publish_one();
	publish_one();
	EXPECT_EQ(state_.asked["kick"], 1);
}

TEST_F(QueueTest, WaitsUntilTheDeadline)
{
	auto r = queue_->wait(0);

	ASSERT_FALSE(r);
	EXPECT_EQ(r.error().code, -ETIMEDOUT);
	EXPECT_EQ(r.error().reason, ACCEL_REASON_DEADLINE);
	uint64_t deadline = sys::now_ns() + 5000000;
	EXPECT_EQ(queue_->wait(deadline).error().code, -ETIMEDOUT);
	EXPECT_GE(sys::now_ns(), deadline);
	/* Longer than one look up from the sleep. */
	deadline = sys::now_ns() + 300000000;
	EXPECT_EQ(queue_->wait(deadline).error().code, -ETIMEDOUT);
	EXPECT_GE(sys::now_ns(), deadline);
}

TEST_F(QueueTest, WaitsForACompletion)
{
	publish_one();
	std::thread device([this] {
		std::this_thread::sleep_for(std::chrono::milliseconds(20));
		complete_one();
	});
	EXPECT_TRUE(queue_->wait(ACCEL_DEADLINE_FOREVER));
	device.join();
	EXPECT_TRUE(queue_->wait(0)) << "what is there needs no waiting";
	EXPECT_TRUE(*queue_->arm()) << "and no event";
}

TEST_F(QueueTest, AWaiterNoticesThatTheDeviceWasClosed)
{
	std::thread closer([this] {
		std::this_thread::sleep_for(std::chrono::milliseconds(20));
		device_->close();
	});
	auto r = queue_->wait(ACCEL_DEADLINE_FOREVER);

	closer.join();
	ASSERT_FALSE(r);
	EXPECT_EQ(r.error().code, -ENODEV);
}

TEST_F(QueueTest, OnlyAQueueWithAnEventCanBeArmed)
{
	EXPECT_FALSE(*queue_->arm());
	auto r = make(nullptr)->arm();
	ASSERT_FALSE(r);
	EXPECT_EQ(r.error().code, -EALREADY);
	EXPECT_THAT(r.error().text, HasSubstr("accel_queue_options.event"));
}

TEST_F(QueueTest, AFailingFutexCostsTimeButIsNoFailure)
{
	static sys::Calls broken = sys::kRealCalls;

	broken.futex_wait = [](uint32_t *, uint32_t, uint64_t) { return -ENOMEM; };
	sys::calls = &broken;
	auto r = queue_->wait(sys::now_ns() + 2000000);
	sys::calls = &sys::kRealCalls;
	ASSERT_FALSE(r);
	EXPECT_EQ(r.error().code, -ETIMEDOUT);
}

} // namespace
