// SPDX-License-Identifier: MIT
// The ring with one thread playing both sides: every mode, many laps, sleep and wake, fork.
#include "ring/ring_pair.hpp"
#include "sys/sys.hpp"

#include <gtest/gtest.h>
#include <ostream>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace {

using namespace accel::core;
using namespace accel::core::ring;
using namespace accel::core::ring::test;

struct Mode {
	const char *name;
	uint8_t publication;
	uint64_t flags;
	uint8_t order;

	friend void PrintTo(const Mode &mode, std::ostream *out) { *out << mode.name; }
};

class EveryMode : public testing::TestWithParam<Mode> {};

INSTANTIATE_TEST_SUITE_P(
	Ring, EveryMode,
	testing::Values(Mode{"index_sleeper", kIndex, 0, ACCEL_RING_WAKE_ORDER_SLEEPER},
			Mode{"index_both", kIndex, 0, ACCEL_RING_WAKE_ORDER_BOTH},
			Mode{"tag_sleeper", kTag, 0, ACCEL_RING_WAKE_ORDER_SLEEPER},
			Mode{"tag_producers", kTag, ACCEL_QUEUE_FLAGS_MULTI_PRODUCER,
			     ACCEL_RING_WAKE_ORDER_BOTH},
			Mode{"tag_producers_sleeper", kTag, ACCEL_QUEUE_FLAGS_MULTI_PRODUCER,
			     ACCEL_RING_WAKE_ORDER_SLEEPER},
			Mode{"index_status_phase", kIndex, ACCEL_QUEUE_FLAGS_STATUS_PHASE,
			     ACCEL_RING_WAKE_ORDER_BOTH},
			Mode{"tag_producers_status_phase", kTag,
			     ACCEL_QUEUE_FLAGS_MULTI_PRODUCER | ACCEL_QUEUE_FLAGS_STATUS_PHASE,
			     ACCEL_RING_WAKE_ORDER_SLEEPER}),
	[](const auto &one) { return std::string(one.param.name); });

TEST_P(EveryMode, ManyLapsKeepOrderAndValues)
{
	Pair pair(8, GetParam().publication, GetParam().flags, GetParam().order);
	accel_completion done[8];
	uint64_t posted = 0, taken = 0;

	while (taken < 1000) {
		/* Uneven steps, so that every slot is the first and the last of a batch at some time. */
		for (unsigned i = 0; i < posted % 5 + 1; i++)
			posted += pair.post(posted);
		pair.work();
		uint32_t n = accel_ring_poll(pair.user.get(), done, taken % 3 + 1);
		for (uint32_t i = 0; i < n; i++, taken++) {
			ASSERT_EQ(done[i].sequence, taken);
			ASSERT_EQ(done[i].status, ACCEL_RING_STATUS_SUCCESS);
			ASSERT_EQ(done[i].result, taken % 3 ? taken + 1 : 0);
		}
	}
}

TEST_P(EveryMode, AFullRingRefusesAndPollingMakesRoom)
{
	Pair pair(4, GetParam().publication, GetParam().flags, GetParam().order);
	accel_completion done[4];
	uint64_t at;

	for (uint64_t i = 0; i < 4; i++)
		ASSERT_TRUE(pair.post(i));
	EXPECT_FALSE(pair.post(4));
	EXPECT_FALSE(accel_ring_reserve(pair.user.get(), 5, &at)) << "more than the ring holds";
	pair.work();
	EXPECT_FALSE(pair.post(4)) << "completed but not polled: the slot holds its status";
	EXPECT_EQ(accel_ring_poll(pair.user.get(), done, 1), 1u);
	EXPECT_TRUE(pair.post(4));
	EXPECT_FALSE(pair.post(5));
	EXPECT_EQ(accel_ring_outstanding(pair.user.get()), 4u);
}

TEST_P(EveryMode, NothingIsSeenBeforeItIsPublished)
{
	Pair pair(4, GetParam().publication, GetParam().flags, GetParam().order);
	accel_completion done[4];
	uint64_t first, second;

	/* In later laps the slots hold old entries. */
	for (int lap = 0; lap < 3; lap++) {
		ASSERT_TRUE(accel_ring_reserve(pair.user.get(), 2, &first));
		memset(accel_ring_entry(pair.user.get(), first), 0xff, sizeof(Entry));
		memset(accel_ring_entry(pair.user.get(), first + 1), 0xff, sizeof(Entry));
		EXPECT_EQ(pair.device.available(pair.next, 4), 0u);
		accel_ring_publish(pair.user.get(), first, 2);
		EXPECT_EQ(pair.device.available(pair.next, 4), 2u);
		EXPECT_EQ(pair.work(), 2u);
		EXPECT_EQ(accel_ring_poll(pair.user.get(), done, 4), 2u);
	}
	if (!(GetParam().flags & ACCEL_QUEUE_FLAGS_MULTI_PRODUCER))
		return;
	/* Producers finish in any order; the device starts with the older one. */
	ASSERT_TRUE(accel_ring_reserve(pair.user.get(), 1, &first));
	ASSERT_TRUE(accel_ring_reserve(pair.user.get(), 1, &second));
	accel_ring_publish(pair.user.get(), second, 1);
	EXPECT_EQ(pair.device.available(pair.next, 4), 0u);
	accel_ring_publish(pair.user.get(), first, 1);
	EXPECT_EQ(pair.device.available(pair.next, 4), 2u);
}

TEST_P(EveryMode, OneDoorbellForEachTimeTheDeviceSlept)
{
	Pair pair(8, GetParam().publication, GetParam().flags, GetParam().order);

	EXPECT_TRUE(pair.device.sleep(pair.next));
	pair.post(1);
	pair.post(2);
	EXPECT_EQ(pair.doorbells, 1);
	EXPECT_FALSE(pair.device.sleep(pair.next))
		<< "entries are published: the device must not sleep";
	pair.post(3);
	EXPECT_EQ(pair.doorbells, 1) << "the device was awake";
	pair.work();
	EXPECT_TRUE(pair.device.sleep(pair.next));
	pair.device.awake();
	pair.post(4);
	EXPECT_EQ(pair.doorbells, 1) << "the device woke without a doorbell";
}

TEST_P(EveryMode, TheWaiterIsTakenOnce)
{
	Pair pair(8, GetParam().publication, GetParam().flags, GetParam().order);
	accel_completion done[8];

	EXPECT_EQ(arm(pair.user.get()), 0);
	EXPECT_EQ(pair.device.take_waiter(), unsigned{ACCEL_RING_WAITER_EVENT});
	EXPECT_EQ(pair.device.take_waiter(), 0u);
	pair.post(1);
	pair.work();
	EXPECT_EQ(arm(pair.user.get()), 1) << "a completion is present";
	EXPECT_EQ(pair.device.take_waiter(), 0u);
	EXPECT_EQ(wait(pair.user.get(), 0), 0);
	EXPECT_EQ(accel_ring_poll(pair.user.get(), done, 8), 1u);
	EXPECT_EQ(wait(pair.user.get(), 0), -ETIMEDOUT);
}

TEST_P(EveryMode, ADeadlineIsKept)
{
	Pair pair(8, GetParam().publication, GetParam().flags, GetParam().order);
	uint64_t begin = sys::now_ns();

	EXPECT_EQ(wait(pair.user.get(), begin + 20000000), -ETIMEDOUT);
	EXPECT_GE(sys::now_ns(), begin + 20000000);
	EXPECT_EQ(pair.device.take_waiter(), 0u) << "after a timeout the waiter bit is clear";
}

TEST_P(EveryMode, AForkedChildCanDoNothing)
{
	Pair pair(8, GetParam().publication, GetParam().flags, GetParam().order);
	accel_completion done[8];

	pair.post(7);
	pair.work();
	pid_t child = fork();
	if (child == 0) {
		bool quiet = !pair.post(8) && accel_ring_poll(pair.user.get(), done, 8) == 0 &&
			     wait(pair.user.get(), 0) == -ESTALE && arm(pair.user.get()) == -ESTALE;
		uint64_t at;

		/* A reservation of 0 entries may succeed in a ring without room. */
		if (accel_ring_reserve(pair.user.get(), 0, &at))
			accel_ring_publish(pair.user.get(), at, 0);
		_exit(quiet ? 0 : 1);
	}
	int status;
	waitpid(child, &status, 0);
	EXPECT_EQ(status, 0);
	EXPECT_EQ(accel_ring_poll(pair.user.get(), done, 8), 1u);
	EXPECT_TRUE(pair.post(9));
}

TEST(Ring, AnArbitraryIndexYieldsAtMostOneLap)
{
	Pair pair(8, kIndex, 0, ACCEL_RING_WAKE_ORDER_BOTH);

	pair.user.get()->control->published = UINT64_MAX / 2;
	EXPECT_EQ(pair.device.available(3, UINT32_MAX), 8u);
	/* Lower than the position: the process executed entries inline, or the client writes arbitrary values. */
	for (const uint64_t behind : {uint64_t{0}, UINT64_MAX, uint64_t{2}}) {
		pair.user.get()->control->published = behind;
		EXPECT_EQ(pair.device.available(3, UINT32_MAX), 0u) << behind;
	}
}

} // namespace
