// SPDX-License-Identifier: MIT
// For tests: a kernel that finishes jobs in any order.
#pragma once

#include "sys/sys.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <random>
#include <thread>
#include <utility>
#include <vector>

namespace accel::core::ring::test {

struct Job {
	uint64_t sequence;
	uint32_t producer;
	uint32_t number;
	uint64_t pad[3];
};
static_assert(sizeof(Job) == 40);

/* Takes arrays of jobs, and finishes them in any order on a thread of its own. */
class UnorderedKernel {
public:
	explicit UnorderedKernel(uint64_t seed)
		: random_(static_cast<unsigned>(seed)), thread_([this] { run(); })
	{}
	~UnorderedKernel()
	{
		{
			std::lock_guard lock(mutex_);
			over_ = true;
		}
		changed_.notify_all();
		thread_.join();
	}

	void submit(const Job *jobs, uint32_t count)
	{
		{
			std::lock_guard lock(mutex_);
			taken_.insert(taken_.end(), jobs, jobs + count);
		}
		changed_.notify_all();
	}
	/* Returns what finished since the last call; waits until the deadline if that is nothing. */
	std::vector<Job> finished(uint64_t deadline_ns)
	{
		std::unique_lock lock(mutex_);
		const uint64_t now = sys::now_ns();

		if (deadline_ns > now)
			changed_.wait_for(lock, std::chrono::nanoseconds(deadline_ns - now),
					  [this] { return !finished_.empty(); });
		return std::exchange(finished_, {});
	}

private:
	void run()
	{
		std::unique_lock lock(mutex_);

		while (!over_) {
			if (taken_.empty()) {
				changed_.wait(lock);
				continue;
			}
			std::swap(taken_[random_() % taken_.size()], taken_.back());
			finished_.push_back(taken_.back());
			taken_.pop_back();
			if (random_() % 4)
				continue;
			lock.unlock();
			changed_.notify_all();
			std::this_thread::yield();
			lock.lock();
		}
	}

	std::minstd_rand random_;
	std::mutex mutex_;
	std::condition_variable changed_;
	std::vector<Job> taken_, finished_;
	bool over_ = false;
	std::thread thread_;
};

} // namespace accel::core::ring::test
