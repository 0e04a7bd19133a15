// SPDX-License-Identifier: MIT
// Queues: options of older and newer callers, waiting, doorbell.
#include "core/fake_device.hpp"
#include "core/queue.hpp"
#include "core/sized.hpp"

#include <cstring>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <thread>

using namespace accel::core;
using testing::HasSubstr;

namespace {

constexpr size_t kLeast = offsetof(accel_queue_options, driver);

Result<accel_queue_options> read(const accel_queue_options &given)
{
	return read_options(&given, kLeast, "accel_queue_options");
}

TEST(QueueOptions, OptionsOfOlderCallersAreExtendedWithZeros)
{
	accel_queue_options given;

	memset(&given, 0xff, sizeof(given));
	given.size = kLeast;
	given.entries = 16;
	auto options = read(given);
	ASSERT_TRUE(options);
	EXPECT_EQ(options->entries, 16u);
	EXPECT_EQ(options->flags, UINT64_MAX);
	EXPECT_EQ(options->driver, nullptr);
	EXPECT_EQ(options->driver_size, 0u);
	EXPECT_EQ(options->completion_fence.kind, 0u);
}

TEST(QueueOptions, NewerCallersMustLeaveTheUnknownZero)
{
	struct {
		accel_queue_options known;
		unsigned char tail[16];
	} given{};

	given.known.size = sizeof(given);
	given.known.entries = 16;
	EXPECT_TRUE(read(given.known));
	given.tail[15] = 1;
	auto options = read(given.known);
	ASSERT_FALSE(options);
	EXPECT_EQ(options.error().code, -E2BIG);
	EXPECT_EQ(options.error().reason, ACCEL_REASON_NONZERO_TAIL);
	EXPECT_THAT(options.error().text, HasSubstr("byte " + std::to_string(sizeof(given) - 1)));
}

TEST(QueueOptions, SizeIsChecked)
{
	accel_queue_options given{};

	for (uint32_t size : {0u, 7u, 4097u, UINT32_MAX}) {
		given.size = size;
		EXPECT_EQ(read(given).error().code, -EINVAL) << size;
	}
	EXPECT_EQ(read(given).error().value, UINT32_MAX);
	EXPECT_THAT(read(given).error().text, HasSubstr("accel_queue_options"));
}

struct Own {
	uint32_t one, two, three;
};

TEST(DriverOptions, MayBeAbsentShorterOrLongerWithZeros)
{
	const Own given[2]{{1, 2, 3}, {}};
	auto read = [&](size_t size) {
		return read_driver_options<Own>({reinterpret_cast<const std::byte *>(given), size},
						8, "own");
	};

	EXPECT_EQ(read(0)->one, 0u);
	EXPECT_EQ(read(8)->two, 2u);
	EXPECT_EQ(read(8)->three, 0u);
	EXPECT_EQ(read(24)->three, 3u);
	for (size_t size : {size_t{1}, size_t{7}, size_t{5000}})
		EXPECT_EQ(read(size).error().code, -EINVAL) << size;
}

TEST(DriverOptions, MustNotBeNull)
{
	const int some = 0;

	EXPECT_TRUE(check_driver(nullptr, 0));
	EXPECT_TRUE(check_driver(&some, 4));
	auto r = check_driver(nullptr, 4);
	ASSERT_FALSE(r);
	EXPECT_EQ(r.error().code, -EFAULT);
	EXPECT_EQ(r.error().reason, ACCEL_REASON_BAD_POINTER);
}

TEST(DriverOptions, MustNotHaveMoreThanIsKnown)
{
	const Own given[2]{{1, 2, 3}, {0, 0, 1}};
	auto read = read_driver_options<Own>(std::as_bytes(std::span(given)), 8, "own");

	ASSERT_FALSE(read);
	EXPECT_EQ(read.error().code, -E2BIG);
	EXPECT_THAT(read.error().text, HasSubstr("struct own"));
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
	/* Longer than one piece of the wait. */
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
	EXPECT_TRUE(queue_->wait(0)) << "returns at once with a completion in the ring";
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

TEST_F(QueueTest, AFenceThatTheDeviceDoesNotSignalIsRefused)
{
	accel_queue_options options{.size = sizeof(options), .entries = 4};

	options.completion_fence = {ACCEL_FENCE_KIND_SYNCOBJ, 1, 0};
	auto r = Queue::create(*space_, options, nullptr);
	ASSERT_FALSE(r);
	EXPECT_EQ(r.error().code, -EOPNOTSUPP);
	EXPECT_THAT(r.error().text, HasSubstr("completion_fence"));
}

TEST_F(QueueTest, OnlyAQueueWithAnEventCanBeArmed)
{
	EXPECT_FALSE(*queue_->arm());
	auto r = make(nullptr)->arm();
	ASSERT_FALSE(r);
	EXPECT_EQ(r.error().code, -EALREADY);
	EXPECT_THAT(r.error().text, HasSubstr("accel_queue_options.event"));
}

TEST_F(QueueTest, AFailingFutexOnlyCostsTime)
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
