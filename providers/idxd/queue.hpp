// SPDX-License-Identifier: MIT
// A ring before an idxd work queue: submission by write(2) or by the portal, completion by records in memory.
#pragma once

#include "core/driver_backend.hpp"
#include "core/process_queue.hpp"
#include "providers/idxd/descriptor.hpp"
#include "providers/idxd/work_queue.hpp"

#include <atomic>
#include <vector>

namespace accel::core::idxd {

class IdxdQueue final : public ProcessQueue {
public:
	struct Options {
		uint32_t entries;
		bool multi_producer;
		bool portal; // descriptors are stored to the portal, which is mapped
		uint64_t space;
		uint64_t handle;
	};
	/// @backend and @work_queue must outlive the queue. The caller increments the number of queues, destroy()
	/// decrements it.
	static Result<std::unique_ptr<IdxdQueue>> create(DriverBackend &backend,
							 WorkQueue &work_queue,
							 const Options &options);

	/// Waits for the device as destroy() does, unless destroy() has succeeded. If the device then still has
	/// descriptors, leaks their records, because the device writes to them.
	~IdxdQueue() override;

	uint64_t handle() const override { return options_.handle; }
	Result<int> poll_fd() override;
	/// EBUSY: after a bounded wait the device still has descriptors.
	Result<void> destroy() override;

protected:
	int submit(const Run &run) noexcept override;
	int reap(uint64_t deadline_ns) noexcept override;
	bool is_there() noexcept override { return !work_queue_.is_disabled(); }
	void reap_rest() noexcept override { (void)collect(); }

private:
	IdxdQueue(DriverBackend &backend, WorkQueue &work_queue, ring::ProcessRing ring,
		  Records records, const Options &options);

	Descriptor &entry(uint64_t sequence) const;
	uint64_t slot(uint64_t sequence) const { return sequence & (ring_.slots() - 1); }
	void prepare(uint64_t sequence) noexcept;
	/* Returns the number of descriptors that the kernel or the device took, or a negative errno. */
	int hand_over(const Descriptor *descriptors, uint32_t count) noexcept;
	int store(const Descriptor *descriptors, uint32_t count) noexcept;

	int collect() noexcept;
	bool finish(uint64_t sequence) noexcept;
	bool resume_fault(uint64_t sequence) noexcept;
	bool submit_again(uint64_t sequence) noexcept;
	bool refuse_rest(uint64_t sequence, int error) noexcept;
	bool is_over() const noexcept;
	bool end(uint64_t sequence, uint8_t status, const accel_ring_record &record) noexcept;
	bool check_removal(uint64_t now_ns) noexcept;
	bool is_idle() const noexcept;
	bool wait_until_idle() noexcept;

	DriverBackend &backend_;
	WorkQueue &work_queue_;
	Records records_;
	std::vector<Progress> progress_;
	const Options options_;
	std::atomic<uint32_t> held_ = 0;   // credits of entries in flight
	std::atomic<uint64_t> stores_ = 0; // number of stores to the portal
	std::atomic<uint64_t> checked_ns_ = 0;
	uint32_t sleep_word_ = 0;
	const uint64_t generation_; // of the process that created the queue
	bool destroyed_ = false;
};

} // namespace accel::core::idxd
