// SPDX-License-Identifier: MIT
// Rings of the process: runs for a uABI, completion in any order, refusals, waiting, removal, failures.
#include "ring/process_ring.hpp"
#include "sys/sys.hpp"

#include <chrono>
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <thread>
#include <vector>

namespace {

using namespace accel::core;
using namespace accel::core::ring;
using testing::HasSubstr;

constexpr uint8_t kGood = ACCEL_RING_STATUS_SUCCESS;
constexpr uint64_t kMs = 1000000;

/* A job as rocket and ethosu have it: 40 bytes. */
struct Job {
	uint64_t value;
	uint64_t pad[4];
};
static_assert(sizeof(Job) == 40);

uint64_t value_of(const ProcessRing::Run &run, uint32_t i)
{
	return static_cast<const Job *>(run.entries)[i].value;
}

/* A queue of a uABI without a kernel: what is pending goes in flight by submit_all(), and ends when the test says so.
 * @progress is what the hook does. */
struct Queue {
	explicit Queue(const ProcessRingOptions &options)
		: ring(std::move(*ProcessRing::create(options))),
		  user(std::move(*UserRing::attach(ring.memory(), {.submit = take,
								   .submit_context = this,
								   .progress = ask,
								   .context = this})))
	{}

	static bool take(void *context, uint64_t sequence, uint32_t count)
	{
		auto *self = static_cast<Queue *>(context);

		self->ring.publish(sequence, count);
		if (self->submits)
			self->submit_all();
		return true;
	}
	static int ask(void *context, uint64_t deadline_ns)
	{
		auto *self = static_cast<Queue *>(context);

		self->asked++;
		return self->progress(deadline_ns);
	}

	bool post(uint64_t value, uint32_t count = 1)
	{
		uint64_t at;

		if (!accel_ring_reserve(user.get(), count, &at))
			return false;
		for (uint32_t i = 0; i < count; i++)
			static_cast<Job *>(accel_ring_entry(user.get(), at + i))->value = value + i;
		accel_ring_publish(user.get(), at, count);
		return true;
	}
	ProcessRing::Run submit_all()
	{
		auto run = ring.pending();

		ring.submitted(run.count);
		return run;
	}
	std::vector<accel_completion> poll(uint32_t most = 64)
	{
		std::vector<accel_completion> done(most);

		done.resize(accel_ring_poll(user.get(), done.data(), most));
		return done;
	}

	ProcessRing ring;
	UserRing user;
	bool submits = true;
	std::atomic<unsigned> asked{0};
	std::function<int(uint64_t)> progress = [this](uint64_t) {
		return ring.in_flight() ? 0 : -EAGAIN;
	};
};

TEST(ProcessRing, CompletionsOfAnyOrderAreRetiredInRingOrder)
{
	Queue queue({.entries = 8, .entry_size = 64});

	ASSERT_TRUE(queue.post(0, 4));
	EXPECT_EQ(queue.ring.in_flight(), 4u);
	EXPECT_TRUE(queue.ring.complete(2, kGood));
	EXPECT_TRUE(queue.ring.complete(1, kGood));
	EXPECT_EQ(queue.ring.retire().count, 0u) << "entry 0 is still in flight";
	EXPECT_EQ(queue.poll().size(), 0u);
	EXPECT_TRUE(queue.ring.has_ended(1));
	EXPECT_FALSE(queue.ring.has_ended(0));

	accel_ring_record record{};
	record.detail = 77;
	EXPECT_TRUE(queue.ring.complete(0, ACCEL_RING_STATUS_DEVICE_ERROR, &record));
	EXPECT_EQ(queue.poll().size(), 0u) << "nothing is told before it is retired";
	EXPECT_EQ(queue.ring.retire().count, 3u);
	auto done = queue.poll();
	ASSERT_EQ(done.size(), 3u);
	EXPECT_EQ(done[0].status, ACCEL_RING_STATUS_DEVICE_ERROR);
	EXPECT_EQ(done[0].detail, 77u);
	EXPECT_EQ(done[1].status, kGood);
	EXPECT_EQ(done[2].sequence, 2u);
	EXPECT_EQ(queue.ring.in_flight(), 1u);
	EXPECT_EQ(queue.ring.oldest(), 3u);
	EXPECT_EQ(queue.ring.end(), 4u);
}

TEST(ProcessRing, NonsenseOfADeviceIsRefused)
{
	Queue queue({.entries = 4, .entry_size = 64});

	queue.submits = false;
	EXPECT_FALSE(queue.ring.complete(0, kGood)) << "nothing was posted";
	ASSERT_TRUE(queue.post(0, 2));
	EXPECT_FALSE(queue.ring.complete(0, kGood)) << "nobody handed it out";
	ASSERT_EQ(queue.ring.pending().count, 2u);
	EXPECT_TRUE(queue.ring.complete(0, kGood)) << "it ended within the submitting call";
	EXPECT_EQ(queue.ring.in_flight(), 0u);
	queue.ring.submitted(2);
	EXPECT_FALSE(queue.ring.complete(0, kGood)) << "it ended before";
	EXPECT_FALSE(queue.ring.complete(2, kGood)) << "behind the last one";
	EXPECT_FALSE(queue.ring.complete(UINT64_MAX, kGood));
	EXPECT_EQ(queue.ring.retire().count, 1u);
	EXPECT_FALSE(queue.ring.complete(0, kGood)) << "it is retired";
	EXPECT_EQ(queue.ring.in_flight(), 1u);
}

TEST(ProcessRing, ARunOf40ByteEntriesNeverSplits)
{
	/* 512 slots are whole pages, and 32 of them may be in use. */
	Queue queue({.entries = 32, .entry_size = sizeof(Job)});
	uint64_t value = 0;

	EXPECT_EQ(queue.ring.slots() * sizeof(Job) % 4096, 0u);
	queue.submits = false;
	for (int round = 0; round < 100; round++) {
		ASSERT_TRUE(queue.post(value, 31));
		auto run = queue.ring.pending();
		ASSERT_EQ(run.count, 31u) << "in round " << round;
		ASSERT_EQ(run.sequence, value);
		for (uint32_t i = 0; i < run.count; i++)
			ASSERT_EQ(value_of(run, i), value + i) << "as one array";
		queue.ring.submitted(run.count);
		for (uint32_t i = 0; i < run.count; i++)
			queue.ring.complete(run.sequence + i, kGood);
		queue.ring.retire();
		ASSERT_EQ(queue.poll().size(), 31u);
		value += 31;
	}
	EXPECT_GT(value, queue.ring.slots() * 6) << "or the end of the memory was never met";
}

TEST(ProcessRing, OnlyWhatWasAskedForMayBeOutstanding)
{
	for (const uint32_t entries : {1u, 3u, 32u, 1000u}) {
		Queue queue({.entries = entries, .entry_size = 8});

		EXPECT_GE(queue.ring.slots(), entries);
		EXPECT_TRUE(queue.post(0, entries)) << entries;
		EXPECT_FALSE(queue.post(0)) << entries;
		EXPECT_TRUE(queue.ring.complete(0, kGood));
		queue.ring.retire();
		EXPECT_EQ(queue.poll().size(), 1u);
		EXPECT_TRUE(queue.post(0)) << entries;
		EXPECT_FALSE(queue.post(0)) << entries;
	}
}

TEST(ProcessRing, InGivenMemoryARunEndsWithTheMemory)
{
	alignas(64) static Job memory[8];
	Queue queue({.entries = 7, .entry_size = sizeof(Job), .memory = memory, .slots = 8});

	queue.submits = false;
	ASSERT_TRUE(queue.post(0, 6));
	EXPECT_EQ(memory[5].value, 5u) << "the entries lie in the memory that was given";
	ASSERT_EQ(queue.submit_all().count, 6u);
	for (uint64_t i = 0; i < 6; i++)
		queue.ring.complete(i, kGood);
	queue.ring.retire();
	ASSERT_EQ(queue.poll().size(), 6u);

	ASSERT_TRUE(queue.post(6, 7));
	auto run = queue.submit_all();
	EXPECT_EQ(run.sequence, 6u);
	EXPECT_EQ(run.count, 2u);
	EXPECT_EQ(run.entries, &memory[6]);
	run = queue.submit_all();
	EXPECT_EQ(run.count, 5u);
	EXPECT_EQ(run.entries, &memory[0]);
	EXPECT_EQ(queue.submit_all().count, 0u);
}

TEST(ProcessRing, APartOfARunMayBeSubmitted)
{
	Queue queue({.entries = 32, .entry_size = sizeof(Job)});

	queue.submits = false;
	ASSERT_TRUE(queue.post(0, 32));
	EXPECT_EQ(queue.ring.pending(5).count, 5u);
	EXPECT_EQ(queue.ring.pending().count, 32u);
	queue.ring.submitted(7);
	auto rest = queue.ring.pending();
	EXPECT_EQ(rest.sequence, 7u);
	EXPECT_EQ(rest.count, 25u);
	EXPECT_EQ(value_of(rest, 0), 7u);
	EXPECT_EQ(queue.ring.in_flight(), 7u);

	/* The kernel refuses entry 7; the others around it end well. */
	queue.ring.refuse(ENOENT);
	rest = queue.submit_all();
	EXPECT_EQ(rest.sequence, 8u);
	for (uint64_t i = 0; i < 32; i++)
		EXPECT_EQ(queue.ring.complete(i, kGood), i != 7) << i;
	queue.ring.refuse(EINVAL);
	EXPECT_EQ(queue.ring.end(), 32u) << "nothing is pending, so nothing is refused";
	EXPECT_EQ(queue.ring.retire().count, 32u);
	auto done = queue.poll();
	ASSERT_EQ(done.size(), 32u);
	for (const accel_completion &c : done) {
		const bool refused = c.sequence == 7;

		EXPECT_EQ(c.status, refused ? uint8_t{ACCEL_RING_STATUS_SUBMIT_ERROR} : kGood);
		EXPECT_EQ(c.detail, refused ? unsigned{ENOENT} : 0u);
	}
}

TEST(ProcessRing, WhatIsRefusedIsNeverInFlight)
{
	Queue queue({.entries = 4, .entry_size = 64});

	queue.submits = false;
	EXPECT_EQ(queue.ring.refuse(EINVAL).count, 0u) << "nothing is pending";
	ASSERT_TRUE(queue.post(0, 2));
	ASSERT_EQ(queue.ring.pending().count, 2u);
	ASSERT_EQ(arm(queue.user.get()), 0);
	const auto retired = queue.ring.refuse(EINVAL);
	EXPECT_EQ(retired.count, 1u);
	EXPECT_TRUE(retired.signal_event);
	EXPECT_EQ(queue.ring.in_flight(), 0u);
	EXPECT_EQ(queue.poll().size(), 1u);
}

TEST(ProcessRing, SeveralProducersPublishByTagBesideTheEntries)
{
	Queue queue({.entries = 64, .entry_size = sizeof(Job), .multi_producer = true});
	accel_ring *ring = queue.user.get();
	uint64_t first, second;

	EXPECT_EQ(ring->entry_bytes, sizeof(Job)) << "the whole entry is the program's";
	queue.submits = false;
	for (uint64_t lap = 0; lap < 3 * queue.ring.slots(); lap += 2) {
		ASSERT_TRUE(accel_ring_reserve(ring, 1, &first));
		ASSERT_TRUE(accel_ring_reserve(ring, 1, &second));
		memset(accel_ring_entry(ring, first), 0xff, sizeof(Job));
		memset(accel_ring_entry(ring, second), 0xff, sizeof(Job));
		accel_ring_publish(ring, second, 1);
		ASSERT_EQ(queue.ring.pending().count, 0u) << "the older one is not ready";
		accel_ring_publish(ring, first, 1);
		ASSERT_EQ(queue.submit_all().count, 2u);
		queue.ring.complete(second, kGood);
		queue.ring.complete(first, kGood);
		queue.ring.retire();
		ASSERT_EQ(queue.poll().size(), 2u);
	}
}

TEST(ProcessRing, ARegisterIsWrittenWithTheTail)
{
	alignas(8) static Job memory[16];
	uint64_t reg = 0;
	/* As hisi_qm's: queue | command << 12 | index << 32 | priority << 48. */
	const uint64_t constant = 5 | uint64_t{1} << 12 | uint64_t{3} << 48;
	Queue queue({.entries = 15,
		     .entry_size = sizeof(Job),
		     .memory = memory,
		     .slots = 16,
		     .tail = TailRegister{&reg, 8, 32, 15, constant}});

	queue.user.get()->submit = nullptr; /* the producer does it by itself */
	ASSERT_TRUE(queue.post(0, 15));
	EXPECT_EQ(reg, constant | uint64_t{15} << 32);
	EXPECT_EQ(queue.ring.in_flight(), 15u);
	EXPECT_EQ(queue.ring.pending().count, 0u) << "there is no kernel to hand it to";
	for (uint64_t i = 15; i-- > 0;)
		EXPECT_TRUE(queue.ring.complete(i, kGood));
	EXPECT_FALSE(queue.ring.complete(15, kGood));
	EXPECT_EQ(queue.ring.retire().count, 15u);
	ASSERT_EQ(queue.poll().size(), 15u);
	ASSERT_TRUE(queue.post(15, 3));
	EXPECT_EQ(reg, constant | uint64_t{2} << 32) << "18 modulo 16";

	uint32_t half[2] = {0, 0xabcd};
	Queue narrow({.entries = 8, .entry_size = 64, .tail = TailRegister{half, 4, 0, 0xffff, 0}});
	narrow.user.get()->submit = nullptr;
	ASSERT_TRUE(narrow.post(0, 3));
	EXPECT_EQ(half[0], 3u);
	EXPECT_EQ(half[1], 0xabcdu) << "4 bytes and no more";
}

TEST(ProcessRing, AnEmptyPollAsksOnceAndLooksAgain)
{
	Queue queue({.entries = 4, .entry_size = 64});

	queue.progress = [&](uint64_t deadline_ns) {
		EXPECT_EQ(deadline_ns, 0u) << "a poll does not wait";
		queue.ring.complete(queue.ring.oldest(), kGood);
		return static_cast<int>(queue.ring.retire().count);
	};
	ASSERT_TRUE(queue.post(0, 2));
	EXPECT_EQ(queue.asked, 0u) << "posting asks nothing";
	EXPECT_EQ(queue.poll().size(), 1u);
	EXPECT_EQ(queue.asked, 1u);
	queue.ring.complete(1, kGood);
	queue.ring.retire();
	EXPECT_EQ(queue.poll().size(), 1u);
	EXPECT_EQ(queue.asked, 1u) << "what is there needs no asking";
	EXPECT_EQ(queue.poll(0).size(), 0u);
	EXPECT_EQ(queue.asked, 1u) << "no room for an answer";
}

TEST(ProcessRing, AWaitAsksInPiecesUntilItsDeadline)
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
	EXPECT_LE(longest, 100 * kMs) << "a piece at a time";
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

/* A hook that says for ever that it has added something, and has not. */
TEST(ProcessRing, AWaitKeepsItsDeadlineWhateverTheHookSays)
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

/* The time that a wait needs to return after @act, which runs while it sleeps because nothing is in flight. */
uint64_t wakes_after(Queue &queue, int expected, const std::function<void()> &act)
{
	std::atomic<uint64_t> back{0};
	std::thread waiter([&] {
		EXPECT_EQ(wait(queue.user.get(), UINT64_MAX), expected);
		back = sys::now_ns();
	});

	/* It sleeps once the bit is set; it sets it again after each piece. */
	while (!(__atomic_load_n(&queue.user.get()->control->waiter, __ATOMIC_ACQUIRE) &
		 ACCEL_RING_WAITER_SLEEPING))
		std::this_thread::yield();
	std::this_thread::sleep_for(std::chrono::milliseconds(5));
	const uint64_t begin = sys::now_ns();
	act();
	waiter.join();
	return back - begin;
}

/* Pieces are 100 ms long, so that an end within this one is no accident. */
constexpr uint64_t kAtOnce = 80 * kMs;

/* Five tries: the machine may be busy, but a wake-up that is missing costs most of a piece every time. */
template <class Try>
uint64_t best_of(Try one)
{
	uint64_t best = UINT64_MAX;

	for (int i = 0; i < 5 && best >= kAtOnce; i++)
		best = std::min(best, one());
	return best;
}

TEST(ProcessRing, SubmittingWakesAWaitThatSleepsBecauseNothingIsInFlight)
{
	const uint64_t best = best_of([] {
		Queue queue({.entries = 4, .entry_size = 64});

		/* Whoever sees that something is in flight completes it. */
		queue.progress = [&](uint64_t) {
			if (!queue.ring.in_flight())
				return -EAGAIN;
			queue.ring.complete(0, kGood);
			return static_cast<int>(queue.ring.retire().count);
		};
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
		queue.progress = [&](uint64_t) {
			if (!queue.ring.in_flight())
				return -EAGAIN;
			queue.ring.complete(0, kGood);
			return static_cast<int>(queue.ring.retire().count);
		};
		return wakes_after(queue, 0, [&] { queue.post(1); });
	});
	EXPECT_LT(best, kAtOnce);
}

TEST(ProcessRing, RetiringWakes)
{
	const uint64_t best = best_of([] {
		Queue queue({.entries = 4, .entry_size = 64});

		/* It says that nothing can be waited for; another thread completes. */
		queue.progress = [](uint64_t) { return -EAGAIN; };
		queue.post(1);
		return wakes_after(queue, 0, [&] {
			queue.ring.complete(0, kGood);
			queue.ring.retire();
		});
	});
	EXPECT_LT(best, kAtOnce);
}

TEST(ProcessRing, GoneEndsAWaitWithoutADeadlineAtOnce)
{
	const uint64_t best = best_of([] {
		Queue queue({.entries = 4, .entry_size = 64});

		return wakes_after(queue, -ENODEV, [&] { EXPECT_FALSE(queue.ring.set_gone()); });
	});
	EXPECT_LT(best, kAtOnce);
}

TEST(ProcessRing, GoneEndsAWaitOfADeviceThatCompletesByItself)
{
	const uint64_t best = best_of([] {
		Queue queue({.entries = 4, .entry_size = 64});

		queue.user.get()->progress = nullptr;
		return wakes_after(queue, -ENODEV, [&] { queue.ring.set_gone(); });
	});
	EXPECT_LT(best, kAtOnce);
}

TEST(ProcessRing, WhatEndedBeforeTheDeviceWentIsStillReturned)
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
	EXPECT_TRUE(queue.ring.set_gone()) << "the event is to be signalled";
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

TEST(ProcessRing, TheEventIsToldOnceAndNotByNewWork)
{
	Queue queue({.entries = 4, .entry_size = 64});

	EXPECT_EQ(arm(queue.user.get()), 0);
	ASSERT_TRUE(queue.post(0, 2));
	queue.ring.complete(0, kGood);
	auto retired = queue.ring.retire();
	EXPECT_EQ(retired.count, 1u);
	EXPECT_TRUE(retired.signal_event) << "submitting left the bit alone";
	queue.ring.complete(1, kGood);
	EXPECT_FALSE(queue.ring.retire().signal_event) << "nobody asked again";
}

ProcessRing *completed_meanwhile;

/* What another thread may do between the last look of a thread that retires and the end of its work: the wake of the
 * waiter lies there, so it stands in for that thread. */
TEST(ProcessRing, WhatEndsWhileAnotherThreadRetiresIsNotLeft)
{
	Queue queue({.entries = 4, .entry_size = 64});
	sys::Calls fake = sys::kRealCalls;

	ASSERT_TRUE(queue.post(0, 2));
	queue.user.get()->control->waiter = ACCEL_RING_WAITER_SLEEPING;
	completed_meanwhile = &queue.ring;
	fake.futex_wake = [](uint32_t *, int) {
		completed_meanwhile->complete(1, kGood);
		EXPECT_EQ(completed_meanwhile->retire().count, 0u) << "the other one does it";
		return 1;
	};
	sys::calls = &fake;
	queue.ring.complete(0, kGood);
	EXPECT_EQ(queue.ring.retire().count, 2u);
	sys::calls = &sys::kRealCalls;
	EXPECT_EQ(queue.poll().size(), 2u);
}

TEST(ProcessRing, BadOptionsAreRefused)
{
	alignas(8) static unsigned char memory[4096];
	static uint64_t reg;
	struct Bad {
		ProcessRingOptions options;
		const char *text;
	};
	const Bad cases[] = {
		{{.entries = 0, .entry_size = 64},
		 "number of entries of a ring is 0, allowed: 1 to"},
		{{.entries = 2000000, .entry_size = 64}, "number of entries"},
		{{.entries = 4, .entry_size = 0}, "entry size of a ring is 0"},
		{{.entries = 4, .entry_size = 44}, "multiple of 8"},
		{{.entries = 4, .entry_size = 1u << 20}, "entry size"},
		{{.entries = 4, .entry_size = 64, .slots = 8}, "where no memory is given"},
		{{.entries = 4, .entry_size = 64, .memory = memory + 4}, "address of the entries"},
		{{.entries = 3, .entry_size = 64, .memory = memory}, "power of two"},
		{{.entries = 8, .entry_size = 64, .memory = memory, .slots = 4},
		 "holds the entries"},
		{{.entries = 4,
		  .entry_size = 64,
		  .multi_producer = true,
		  .tail = TailRegister{&reg, 8, 0, 3, 0}},
		 "one producer only"},
		{{.entries = 4, .entry_size = 64, .tail = TailRegister{&reg, 2, 0, 3, 0}},
		 "neither 4 nor 8"},
		{{.entries = 4, .entry_size = 64, .tail = TailRegister{&reg, 8, 64, 3, 0}},
		 "no bit"},
		{{.entries = 4, .entry_size = 64, .tail = TailRegister{nullptr, 8, 0, 3, 0}},
		 "not mapped"},
		{{.entries = 4, .entry_size = 64, .tail = TailRegister{memory + 4, 8, 0, 3, 0}},
		 "misaligned"},
	};

	for (const Bad &bad : cases) {
		auto ring = ProcessRing::create(bad.options);

		ASSERT_FALSE(ring) << bad.text;
		EXPECT_EQ(ring.error().code, -EINVAL);
		EXPECT_THAT(ring.error().text, HasSubstr(bad.text));
	}
}

/* Calls of the kernel until one fails, and what is mapped and open. */
int calls_left;
int64_t bytes_mapped;
int files_open;

bool fails()
{
	return calls_left-- == 0;
}

sys::Calls counting_calls()
{
	sys::Calls fake = sys::kRealCalls;

	fake.mmap = [](void *address, size_t length, int protection, int flags, int fd,
		       off_t offset) -> long {
		if (fails())
			return -ENOMEM;
		if (!(flags & MAP_FIXED))
			bytes_mapped += static_cast<int64_t>(length);
		return sys::kRealCalls.mmap(address, length, protection, flags, fd, offset);
	};
	fake.munmap = [](void *address, size_t length) {
		bytes_mapped -= static_cast<int64_t>(length);
		return sys::kRealCalls.munmap(address, length);
	};
	fake.memfd_create = [](const char *name, unsigned flags) {
		if (fails())
			return -EMFILE;
		files_open++;
		return sys::kRealCalls.memfd_create(name, flags);
	};
	fake.close = [](int fd) {
		files_open--;
		return sys::kRealCalls.close(fd);
	};
	fake.ftruncate = [](int fd, off_t length) {
		return fails() ? -ENOSPC : sys::kRealCalls.ftruncate(fd, length);
	};
	return fake;
}

TEST(ProcessRing, WhicheverCallFailsNothingIsLeft)
{
	const sys::Calls fake = counting_calls();
	int failures = 0;

	(void)sys::has_barrier_all_threads();
	sys::calls = &fake;
	for (int n = 0;; n++) {
		calls_left = n;
		bytes_mapped = files_open = 0;
		{
			auto ring = ProcessRing::create({.entries = 32, .entry_size = 40});

			EXPECT_EQ(files_open, 0) << n;
			if (ring) {
				ProcessRing moved(std::move(*ring));
				EXPECT_GT(bytes_mapped, 0);
				*ring = std::move(moved);
			} else {
				failures++;
				EXPECT_LT(ring.error().code, 0);
				EXPECT_THAT(ring.error().text, HasSubstr("ring"));
				EXPECT_EQ(bytes_mapped, 0) << n;
			}
		}
		EXPECT_EQ(bytes_mapped, 0) << n;
		if (calls_left > 0)
			break;
	}
	sys::calls = &sys::kRealCalls;
	EXPECT_EQ(failures, 6) << "two mappings, a file, its size, and the file twice";
}

} // namespace
