// SPDX-License-Identifier: MIT
// A queue whose ring is in the process's memory: the common part of queues that use ioctls, portals or queue pairs.
#pragma once

#include "core/backend.hpp"
#include "ring/process_ring.hpp"

#include <atomic>
#include <mutex>

namespace accel::core {

/// Publishing hands every published entry to the kernel, in as few calls as possible. An empty poll and a wait collect
/// finished entries.
///
/// Threads: producers enter kick() and publish(), one at a time, under submit_mutex_. The consumer polls and waits;
/// only it is in reap(). Both complete entries, which ProcessRing orders. reap() holds no lock while it waits, so it
/// does not block producers.
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

	/// @most: entries that submit() takes at once; 1 where the kernel, refusing one, has taken the entries before
	/// it and does not report how many.
	explicit ProcessQueue(ring::ProcessRing ring, uint32_t most = UINT32_MAX)
		: ring_(std::move(ring)), most_(most)
	{}

	/// Hands entries to the kernel. > 0: the number that it took, in order. -EAGAIN: it has no room for them now.
	/// -EINTR: a signal ended the call, which is repeated. -ENODEV: the device is gone. Another -errno: it refused
	/// one of them, which smaller runs identify. Not called where a register publishes.
	virtual int submit(const Run &run) noexcept;
	/// Completes finished entries; waits for some until @deadline_ns. Returns what accel_ring.progress returns.
	virtual int reap(uint64_t deadline_ns) noexcept = 0;
	/// Returns whether the device is present. Called about every 100 ms of a wait while nothing is in flight.
	virtual bool is_there() noexcept { return true; }
	/// The device is gone: completes entries that had finished before, as far as that can be found out without the
	/// device. Does nothing by default.
	virtual void reap_rest() noexcept {}

	/// Completes an entry; false: it was not outstanding, so the kernel's answer is inconsistent. Any thread;
	/// retire() then makes completions visible.
	bool complete(uint64_t sequence, uint8_t status,
		      const accel_ring_record *record = nullptr) noexcept;
	/// Signals no event: a program that polls a file polls the one of the queue, if the kernel has one.
	void retire() noexcept { (void)ring_.retire(); }
	/// Ends every wait with ENODEV from now on.
	void set_gone() noexcept { (void)ring_.set_gone(); }
	bool is_gone() const noexcept { return ring_.gone(); }
	/// Returns whether published entries wait for room in the kernel. Completions of another queue may make room.
	bool is_stalled() const noexcept { return stalled_.load(std::memory_order_relaxed); }

	ring::ProcessRing ring_;

private:
	static bool publish(void *context, uint64_t sequence, uint32_t count) noexcept;
	void submit_published() noexcept;
	int submit_run(const Run &run) noexcept;
	int handle_removal() noexcept;
	void refuse(int error) noexcept;

	const uint32_t most_;
	std::mutex submit_mutex_;
	std::atomic<bool> stalled_ = false; // published entries wait for room in the kernel
	uint32_t nap_word_ = 0;		    // never woken: only for sleeps with a deadline
	std::atomic<uint64_t> submitted_ = 0, completed_ = 0, faults_ = 0, kicks_ = 0;
};

} // namespace accel::core
