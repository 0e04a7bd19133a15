// SPDX-License-Identifier: MIT
// The process's side of the ring: the layouts that it accepts, and a kernel that refuses its system calls.
#include "ring/user_ring.hpp"

#include "ring/ring_pair.hpp"
#include "sys/sys.hpp"

#include <gtest/gtest.h>

namespace {

using namespace accel::core;
using namespace accel::core::ring;
using namespace accel::core::ring::test;

TEST(Ring, LayoutsOfEverySizeAreAccepted)
{
	for (uint32_t entries = 2; entries <= 65536; entries *= 2)
		for (uint64_t flags = 0; flags < 8; flags++) {
			auto layout =
				make_layout(entries, 64, kTag, flags, ACCEL_RING_WAKE_ORDER_BOTH);
			EXPECT_EQ(check_layout(layout, layout.size, LayoutFrom::device), nullptr)
				<< entries << ' ' << flags;
			EXPECT_EQ(layout.size % 4096, 0u);
		}
}

TEST(Ring, EveryFieldOfALayoutIsChecked)
{
	const auto good = make_layout(16, 64, kTag, ACCEL_QUEUE_FLAGS_MULTI_PRODUCER,
				      ACCEL_RING_WAKE_ORDER_BOTH);
	auto refused = [&](auto change) {
		auto layout = good;
		change(layout);
		return check_layout(layout, good.size, LayoutFrom::device) != nullptr;
	};
	using L = accel_ring_layout;

	EXPECT_FALSE(refused([](L &) {}));
	EXPECT_TRUE(refused([](L &l) { l.size += 1; }));
	EXPECT_TRUE(refused([](L &l) { l.entry_count = 0; }));
	EXPECT_TRUE(refused([](L &l) { l.entry_count = 1; }));
	EXPECT_TRUE(refused([](L &l) { l.entry_count = 15; }));
	EXPECT_TRUE(refused([](L &l) { l.entry_count = 1u << 31; }));
	EXPECT_FALSE(refused([](L &l) { l.entry_size = 40; }));
	EXPECT_TRUE(refused([](L &l) { l.entry_size = 44; }));
	EXPECT_TRUE(refused([](L &l) { l.entry_size = 4; }));
	EXPECT_TRUE(refused([](L &l) { l.entry_size = 0; }));
	EXPECT_TRUE(refused([](L &l) { l.entry_size = 0xfffffff8; }));
	EXPECT_TRUE(refused([](L &l) { l.record_size = 16; }));
	EXPECT_TRUE(refused([](L &l) { l.control_offset = 64; }));
	EXPECT_TRUE(refused([](L &l) { l.control_offset = 0xffffff80; }));
	EXPECT_TRUE(refused([](L &l) { l.entries_offset += 1; }));
	EXPECT_TRUE(refused([](L &l) { l.entries_offset = 0; })) << "over the control block";
	EXPECT_TRUE(refused([](L &l) { l.entries_offset = 0xfffffff8; }));
	EXPECT_TRUE(refused([](L &l) { l.records_offset = 0xfffffff8; }));
	EXPECT_TRUE(refused([](L &l) { l.status_offset = 0xffffffff; }));
	EXPECT_TRUE(refused([](L &l) { l.status_stride = 0; }));
	EXPECT_TRUE(refused([](L &l) { l.status_stride = 0xffffffff; }));
	/* The last byte may be the very last one of the memory. */
	auto ends = [](L &l, uint32_t at) {
		l.tag_offset = at - (l.entry_count - 1) * l.tag_stride;
	};
	EXPECT_FALSE(refused([&](L &l) { ends(l, static_cast<uint32_t>(l.size) - 1); }));
	EXPECT_TRUE(refused([&](L &l) { ends(l, static_cast<uint32_t>(l.size)); }));
	EXPECT_TRUE(refused([](L &l) { l.tag_stride = 0; }));
	EXPECT_TRUE(refused([](L &l) { l.tag_offset = 0xffffffff; }));
	EXPECT_TRUE(refused([](L &l) { l.publication = ACCEL_RING_PUBLICATION_INDEX; }));
	EXPECT_TRUE(refused([](L &l) { l.publication = 2; })) << "phase, which was removed";
	EXPECT_TRUE(refused([](L &l) { l.publication = 9; }));
	EXPECT_TRUE(refused([](L &l) { l.register_address = 4096; }));
	EXPECT_TRUE(refused([](L &l) { l.completion = 0; }));
	EXPECT_TRUE(refused([](L &l) { l.wake_order = 3; }));
}

int munmap_calls = 0;

TEST(Ring, AttachFailsCleanlyWhenTheKernelDoes)
{
	auto layout = make_layout(16, 64, kIndex, 0, ACCEL_RING_WAKE_ORDER_BOTH);
	sys::Calls fake = sys::kRealCalls;
	alignas(128) static unsigned char memory[16384];

	ASSERT_LE(layout.size, sizeof(memory));
	sys::calls = &fake;
	fake.mmap = [](void *, size_t, int, int, int, off_t) -> long { return -ENOMEM; };
	const RingMemory where{.memory = memory, .size = layout.size, .layout = layout};
	auto r = UserRing::attach(where, {});
	ASSERT_FALSE(r);
	EXPECT_EQ(r.error().code, -ENOMEM);

	fake = sys::kRealCalls;
	munmap_calls = 0;
	fake.madvise = [](void *, size_t, int) { return -EINVAL; };
	fake.munmap = [](void *address, size_t length) {
		munmap_calls++;
		return sys::kRealCalls.munmap(address, length);
	};
	r = UserRing::attach(where, {});
	sys::calls = &sys::kRealCalls;
	ASSERT_FALSE(r);
	EXPECT_EQ(r.error().code, -EOPNOTSUPP);
	EXPECT_EQ(munmap_calls, 1) << "the page is unmapped";
}

TEST(Ring, WithoutTheBarrierTheDeviceStaysAwakeAndTheWaiterPolls)
{
	Pair pair(8, kIndex, 0, ACCEL_RING_WAKE_ORDER_SLEEPER);
	sys::Calls fake = sys::kRealCalls;

	fake.membarrier = [](int) { return -EPERM; };
	sys::calls = &fake;
	EXPECT_FALSE(pair.device.sleep(pair.next));
	pair.post(1);
	EXPECT_EQ(pair.doorbells, 0);
	EXPECT_EQ(wait(pair.user.get(), sys::now_ns() + 5000000), -ETIMEDOUT);
	pair.work();
	EXPECT_EQ(wait(pair.user.get(), sys::now_ns() + 5000000), 0);
	sys::calls = &sys::kRealCalls;
}

TEST(Ring, ADeadlineIsKeptWhereTheKernelRefusesToSleep)
{
	Pair pair(8, kIndex, 0, ACCEL_RING_WAKE_ORDER_BOTH);
	sys::Calls fake = sys::kRealCalls;

	fake.futex_wait = [](uint32_t *, uint32_t, uint64_t) { return -ENOSYS; };
	sys::calls = &fake;
	EXPECT_EQ(wait(pair.user.get(), sys::now_ns() + 5000000), -ETIMEDOUT);
	sys::calls = &sys::kRealCalls;
}

TEST(Ring, ADeadlineIsKeptAfterSpuriousWakeUps)
{
	Pair pair(8, kIndex, 0, ACCEL_RING_WAKE_ORDER_BOTH);
	sys::Calls fake = sys::kRealCalls;
	static int sleeps;

	fake.futex_wait = [](uint32_t *, uint32_t, uint64_t) {
		/* Finite, so that the test can fail. */
		return ++sleeps < 100'000'000 ? 0 : -ETIMEDOUT;
	};
	sys::calls = &fake;
	sleeps = 0;
	EXPECT_EQ(wait(pair.user.get(), sys::now_ns() + 5000000), -ETIMEDOUT);
	EXPECT_LT(sleeps, 100'000'000);
	sys::calls = &sys::kRealCalls;
}

} // namespace
