// SPDX-License-Identifier: MIT
// Rings of the process: polling, waiting, waking, and the removal of the device.
#include "ring/process_ring_queue.hpp"

#include <chrono>
#include <gtest/gtest.h>
#include <thread>

namespace accel::core::ring::test {
namespace {

TEST(ProcessRing, AnEmptyPollCallsProgressOnceAndReadsAgain)
{
	Queue queue({.entries = 4, .entry_size = 64});

	queue.progress = [&](uint64_t deadline_ns) {
		EXPECT_EQ(deadline_ns, 0u) << "a poll does not wait";
		queue.ring.complete(queue.ring.oldest(), kGood);
		return static_cast<int>(queue.ring.retire().count);
	};
	ASSERT_TRUE(queue.post(0, 2));
	EXPECT_EQ(queue.asked, 0u) << "publishing does not call progress";
	EXPECT_EQ(queue.poll().size(), 1u);
	EXPECT_EQ(queue.asked, 1u);
	queue.ring.complete(1, kGood);
	queue.ring.retire();
	EXPECT_EQ(queue.poll().size(), 1u);
	EXPECT_EQ(queue.asked, 1u) << "a completion in the ring needs no call";
	EXPECT_EQ(queue.poll(0).size(), 0u);
	EXPECT_EQ(queue.asked, 1u) << "no room for completions";
}

TEST(ProcessRing, AWaitCallsProgressInPiecesUntilItsDeadline)
{
	Queue queue({.entries = 4, .entry_size = 64});
	const uint64_t begin = sys::now_ns();
	uint64_t longest = 0;

	ASSERT_TRUE(queue.post(0));
	queue.progress = [&](uint64_t deadline_ns) {
		const uint64_t now = sys::now_ns();

		if (deadline_ns > now) {
			longest = std::max(longest, deadline_ns - now);
			std::this_thread::sleep_for(std::chrono::nanoseconds(deadline_ns - now));
		}
		return 0;
	};
	EXPECT_EQ(wait(queue.user.get(), begin + 230 * kMs), -ETIMEDOUT);
	EXPECT_GE(sys::now_ns(), begin + 230 * kMs);
	EXPECT_LE(longest, 100 * kMs) << "no longer than a piece";
	EXPECT_GE(queue.asked, 3u);
	EXPECT_EQ(wait(queue.user.get(), 0), -ETIMEDOUT);

	queue.progress = [](uint64_t) { return -EIO; };
	EXPECT_EQ(wait(queue.user.get(), UINT64_MAX), -EIO);
	queue.progress = [&, left = 3](uint64_t) mutable {
		if (--left)
			return -EINTR;
		queue.ring.complete(0, kGood);
		queue.ring.retire();
		return 1;
	};
	EXPECT_EQ(wait(queue.user.get(), UINT64_MAX), 0) << "a signal does not end a wait";
}

/* The hook reports completions without adding any, every time. */
TEST(ProcessRing, AWaitKeepsItsDeadlineForAnyResultOfTheHook)
{
	for (const int answer : {0, 1, -EAGAIN, -EINTR}) {
		Queue queue({.entries = 4, .entry_size = 64});
		const uint64_t until = sys::now_ns() + 20 * kMs;

		queue.progress = [answer](uint64_t) { return answer; };
		EXPECT_EQ(wait(queue.user.get(), until), -ETIMEDOUT) << answer;
		EXPECT_GE(sys::now_ns(), until);
		EXPECT_EQ(queue.user.get()->control->waiter, 0u);
	}
}

/* Returns the time from @act to the return of a wait that sleeps because nothing is in flight. */
uint64_t wakes_after(Queue &queue, int expected, const std::function<void()> &act)
{
	std::atomic<uint64_t> back{0};
	std::thread waiter([&] {
		EXPECT_EQ(wait(queue.user.get(), UINT64_MAX), expected);
		back = sys::now_ns();
	});

	/* The waiter sleeps once the bit is set, and sets it again after each piece. */
	while (!(__atomic_load_n(&queue.user.get()->control->waiter, __ATOMIC_ACQUIRE) &
		 ACCEL_RING_WAITER_SLEEPING))
		std::this_thread::yield();
	std::this_thread::sleep_for(std::chrono::milliseconds(5));
	const uint64_t begin = sys::now_ns();
	act();
	waiter.join();
	return back - begin;
}

/* Pieces are 100 ms long: a wait that returns earlier was woken. */
constexpr uint64_t kAtOnce = 80 * kMs;

/* Five tries: the machine may be busy, but a missing wake-up costs most of a piece in each of them. */
template <class Try>
uint64_t best_of(Try one)
{
	uint64_t best = UINT64_MAX;

	for (int i = 0; i < 5 && best >= kAtOnce; i++)
		best = std::min(best, one());
	return best;
}

/* The first entry, once it is in flight, completes at the next call of the hook. */
void complete_when_asked(Queue &queue)
{
	queue.progress = [&queue](uint64_t) {
		if (!queue.ring.in_flight())
			return -EAGAIN;
		queue.ring.complete(0, kGood);
		return static_cast<int>(queue.ring.retire().count);
	};
}

TEST(ProcessRing, SubmittingWakesAWaitThatSleepsBecauseNothingIsInFlight)
{
	const uint64_t best = best_of([] {
		Queue queue({.entries = 4, .entry_size = 64});

		complete_when_asked(queue);
		return wakes_after(queue, 0, [&] { queue.post(1); });
	});
	EXPECT_LT(best, kAtOnce);
}

TEST(ProcessRing, ARegisterWakesByTheDoorbell)
{
	const uint64_t best = best_of([] {
		static uint32_t reg;
		Queue queue(
			{.entries = 4, .entry_size = 64, .tail = TailRegister{&reg, 4, 0, 3, 0}});

		queue.user.get()->submit = nullptr;
		queue.user.get()->doorbell = [](void *self) {
			static_cast<Queue *>(self)->ring.wake_for_work();
		};
		complete_when_asked(queue);
		return wakes_after(queue, 0, [&] { queue.post(1); });
	});
	EXPECT_LT(best, kAtOnce);
}

TEST(ProcessRing, RetiringWakes)
{
	const uint64_t best = best_of([] {
		Queue queue({.entries = 4, .entry_size = 64});

		/* The hook reports that nothing is in flight; another thread completes. */
		queue.progress = [](uint64_t) { return -EAGAIN; };
		queue.post(1);
		return wakes_after(queue, 0, [&] {
			queue.ring.complete(0, kGood);
			queue.ring.retire();
		});
	});
	EXPECT_LT(best, kAtOnce);
}

TEST(ProcessRing, RemovalEndsAWaitWithoutADeadlineAtOnce)
{
	const uint64_t best = best_of([] {
		Queue queue({.entries = 4, .entry_size = 64});

		return wakes_after(queue, -ENODEV, [&] { EXPECT_FALSE(queue.ring.set_gone()); });
	});
	EXPECT_LT(best, kAtOnce);
}

TEST(ProcessRing, RemovalEndsAWaitOfADeviceThatCompletesByItself)
{
	const uint64_t best = best_of([] {
		Queue queue({.entries = 4, .entry_size = 64});

		queue.user.get()->progress = nullptr;
		return wakes_after(queue, -ENODEV, [&] { queue.ring.set_gone(); });
	});
	EXPECT_LT(best, kAtOnce);
}

TEST(ProcessRing, CompletionsFromBeforeTheRemovalAreReturned)
{
	Queue queue({.entries = 4, .entry_size = 64});

	EXPECT_FALSE(queue.ring.gone());
	ASSERT_TRUE(queue.post(0, 3));
	queue.ring.complete(0, kGood);
	queue.ring.retire();
	EXPECT_EQ(arm(queue.user.get()), 1);
	ASSERT_EQ(queue.poll(1).size(), 1u);
	ASSERT_EQ(arm(queue.user.get()), 0);
	queue.ring.complete(1, kGood);
	EXPECT_TRUE(queue.ring.set_gone()) << "the caller must signal the event";
	EXPECT_FALSE(queue.ring.set_gone()) << "once";
	EXPECT_TRUE(queue.ring.gone());
	queue.ring.retire();
	EXPECT_EQ(wait(queue.user.get(), UINT64_MAX), 0);
	EXPECT_EQ(queue.poll().size(), 1u);
	EXPECT_EQ(wait(queue.user.get(), UINT64_MAX), -ENODEV);
	EXPECT_EQ(wait(queue.user.get(), 0), -ENODEV);
	EXPECT_EQ(arm(queue.user.get()), -ENODEV);
	EXPECT_EQ(queue.poll().size(), 0u) << "entry 2 stays outstanding";
	EXPECT_EQ(queue.ring.in_flight(), 1u);
}

TEST(ProcessRing, TheEventIsSignalledOnceAndNotByNewWork)
{
	Queue queue({.entries = 4, .entry_size = 64});

	EXPECT_EQ(arm(queue.user.get()), 0);
	ASSERT_TRUE(queue.post(0, 2));
	queue.ring.complete(0, kGood);
	auto retired = queue.ring.retire();
	EXPECT_EQ(retired.count, 1u);
	EXPECT_TRUE(retired.signal_event) << "submitting does not clear the bit";
	queue.ring.complete(1, kGood);
	EXPECT_FALSE(queue.ring.retire().signal_event) << "not armed again";
}

} // namespace
} // namespace accel::core::ring::test
