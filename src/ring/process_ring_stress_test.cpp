// SPDX-License-Identifier: MIT
// Rings of the process with real threads: producers that submit under a lock, a kernel that finishes in any order, a
// thread that waits and sleeps whenever nothing is in flight. Run under ThreadSanitizer, too. The seed is printed;
// ACCEL_SEED repeats a run.
#include "ring/process_ring.hpp"
#include "ring/unordered_kernel.hpp"
#include "support/seed.hpp"
#include "sys/sys.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <gtest/gtest.h>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

namespace {

using namespace accel::core;
using namespace accel::core::ring;
using accel::core::ring::test::Job;
using accel::core::ring::test::UnorderedKernel;
using accel::support::seed;

constexpr uint64_t kSeconds = 1'000'000'000;
constexpr uint64_t kFar = 60 * kSeconds;

/* Sleeps without a deadline, so that the end of a piece does not hide a lost wake-up. */
sys::Calls calls_that_sleep_for_ever()
{
	sys::Calls fake = sys::kRealCalls;

	fake.futex_wait = [](uint32_t *word, uint32_t expected, uint64_t) {
		return sys::kRealCalls.futex_wait(word, expected, UINT64_MAX);
	};
	return fake;
}

/* One queue. Each producer submits; the consumer completes, and so does a producer whose entry is refused. */
class Stress {
public:
	Stress(unsigned producers, uint64_t entries, uint64_t seed)
		: producers_(producers),
		  entries_(entries / producers * producers),
		  seed_(seed),
		  ring_(std::move(*ProcessRing::create({.entries = 24,
							.entry_size = sizeof(Job),
							.multi_producer = producers > 1}))),
		  user_(std::move(*UserRing::attach(ring_.memory(), {.submit = submit,
								     .submit_context = this,
								     .progress = progress,
								     .context = this}))),
		  kernel_(seed + 100),
		  random_(static_cast<unsigned>(seed + 200))
	{}

	/* Every entry is published and completes. */
	void run()
	{
		std::atomic<bool> over{false};
		std::thread watchdog([&] {
			const uint64_t until = sys::now_ns() + kFar;

			while (!over && sys::now_ns() < until)
				std::this_thread::sleep_for(std::chrono::milliseconds(10));
			if (!over)
				ring_.set_gone();
		});
		auto threads = start();

		collect();
		over = true;
		ring_.set_gone(); /* ends the producers, too, if collect() failed */
		for (auto &thread : threads)
			thread.join();
		watchdog.join();
		EXPECT_EQ(taken_, entries_);
	}

	/* The device is removed while all threads are active: every thread returns. */
	void run_until_gone(uint64_t after_ns)
	{
		auto threads = start();
		std::thread remover([&] {
			std::this_thread::sleep_for(std::chrono::nanoseconds(after_ns));
			ring_.set_gone();
		});

		while (wait(user_.get(), UINT64_MAX) == 0)
			poll();
		remover.join();
		for (auto &thread : threads)
			thread.join();
		/* A producer may have had an entry refused in the meantime. */
		while (wait(user_.get(), UINT64_MAX) == 0)
			poll();
		EXPECT_EQ(wait(user_.get(), UINT64_MAX), -ENODEV);
		EXPECT_EQ(ring_.oldest(), taken_) << "what was retired was polled";
	}

private:
	std::vector<std::thread> start()
	{
		std::vector<std::thread> threads;

		for (unsigned p = 0; p < producers_; p++)
			threads.emplace_back([this, p] { produce(p); });
		return threads;
	}

	static bool submit(void *context, uint64_t sequence, uint32_t count)
	{
		auto *self = static_cast<Stress *>(context);

		self->ring_.publish(sequence, count);
		std::lock_guard lock(self->submit_mutex_);
		if (!self->ring_.gone())
			self->submit_pending();
		return true;
	}

	void submit_pending()
	{
		for (;;) {
			const auto run = ring_.pending(static_cast<uint32_t>(random_() % 7 + 1));

			if (!run.count)
				break;
			if (random_() % 16 == 0) {
				ring_.refuse(ENOENT);
				continue;
			}
			/* The jobs may end before submitted() is called. */
			kernel_.submit(static_cast<const Job *>(run.entries), run.count);
			if (random_() % 8 == 0)
				std::this_thread::yield();
			ring_.submitted(run.count);
		}
	}

	static int progress(void *context, uint64_t deadline_ns)
	{
		auto *self = static_cast<Stress *>(context);
		/* First, because this kernel continues after the removal. */
		if (self->ring_.gone())
			return -ENODEV;
		auto finished = self->kernel_.finished(0);

		if (finished.empty()) {
			if (!self->ring_.in_flight())
				return -EAGAIN;
			finished = self->kernel_.finished(deadline_ns);
		}
		for (const Job &job : finished) {
			accel_ring_record record{};

			record.result = uint64_t{job.producer} << 32 | job.number;
			EXPECT_TRUE(self->ring_.complete(job.sequence, ACCEL_RING_STATUS_SUCCESS,
							 &record));
		}
		return static_cast<int>(self->ring_.retire().count);
	}

	void produce(unsigned p)
	{
		std::minstd_rand random(static_cast<unsigned>(seed_ + p));
		accel_ring *ring = user_.get();
		uint64_t at;

		for (uint64_t left = entries_ / producers_; left && !ring_.gone();) {
			const auto n =
				static_cast<uint32_t>(std::min<uint64_t>(random() % 5 + 1, left));

			if (!accel_ring_reserve(ring, n, &at)) {
				std::this_thread::yield();
				continue;
			}
			for (uint32_t i = 0; i < n; i++, left--)
				*static_cast<Job *>(accel_ring_entry(ring, at + i)) = {
					at + i, p, static_cast<uint32_t>(left), {}};
			accel_ring_publish(ring, at, n);
			/* Long enough for the other side to find nothing and sleep. */
			if (random() % 32 == 0)
				std::this_thread::sleep_for(std::chrono::microseconds(100));
		}
	}

	void poll()
	{
		accel_completion done[24];
		const uint32_t n = accel_ring_poll(user_.get(), done, random_poll() % 24 + 1);

		for (uint32_t i = 0; i < n; i++, taken_++)
			check(done[i]);
	}

	void check(const accel_completion &c)
	{
		ASSERT_EQ(c.sequence, taken_);
		if (c.status == ACCEL_RING_STATUS_SUBMIT_ERROR) {
			ASSERT_EQ(c.detail, unsigned{ENOENT});
			return;
		}
		const auto producer = static_cast<uint32_t>(c.result >> 32);
		const auto number = static_cast<uint32_t>(c.result);

		ASSERT_EQ(c.status, ACCEL_RING_STATUS_SUCCESS);
		ASSERT_LT(producer, producers_);
		ASSERT_LT(number, last_[producer]) << "the entries of a producer are out of order";
		last_[producer] = number;
	}

	void collect()
	{
		while (taken_ < entries_ && !testing::Test::HasFatalFailure()) {
			ASSERT_EQ(wait(user_.get(), UINT64_MAX), 0)
				<< "a wake-up got lost at " << taken_;
			poll();
		}
	}

	unsigned random_poll() { return static_cast<unsigned>(poll_random_()); }

	const unsigned producers_;
	const uint64_t entries_;
	const uint64_t seed_;
	ProcessRing ring_;
	UserRing user_;
	UnorderedKernel kernel_;
	std::mutex submit_mutex_;
	std::minstd_rand random_; /* of the thread that holds the mutex */
	std::minstd_rand poll_random_;
	std::vector<uint32_t> last_ = std::vector<uint32_t>(producers_, UINT32_MAX);
	uint64_t taken_ = 0;
};

/* Two threads complete one entry each and retire, at the same moment: none is left, whichever thread retires. */
TEST(ProcessRingThreads, EntriesCompletedAtOnceByTwoThreadsAreRetired)
{
	constexpr uint64_t kRounds = 20000;
	auto ring = *ProcessRing::create({.entries = 2, .entry_size = 8});
	auto user = *UserRing::attach(ring.memory(), {});
	std::atomic<uint64_t> round{0}, over{0}, retired{0};

	auto complete = [&](uint64_t which) {
		for (uint64_t n = 1; n <= kRounds; n++) {
			while (round.load(std::memory_order_acquire) < n)
				std::this_thread::yield();
			EXPECT_TRUE(ring.complete(2 * (n - 1) + which, ACCEL_RING_STATUS_SUCCESS));
			retired += ring.retire().count;
			over.fetch_add(1, std::memory_order_release);
		}
	};
	std::thread one(complete, 0), two(complete, 1);

	for (uint64_t n = 1; n <= kRounds; n++) {
		accel_completion done[2];
		uint64_t at = 0;

		EXPECT_TRUE(accel_ring_reserve(user.get(), 2, &at));
		ring.publish(at, 2);
		EXPECT_EQ(ring.pending().count, 2u);
		ring.submitted(2);
		round.store(n, std::memory_order_release);
		while (over.load(std::memory_order_acquire) < 2 * n)
			std::this_thread::yield();
		EXPECT_EQ(ring.oldest(), 2 * n);
		EXPECT_EQ(retired, 2 * n) << "each is counted once";
		ring.retire(); /* or one failure would make the rest fail */
		retired = 2 * n;
		EXPECT_EQ(accel_ring_poll(user.get(), done, 2), 2u);
	}
	one.join();
	two.join();
}

class ProcessRingStress : public testing::TestWithParam<unsigned> {
protected:
	ProcessRingStress() { sys::calls = &calls_; }
	~ProcessRingStress() override { sys::calls = &sys::kRealCalls; }

	const sys::Calls calls_ = calls_that_sleep_for_ever();
};

INSTANTIATE_TEST_SUITE_P(Producers, ProcessRingStress, testing::Values(1, 4));

TEST_P(ProcessRingStress, EveryEntryCompletesOnce)
{
	Stress(GetParam(), 8000, seed()).run();
}

TEST_P(ProcessRingStress, EveryThreadReturnsAfterTheRemoval)
{
	std::minstd_rand random(static_cast<unsigned>(seed()));

	for (unsigned round = 0; round < 100 && !HasFailure(); round++)
		Stress(GetParam(), 1'000'000, random()).run_until_gone(random() % 2'000'000);
}

} // namespace
