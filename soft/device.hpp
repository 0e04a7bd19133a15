// SPDX-License-Identifier: MIT
// A device: its workers, settings and counters. There are two of them in a process, as if two chips were there.
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

/// Workers start when their first queue comes and end with the last queue of the device.
class Device {
public:
	static constexpr unsigned kCount = 2;
	static constexpr uint64_t kMaxSpinNs = 1000000;
	static constexpr uint32_t kInlineLimit = 4096; // where it cannot be measured

	/// Returns the device for one more client; null if there is none of that number. ENOMEM by exception. A forked
	/// child gets a device of its own: the threads of the parent's are not there.
	static Device *open(unsigned index);
	void close();
	/// Stops every queue and worker of the process; their waits end with ENODEV.
	static void stop_all();

	explicit Device(unsigned index);
	~Device();

	/// Give the queue its assignments at the least loaded workers. ENOSPC, ENOMEM, EACCES (threads are not
	/// allowed), ENODEV (the process exits).
	Result<void> add_queue(Queue &queue);
	/// The assignments of the queue are dropped. Ends the workers if it was the last queue.
	void remove_queue(Queue &queue);

	struct Counts {
		uint32_t queues, clients, workers;
	};
	Counts counts();
	accel_soft_health health();

	uint64_t spin_ns() const { return spin_ns_.load(std::memory_order_relaxed); }
	void set_spin_ns(uint64_t ns) { spin_ns_.store(ns, std::memory_order_relaxed); }
	/// Bytes of the largest job that is better done by the thread that publishes it than handed to @worker.
	uint32_t inline_limit(Worker &worker);
	uint32_t workers();
	/// False: queues exist.
	bool set_workers(uint32_t workers);

	/// Whether the counters are published to other processes.
	bool counters();
	/// Publish them from now on until the last client closes, or no more. ENOMEM by exception.
	void set_counters(bool on);
	/// For who publishes: what is to be in the file now; the slots, how many of them are used.
	void collect(accel_counters_head &head, std::span<accel_counters_slot> slots);

	ErrorLog &errors() { return errors_; }
	Injection &injection() { return injection_; }
	/// What the workers read, one for each there can be.
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
	std::mutex mutex_; // of all but the atomics
	std::vector<Queue *> queues_;
	std::vector<std::unique_ptr<Worker>> workers_; // those that run
	uint32_t wanted_workers_;
	uint32_t clients_ = 0;
	bool exiting_ = false;
	accel_soft_health past_{}; // what queues and workers did that are gone
	accel_counters_slot gone_{};
	uint64_t last_queue_ = 0; // its number
	uint64_t since_ns_;
	std::atomic<uint64_t> spin_ns_;
	uint32_t inline_limit_ = kInlineLimit; // as measured last
	uint64_t inline_measured_ns_ = 0;      // when; 0: never
	ErrorLog errors_;
	Injection injection_;
	std::array<Hazard, ACCEL_SOFT_MAX_WORKERS> hazards_;
	std::mutex counters_mutex_; // taken before mutex_; nobody waits for a thread with it
	std::unique_ptr<CounterFile> counters_;
};

} // namespace accel::core::softdev
