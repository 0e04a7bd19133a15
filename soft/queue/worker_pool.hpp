// SPDX-License-Identifier: MIT
// The workers of a device and the assignment of its queues to them.
#pragma once

#include "base/result.hpp"
#include "soft/objects/map_table.hpp"
#include "soft/queue/totals.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <uapi/accel/soft.h>
#include <vector>

namespace accel::core::softdev {

struct Assignment;
class Queue;
class Worker;

/// A worker starts when it gets its first queue. All workers stop with the last queue. Thread-safe.
class WorkerPool {
public:
	/// @workers: the number wanted, until set_workers() changes it.
	explicit WorkerPool(uint32_t workers);
	~WorkerPool();
	WorkerPool(const WorkerPool &) = delete;
	WorkerPool &operator=(const WorkerPool &) = delete;

	/// Assign the queue to the least loaded workers. ENOSPC, ENOMEM, EACCES (threads are not allowed), ENODEV (the
	/// process exits).
	Result<void> add(Queue &queue);
	/// Remove a queue whose assignments are dropped. Stops the workers if it was the last queue.
	void remove(Queue &queue);
	/// False: queues exist.
	bool set_workers(uint32_t workers);

	/// Stop every queue and worker for the exit of the process; waits of clients end with ENODEV.
	void stop();
	/// Whether stop() was called: no thread may be started any more.
	bool stopped();

	struct Counts {
		uint32_t queues;
		uint32_t workers; // wanted
	};
	Counts counts();
	struct Report {
		Counts counts;
		Totals totals;
	};
	/// Reads all counters. @slots: empty, or ACCEL_COUNTERS_MAX_SLOTS to be filled with the sum of the destroyed
	/// queues and the counters of each queue.
	Report report(std::span<accel_counters_slot> slots = {});
	/// The hazard pointers of the workers.
	std::span<Hazard> hazards() { return hazards_; }

private:
	Result<void> choose_workers(std::span<Assignment> assignments);
	int start_worker(Worker *&started);
	Worker *least_loaded(std::span<const Assignment> taken);
	void stop_workers();

	std::mutex mutex_; // of all members but hazards_
	std::vector<Queue *> queues_;
	std::vector<std::unique_ptr<Worker>> workers_; // running
	uint32_t wanted_workers_;
	bool stopped_ = false;
	Totals past_;		  // of destroyed queues and stopped workers
	uint64_t last_queue_ = 0; // number of the newest queue
	std::array<Hazard, ACCEL_SOFT_MAX_WORKERS> hazards_;
};

} // namespace accel::core::softdev
