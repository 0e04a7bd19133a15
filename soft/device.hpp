// SPDX-License-Identifier: MIT
// A device: its workers, settings and counters. A process has two devices.
#pragma once

#include "soft/counters.hpp"
#include "soft/error_log.hpp"
#include "soft/map_table.hpp"
#include "soft/queue.hpp"
#include "soft/worker.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

namespace accel::core::softdev {

/// A worker starts when it gets its first queue. All workers stop with the last queue of the device.
class Device {
public:
	static constexpr unsigned kCount = 2;
	static constexpr uint64_t kMaxSpinNs = 1000000;
	static constexpr uint32_t kInlineLimit = 4096; // if it cannot be measured

	/// Returns the device for one more client; null if @index does not exist. ENOMEM by exception. A forked child
	/// gets its own device, because the threads of the parent's device do not exist in it.
	static Device *open(unsigned index);
	void close();
	/// Stop every queue and worker of the process; waits of clients end with ENODEV.
	static void stop_all();

	explicit Device(unsigned index);
	~Device();

	/// Assign the queue to the least loaded workers. ENOSPC, ENOMEM, EACCES (threads are not allowed), ENODEV (the
	/// process exits).
	Result<void> add_queue(Queue &queue);
	/// Remove a queue whose assignments are dropped. Stops the workers if it was the last queue.
	void remove_queue(Queue &queue);

	struct Counts {
		uint32_t queues, clients, workers;
	};
	Counts counts();
	accel_soft_health health();

	uint64_t spin_ns() const { return spin_ns_.load(std::memory_order_relaxed); }
	void set_spin_ns(uint64_t ns) { spin_ns_.store(ns, std::memory_order_relaxed); }
	/// The largest entry in bytes for which inline execution is faster than @worker.
	uint32_t inline_limit(Worker &worker);
	uint32_t workers();
	/// False: queues exist.
	bool set_workers(uint32_t workers);

	/// Whether the counters are published to other processes.
	bool counters();
	/// Publish them until the last client closes, or stop. ENOMEM by exception.
	void set_counters(bool on);
	/// For CounterFile: fill in the present values; head.slot_count is the number of slots used.
	void collect(accel_counters_head &head, std::span<accel_counters_slot> slots);

	ErrorLog &errors() { return errors_; }
	Injection &injection() { return injection_; }
	/// The hazard pointers of the workers.
	std::span<Hazard> hazards() { return hazards_; }

private:
	Result<void> choose_workers(std::span<Assignment> assignments);
	int add_worker(Worker *&added);
	Worker *least_loaded(std::span<const Assignment> taken);
	void stop_workers();
	void stop();
	void stop_queues();
	std::unique_ptr<CounterFile> take_counters();
	void add_up(accel_soft_health &health, const Queue &queue) const;

	const unsigned index_;
	std::mutex mutex_; // of the members below that are not atomic
	std::vector<Queue *> queues_;
	std::vector<std::unique_ptr<Worker>> workers_; // running
	uint32_t wanted_workers_;
	uint32_t clients_ = 0;
	bool exiting_ = false;
	accel_soft_health past_{}; // sums of destroyed queues and stopped workers
	accel_counters_slot gone_{};
	uint64_t last_queue_ = 0; // number of the newest queue
	uint64_t since_ns_;
	std::atomic<uint64_t> spin_ns_;
	uint32_t inline_limit_ = kInlineLimit; // the last measurement
	uint64_t inline_measured_ns_ = 0;      // its time; 0: never
	ErrorLog errors_;
	Injection injection_;
	std::array<Hazard, ACCEL_SOFT_MAX_WORKERS> hazards_;
	std::mutex counters_mutex_; // taken before mutex_; not held while a thread is joined
	std::unique_ptr<CounterFile> counters_;
};

} // namespace accel::core::softdev
