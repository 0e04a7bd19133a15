// SPDX-License-Identifier: MIT
// For tests of ProcessQueue: a kernel that takes all, some or none of the entries, refuses one of them, or is gone.
#pragma once

#include "core/process_queue.hpp"
#include "ring/user_ring.hpp"

#include <atomic>
#include <functional>
#include <gtest/gtest.h>
#include <mutex>
#include <optional>
#include <set>
#include <vector>

namespace accel::core {

inline constexpr uint32_t kEntries = 64;

/* Each entry is a number; the kernel refuses those in `bad`. */
class SimulatedKernel final : public ProcessQueue {
public:
	explicit SimulatedKernel(uint32_t most = UINT32_MAX, bool several = false,
				 std::optional<ring::TailRegister> tail = {})
		: ProcessQueue(std::move(*ring::ProcessRing::create({.entries = kEntries,
								     .entry_size = 8,
								     .multi_producer = several,
								     .tail = tail})),
			       most),
		  user_(*ring::UserRing::attach(ring(), hooks()))
	{}
	~SimulatedKernel() override { shut(); }

	uint64_t handle() const override { return 7; }
	Result<void> destroy() override { return {}; }

	accel_ring *user() { return user_.get(); }
	void publish(const std::vector<uint64_t> &numbers)
	{
		uint64_t at = 0;

		ASSERT_TRUE(accel_ring_reserve(user(), static_cast<uint32_t>(numbers.size()), &at));
		for (size_t i = 0; i < numbers.size(); i++)
			*static_cast<uint64_t *>(accel_ring_entry(user(), at + i)) = numbers[i];
		accel_ring_publish(user(), at, static_cast<uint32_t>(numbers.size()));
	}
	/*
	 * A device with a register takes the entries itself. The lock excludes that a consumer in reap() completes them
	 * before this thread has published them, and that it finds none after the publication has woken it.
	 */
	void publish_to_register(uint64_t sequence, const std::vector<uint64_t> &numbers)
	{
		std::lock_guard lock(mutex_);

		publish(numbers);
		for (uint32_t i = 0; i < numbers.size(); i++)
			in_work_.push_back(sequence + i);
	}
	std::vector<accel_completion> poll()
	{
		std::vector<accel_completion> done(kEntries);

		done.resize(accel_ring_poll(user(), done.data(), kEntries));
		return done;
	}

	/* A poll returns the completions in the ring, and collects more only if there are none. */
	std::vector<accel_completion> poll_all()
	{
		std::vector<accel_completion> all;

		for (;;) {
			auto some = poll();

			if (some.empty())
				return all;
			all.insert(all.end(), some.begin(), some.end());
		}
	}

	std::set<uint64_t> bad;
	int refusal = -EINVAL;
	uint32_t room = UINT32_MAX;    // entries that it takes at once, all or nothing
	uint32_t accepts = UINT32_MAX; // entries that it takes of a run
	bool removed = false;
	std::atomic<bool> there = true; // result of is_there(); `removed` is for the calls
	bool finished = false;		// entries in work can be read after the removal
	unsigned signals = 0;		// submissions that a signal ends
	/* Called once, by the submission that finds no room; afterwards there is room. */
	std::function<void()> when_full;
	std::vector<uint32_t> calls; // entries of each
	std::vector<uint64_t> taken;

protected:
	int submit(const Run &run) noexcept override
	{
		auto *numbers = static_cast<const uint64_t *>(run.entries);
		const uint32_t count = std::min(run.count, accepts);
		std::unique_lock lock(mutex_);

		calls.push_back(run.count);
		if (signals) {
			signals--;
			return -EINTR;
		}
		if (removed)
			return -ENODEV;
		for (uint32_t i = 0; i < count; i++)
			if (bad.contains(numbers[i]))
				return refusal;
		if (count > room - queued_) {
			if (when_full) {
				lock.unlock();
				when_full();
				lock.lock();
				when_full = nullptr;
				room = UINT32_MAX;
			}
			return -EAGAIN;
		}
		for (uint32_t i = 0; i < count; i++) {
			taken.push_back(numbers[i]);
			in_work_.push_back(run.sequence + i);
		}
		queued_ += room == UINT32_MAX ? 0 : count;
		return static_cast<int>(count);
	}

	int reap(uint64_t) noexcept override
	{
		const int done = removed ? -ENODEV : finish();

		if (done > 0)
			retire();
		return done ? done : -EAGAIN;
	}
	bool is_there() noexcept override { return there; }
	void reap_rest() noexcept override
	{
		if (finished)
			(void)finish();
	}

private:
	/* The newest first, because a device may complete in any order. */
	int finish()
	{
		std::lock_guard lock(mutex_);
		const auto done = static_cast<int>(in_work_.size());

		while (!in_work_.empty()) {
			EXPECT_TRUE(complete(in_work_.back(), ACCEL_RING_STATUS_SUCCESS));
			in_work_.pop_back();
		}
		queued_ = 0;
		return done;
	}

	std::mutex mutex_;
	std::vector<uint64_t> in_work_;
	uint32_t queued_ = 0;
	ring::UserRing user_;
};

} // namespace accel::core
