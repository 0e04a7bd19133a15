// SPDX-License-Identifier: MIT
// A queue whose ring is the process's own memory: what queues behind ioctls, portals and queue pairs have in common.
#pragma once

#include "core/backend.hpp"
#include "ring/process_ring.hpp"

#include <atomic>
#include <mutex>

namespace accel::core {

/// Publishing hands every published entry to the kernel, in as few calls as it takes. A poll that finds nothing, and a
/// wait, look for finished entries.
///
/// Threads: any producer is in kick(), one at a time by submit_mutex_. One thread polls and waits, and it alone is in
/// reap(). Both sides complete entries; ProcessRing orders that. No lock is held while reap() waits, so producers go on.
class ProcessQueue : public QueueBackend {
public:
	ring::RingMemory ring() const final { return ring_.memory(); }
	ring::Hooks hooks() noexcept final;
	void kick() noexcept final;
	int progress(uint64_t deadline_ns) noexcept final;
	/// State and counters, as this process knows them.
	Result<accel_queue_info> query() override;

protected:
	using Run = ring::ProcessRing::Run;

	/// @most: entries that submit() takes at once; 1 where the kernel, refusing one, has taken those before it
	/// and does not say how many.
	explicit ProcessQueue(ring::ProcessRing ring, uint32_t most = UINT32_MAX)
		: ring_(std::move(ring)), most_(most)
	{}

	/// Hands entries to the kernel. > 0: it took so many, in order. -EAGAIN: it has no room for them now. -EINTR: a
	/// signal ended the call, which is made again. -ENODEV: the device is gone. Another -errno: it refused one of them,
	/// which is found by handing over fewer. Not called where a register publishes.
	virtual int submit(const Run &run) noexcept;
	/// Completes what has finished, and waits for something until @deadline_ns. Returns what accel_ring.progress
	/// does.
	virtual int reap(uint64_t deadline_ns) noexcept = 0;
	/// Whether the device is there. Asked about every 100 ms of a wait while nothing is in flight.
	virtual bool is_there() noexcept { return true; }
	/// The device is gone: completes what had finished before, as far as that can be told without it. By default
	/// nothing.
	virtual void reap_rest() noexcept {}

	/// Completes an entry; false: it was not outstanding, so that the kernel's answer makes no sense. Any thread;
	/// retire() then makes completions visible.
	bool complete(uint64_t sequence, uint8_t status,
		      const accel_ring_record *record = nullptr) noexcept;
	/// No event is signalled: who polls a file polls the queue's own, if the kernel has one.
	void retire() noexcept { (void)ring_.retire(); }
	/// Every wait ends with ENODEV from now on.
	void set_gone() noexcept { (void)ring_.set_gone(); }
	bool is_gone() const noexcept { return ring_.gone(); }
	/// Whether published entries wait until the kernel has room. It may come from another queue's completions.
	bool is_stalled() const noexcept { return stalled_.load(std::memory_order_relaxed); }

	ring::ProcessRing ring_;

private:
	static bool publish(void *context, uint64_t sequence, uint32_t count) noexcept;
	void submit_published() noexcept;
	int submit_run(const Run &run) noexcept;
	int end_gone() noexcept;
	void refuse(int error) noexcept;

	const uint32_t most_;
	std::mutex submit_mutex_;
	std::atomic<bool> stalled_ = false; // published entries wait until the kernel has room
	uint32_t nap_word_ = 0;		    // nobody wakes it
	std::atomic<uint64_t> submitted_ = 0, completed_ = 0, faults_ = 0, kicks_ = 0;
};

} // namespace accel::core
