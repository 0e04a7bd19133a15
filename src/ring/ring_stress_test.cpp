// SPDX-License-Identifier: MIT
// The ring with real threads: producers, a device and a waiter that sleep whenever the protocol allows it. Run under
// ThreadSanitizer, too. The seed is printed; ACCEL_SEED repeats a run.
#include "ring/device_ring.hpp"
#include "ring/user_ring.hpp"
#include "support/seed.hpp"
#include "sys/sys.hpp"

#include <atomic>
#include <cstdlib>
#include <gtest/gtest.h>
#include <memory>
#include <random>
#include <thread>
#include <vector>

namespace {

using namespace accel::core;
using namespace accel::core::ring;
using accel::support::seed;

constexpr uint64_t kEntries = 30000;
constexpr uint64_t kDeadline = 60'000'000'000;

struct Entry {
	uint32_t producer;
	uint32_t number;
	uint64_t check;
	uint64_t pad[5];
	uint64_t ring;
};

struct Free {
	void operator()(void *p) const { free(p); }
};

/* One run: @producers threads publish kEntries in all, a device thread completes them, this thread waits and polls. */
class Stress {
public:
	Stress(unsigned producers, uint8_t publication, uint64_t flags, uint8_t order,
	       uint64_t seed)
		: producers_(producers),
		  seed_(seed),
		  layout_(make_layout(16, sizeof(Entry), publication, flags, order)),
		  memory_(aligned_alloc(4096, layout_.size)),
		  device_((memset(memory_.get(), 0, layout_.size), memory_.get()), layout_),
		  user_(*UserRing::attach(
			  {.memory = memory_.get(), .size = layout_.size, .layout = layout_},
			  {.doorbell = ring_doorbell, .context = this}))
	{}

	void run()
	{
		std::thread device([this] { work(); });
		std::vector<std::thread> threads;

		for (unsigned p = 0; p < producers_; p++)
			threads.emplace_back([this, p] { produce(p); });
		collect();
		for (auto &thread : threads)
			thread.join();
		device.join();
		EXPECT_LE(doorbells_, sleeps_)
			<< "one doorbell for each time the device went to sleep, at most";
		EXPECT_EQ(taken_, kEntries);
	}

private:
	static void ring_doorbell(void *context)
	{
		auto *self = static_cast<Stress *>(context);

		self->doorbells_++;
		__atomic_store_n(&self->doorbell_, 1, __ATOMIC_RELEASE);
		sys::futex_wake(&self->doorbell_, 1);
	}

	void produce(unsigned p)
	{
		std::minstd_rand random(static_cast<unsigned>(seed_ + p));
		accel_ring *ring = user_.get();
		uint64_t at;

		for (uint64_t left = kEntries / producers_; left;) {
			uint32_t n =
				static_cast<uint32_t>(std::min<uint64_t>(random() % 4 + 1, left));

			if (!accel_ring_reserve(ring, n, &at)) {
				std::this_thread::yield();
				continue;
			}
			for (uint32_t i = 0; i < n; i++, left--) {
				auto *entry = static_cast<Entry *>(accel_ring_entry(ring, at + i));

				entry->producer = p;
				entry->number = static_cast<uint32_t>(left);
				entry->check = (at + i) * 2654435761u;
			}
			accel_ring_publish(ring, at, n);
			if (random() % 64 == 0)
				std::this_thread::yield();
		}
	}

	void work()
	{
		uint64_t next = 0;

		while (next < kEntries) {
			uint32_t n = device_.look(next, 5);

			for (uint32_t i = 0; i < n; i++, next++) {
				const auto *entry = static_cast<const Entry *>(device_.entry(next));
				accel_ring_record record{};
				bool good = entry->check == next * 2654435761u;

				record.result = uint64_t{entry->producer} << 32 | entry->number;
				device_.complete(next,
						 good ? ACCEL_RING_STATUS_SUCCESS :
							ACCEL_RING_STATUS_DATA_ERROR,
						 &record);
			}
			if (n) {
				device_.retire(next, next);
				if (device_.take_waiter() & ACCEL_RING_WAITER_SLEEPING)
					sys::futex_wake(device_.waiter_word(), 1);
			} else if (sleeps_++; device_.sleep(next)) {
				while (!__atomic_load_n(&doorbell_, __ATOMIC_ACQUIRE))
					sys::futex_wait(&doorbell_, 0, UINT64_MAX);
				__atomic_store_n(&doorbell_, 0, __ATOMIC_RELAXED);
			}
		}
	}

	void collect()
	{
		std::vector<uint32_t> last(producers_, UINT32_MAX);
		accel_completion done[16];

		user_.get()->spin = 1; /* sleep as often as possible */
		while (taken_ < kEntries) {
			ASSERT_EQ(wait(user_.get(), sys::now_ns() + kDeadline), 0)
				<< "a wake-up got lost at " << taken_;
			uint32_t n = accel_ring_poll(user_.get(), done, 16);
			for (uint32_t i = 0; i < n; i++, taken_++) {
				auto producer = static_cast<uint32_t>(done[i].result >> 32);
				auto number = static_cast<uint32_t>(done[i].result);

				ASSERT_EQ(done[i].sequence, taken_);
				ASSERT_EQ(done[i].status, ACCEL_RING_STATUS_SUCCESS);
				ASSERT_LT(number, last[producer])
					<< "the entries of a producer are out of order";
				last[producer] = number;
			}
		}
	}

	unsigned producers_;
	uint64_t seed_;
	accel_ring_layout layout_;
	std::unique_ptr<void, Free> memory_;
	DeviceRing device_;
	UserRing user_;
	uint32_t doorbell_ = 0;
	std::atomic<uint64_t> doorbells_ = 0;
	std::atomic<uint64_t> sleeps_ = 0;
	uint64_t taken_ = 0;
};

constexpr uint8_t kSleeper = ACCEL_RING_WAKE_ORDER_SLEEPER;
constexpr uint8_t kBoth = ACCEL_RING_WAKE_ORDER_BOTH;

constexpr uint8_t kIndex = ACCEL_RING_PUBLICATION_INDEX, kTag = ACCEL_RING_PUBLICATION_TAG;

TEST(RingStress, OneProducer)
{
	Stress(1, kTag, 0, kSleeper, seed()).run();
}

TEST(RingStress, OneProducerWithoutTheBarrier)
{
	Stress(1, kTag, 0, kBoth, seed()).run();
}

TEST(RingStress, OneProducerIndex)
{
	Stress(1, kIndex, 0, kSleeper, seed()).run();
}

TEST(RingStress, OneProducerIndexStatusPhase)
{
	Stress(1, kIndex, ACCEL_QUEUE_FLAGS_STATUS_PHASE, kBoth, seed()).run();
}

TEST(RingStress, ThreeProducers)
{
	Stress(3, kTag, ACCEL_QUEUE_FLAGS_MULTI_PRODUCER, kSleeper, seed()).run();
}

TEST(RingStress, ThreeProducersWithoutTheBarrierStatusPhase)
{
	Stress(3, kTag, ACCEL_QUEUE_FLAGS_MULTI_PRODUCER | ACCEL_QUEUE_FLAGS_STATUS_PHASE, kBoth,
	       seed())
		.run();
}

/* end() against a client that publishes, polls, and publishes again in the slots that end() reads. Client and server
 * are one thread, so that two processors are enough to reuse a slot within one call of end(). */
TEST(RingStress, TheEndIsAfterAllThatWasPublished)
{
	constexpr uint32_t kSlots = 2;
	constexpr uint64_t kNs = 500'000'000;
	const accel_ring_layout layout = make_layout(kSlots, sizeof(Entry), kTag, 0, kSleeper);
	std::unique_ptr<void, Free> memory(aligned_alloc(4096, layout.size));
	memset(memory.get(), 0, layout.size);
	DeviceRing device(memory.get(), layout);
	UserRing user(*UserRing::attach(
		{.memory = memory.get(), .size = layout.size, .layout = layout}, {}));
	std::atomic<uint64_t> published{0};
	std::atomic<bool> over{false};

	std::thread both([&] {
		accel_completion done[kSlots];
		uint64_t at = 0, next = 0;

		while (!over) {
			while (accel_ring_reserve(user.get(), 1, &at)) {
				accel_ring_publish(user.get(), at, 1);
				published.store(at + 1, std::memory_order_release);
			}
			for (uint32_t n = device.look(next, kSlots); n; n--) {
				device.complete(next++, ACCEL_RING_STATUS_SUCCESS, nullptr);
				device.retire(next, 0);
			}
			accel_ring_poll(user.get(), done, kSlots);
		}
	});
	for (const uint64_t until = sys::now_ns() + kNs;
	     sys::now_ns() < until && !testing::Test::HasFailure();) {
		const uint64_t least = published.load(std::memory_order_acquire);
		const uint64_t end = device.end(0);

		EXPECT_GE(end, least);
		EXPECT_LE(end, published.load(std::memory_order_acquire) + 1);
	}
	over = true;
	both.join();
}

} // namespace
