// SPDX-License-Identifier: MIT
// The workers of a device: start, assignment of queues, stop.
#include "soft/queue/worker_pool.hpp"

#include "base/failure.hpp"
#include "soft/queue/queue.hpp"
#include "soft/queue/worker.hpp"

#include <algorithm>
#include <new>

namespace accel::core::softdev {

WorkerPool::WorkerPool(uint32_t workers) : wanted_workers_(workers) {}

WorkerPool::~WorkerPool() = default;

Result<void> WorkerPool::add(Queue &queue)
{
	std::lock_guard lock(mutex_);

	if (stopped_)
		return fail(ENODEV, ACCEL_REASON_UNPLUGGED, "the process is exiting");
	if (queues_.size() >= kMaxQueues)
		return fail(ENOSPC, ACCEL_REASON_LIMIT, "the device has the maximum of %u queues",
			    kMaxQueues);
	const uint32_t count = std::min(queue.parallel(), wanted_workers_);
	auto assignments = std::make_unique<Assignment[]>(count);

	queues_.reserve(queues_.size() + 1);
	if (auto chosen = choose_workers({assignments.get(), count}); !chosen) {
		if (queues_.empty())
			stop_workers();
		return chosen;
	}
	try {
		queue.set_assignments(std::move(assignments), count);
	} catch (const std::bad_alloc &) {
		for (Assignment &assignment : queue.assignments())
			assignment.worker->load--;
		if (queues_.empty())
			stop_workers();
		throw;
	}
	queue.number = ++last_queue_;
	queues_.push_back(&queue);
	return {};
}

/* Chooses a different worker for each assignment of a queue; a worker is started when it gets its first assignment. */
Result<void> WorkerPool::choose_workers(std::span<Assignment> assignments)
{
	for (size_t i = 0; i < assignments.size(); i++) {
		Worker *worker = least_loaded(assignments.first(i));

		int r = -ENOMEM;

		if ((!worker || worker->load) && workers_.size() < wanted_workers_)
			r = start_worker(worker);
		if (!worker) {
			for (Assignment &assignment : assignments.first(i))
				assignment.worker->load--;
			return fail_call("starting a worker thread", r);
		}
		worker->load++;
		assignments[i].worker = worker;
	}
	return {};
}

Worker *WorkerPool::least_loaded(std::span<const Assignment> taken)
{
	Worker *best = nullptr;

	for (const auto &worker : workers_) {
		bool used = std::ranges::any_of(taken, [&](const Assignment &assignment) {
			return assignment.worker == worker.get();
		});

		if (!used && (!best || worker->load < best->load))
			best = worker.get();
	}
	return best;
}

/* Returns 0 and @started, or a negative errno. */
int WorkerPool::start_worker(Worker *&started)
{
	try {
		workers_.reserve(wanted_workers_);
		auto worker = std::make_unique<Worker>(hazards_[workers_.size()]);

		if (int r = worker->start(); r < 0)
			return r;
		workers_.push_back(std::move(worker));
		started = workers_.back().get();
		return 0;
	} catch (const std::bad_alloc &) {
		return -ENOMEM;
	}
}

void WorkerPool::stop_workers()
{
	for (const auto &worker : workers_) {
		worker->stop();
		past_.worker_wakes += worker->wakes();
	}
	workers_.clear();
}

void WorkerPool::remove(Queue &queue)
{
	std::lock_guard lock(mutex_);

	past_.add(queue);
	std::erase(queues_, &queue);
	for (Assignment &assignment : queue.assignments())
		assignment.worker->load--;
	if (queues_.empty() && !stopped_)
		stop_workers();
}

WorkerPool::Counts WorkerPool::counts()
{
	std::lock_guard lock(mutex_);

	return {static_cast<uint32_t>(queues_.size()), wanted_workers_};
}

bool WorkerPool::set_workers(uint32_t workers)
{
	std::lock_guard lock(mutex_);

	if (!queues_.empty())
		return false;
	wanted_workers_ = workers;
	return true;
}

/* Keeps the lists of queues and workers: threads that still refer to a queue destroy it later. */
void WorkerPool::stop()
{
	std::lock_guard lock(mutex_);

	if (stopped_)
		return;
	stopped_ = true;
	for (Queue *queue : queues_)
		queue->begin_end();
	for (Queue *queue : queues_)
		for (Assignment &assignment : queue->assignments())
			assignment.wait_until_dropped();
	for (const auto &worker : workers_)
		worker->stop();
	/* Destructors of static objects run after this and may wait for entries that no worker completes. */
	for (Queue *queue : queues_)
		queue->set_gone();
}

bool WorkerPool::stopped()
{
	std::lock_guard lock(mutex_);

	return stopped_;
}

WorkerPool::Report WorkerPool::report(std::span<accel_counters_slot> slots)
{
	std::lock_guard lock(mutex_);
	Report report{.counts = {static_cast<uint32_t>(queues_.size()), wanted_workers_},
		      .totals = past_};

	if (!slots.empty()) {
		size_t at = 0;

		slots[at++] = past_.sum;
		for (const Queue *queue : queues_)
			slots[at++] = slot_of(*queue);
	}
	for (const Queue *queue : queues_)
		report.totals.add(*queue);
	for (const auto &worker : workers_)
		report.totals.worker_wakes += worker->wakes();
	return report;
}

} // namespace accel::core::softdev
