// SPDX-License-Identifier: MIT
// A device: assignment of queues to workers, and the sums of their counters.
#include "soft/device.hpp"

#include "base/failure.hpp"
#include "soft/at_exit.hpp"
#include "sys/sys.hpp"

#include <algorithm>
#include <cstdio>
#include <new>
#include <thread>

namespace accel::core::softdev {

namespace {

/* About the cost of a sleep and a wake-up: spinning that long wastes at most as much time as it can save. */
constexpr uint64_t kSpinNs = 50000;

void add_counters(accel_counters_slot &slot, const Queue &queue)
{
	const Queue::Info info = queue.info();

	slot.submitted += info.submitted;
	slot.completed += info.completed;
	slot.faults += info.faults;
	slot.bytes += info.bytes;
	slot.kicks += info.kicks;
	slot.wakes += info.wakes;
	slot.spins += info.spins;
}

uint32_t online_cpus()
{
	return std::clamp<uint32_t>(std::thread::hardware_concurrency(), 1, ACCEL_SOFT_MAX_WORKERS);
}

/* Bytes per nanosecond of a copy within the caches; at least one. */
uint64_t copied_per_ns()
{
	constexpr size_t kBytes = 4096;
	constexpr unsigned kTimes = 32;
	alignas(64) static std::byte from[kBytes];
	alignas(64) std::byte to[kBytes];

	engine::copy(to, from, kBytes);
	const uint64_t began = sys::now_ns();
	for (unsigned i = 0; i < kTimes; i++) {
		engine::copy(to, from, kBytes);
		__asm__ __volatile__("" : : "r"(to) : "memory");
	}
	const uint64_t took = std::max<uint64_t>(sys::now_ns() - began, 1);

	return std::max<uint64_t>(kBytes * kTimes / took, 1);
}

} // namespace

/* With one processor a spinning worker only delays the producer. */
Device::Device(unsigned index)
	: index_(index),
	  wanted_workers_(online_cpus()),
	  since_ns_(sys::now_ns()),
	  spin_ns_(wanted_workers_ > 1 ? kSpinNs : 0)
{}

Device::~Device() = default;

Result<void> Device::add_queue(Queue &queue)
{
	std::lock_guard lock(mutex_);

	if (exiting_)
		return fail(ENODEV, ACCEL_REASON_UNPLUGGED, "the process is exiting");
	if (queues_.size() >= kMaxQueues)
		return fail(ENOSPC, ACCEL_REASON_LIMIT, "the device has the maximum of %u queues",
			    kMaxQueues);
	const uint32_t count = std::min(queue.parallel(), wanted_workers_);
	auto assignments = std::make_unique<Assignment[]>(count);

	prepare_exit();
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

/* Execution by a worker adds about two round trips of a cache line: one for the entry and one for its completion. The
 * limit is the number of bytes copied in that time. The distance between processors varies, also over time in a virtual
 * machine, so it is measured again when the last measurement is older than kMeasuredForNs. */
uint32_t Device::inline_limit(Worker &worker)
{
	constexpr uint64_t kMeasuredForNs = 100'000'000;
	constexpr uint64_t kRoundTrips = 2;
	std::lock_guard lock(mutex_);

	if (inline_measured_ns_ && sys::now_ns() - inline_measured_ns_ < kMeasuredForNs)
		return inline_limit_;
	if (const uint64_t round_trip_ns = worker.measure_round_trip()) {
		const uint64_t bytes = kRoundTrips * round_trip_ns * copied_per_ns();

		inline_limit_ = static_cast<uint32_t>(
			std::clamp<uint64_t>(bytes / 64 * 64, 512, ACCEL_SOFT_MAX_INLINE));
		inline_measured_ns_ = sys::now_ns();
	}
	return inline_limit_;
}

/* Chooses a different worker for each assignment of a queue; a worker is started when it gets its first assignment. */
Result<void> Device::choose_workers(std::span<Assignment> assignments)
{
	for (size_t i = 0; i < assignments.size(); i++) {
		Worker *worker = least_loaded(assignments.first(i));

		int r = -ENOMEM;

		if ((!worker || worker->load) && workers_.size() < wanted_workers_)
			r = add_worker(worker);
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

Worker *Device::least_loaded(std::span<const Assignment> taken)
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

/* Returns 0 and @added, or a negative errno. */
int Device::add_worker(Worker *&added)
{
	try {
		workers_.reserve(wanted_workers_);
		auto worker = std::make_unique<Worker>(*this, hazards_[workers_.size()]);

		if (int r = worker->start(); r < 0)
			return r;
		workers_.push_back(std::move(worker));
		added = workers_.back().get();
		return 0;
	} catch (const std::bad_alloc &) {
		return -ENOMEM;
	}
}

void Device::stop_workers()
{
	for (const auto &worker : workers_) {
		worker->stop();
		past_.wakes += worker->wakes();
	}
	workers_.clear();
}

void Device::remove_queue(Queue &queue)
{
	std::lock_guard lock(mutex_);

	add_up(past_, queue);
	add_counters(gone_, queue);
	std::erase(queues_, &queue);
	for (Assignment &assignment : queue.assignments())
		assignment.worker->load--;
	if (queues_.empty() && !exiting_)
		stop_workers();
}

void Device::add_up(accel_soft_health &health, const Queue &queue) const
{
	Queue::Info info = queue.info();

	health.submitted += info.submitted;
	health.completed += info.completed;
	health.faults += info.faults;
	health.bytes += info.bytes;
}

accel_soft_health Device::health()
{
	std::lock_guard lock(mutex_);
	accel_soft_health health = past_;

	for (const Queue *queue : queues_)
		add_up(health, *queue);
	for (const auto &worker : workers_)
		health.wakes += worker->wakes();
	health.uptime_ns = sys::now_ns() - since_ns_;
	health.workers = wanted_workers_;
	health.queues = static_cast<uint32_t>(queues_.size());
	health.clients = clients_;
	return health;
}

Device::Counts Device::counts()
{
	std::lock_guard lock(mutex_);

	return {static_cast<uint32_t>(queues_.size()), clients_, wanted_workers_};
}

uint32_t Device::workers()
{
	return counts().workers;
}

bool Device::set_workers(uint32_t workers)
{
	std::lock_guard lock(mutex_);

	if (!queues_.empty())
		return false;
	wanted_workers_ = workers;
	return true;
}

/* Keeps the lists of queues and workers: threads that still refer to a queue destroy it later. */
void Device::stop_queues()
{
	std::lock_guard lock(mutex_);

	if (exiting_)
		return;
	exiting_ = true;
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

void Device::stop()
{
	stop_queues();
	take_counters().reset();
}

bool Device::counters()
{
	std::lock_guard lock(counters_mutex_);

	return counters_ != nullptr;
}

std::unique_ptr<CounterFile> Device::take_counters()
{
	std::lock_guard lock(counters_mutex_);

	return std::move(counters_);
}

void Device::set_counters(bool on)
{
	if (!on) {
		take_counters().reset();
		return;
	}
	std::lock_guard lock(counters_mutex_);

	if (counters_)
		return;
	prepare_exit();
	{
		std::lock_guard device_lock(mutex_);

		if (exiting_)
			throw std::bad_alloc(); /* no thread may be started any more */
	}
	counters_ = std::make_unique<CounterFile>(*this);
}

void Device::collect(accel_counters_head &head, std::span<accel_counters_slot> slots)
{
	std::lock_guard lock(mutex_);
	uint32_t count = 0;

	snprintf(head.device, sizeof(head.device), "soft%u", index_);
	head.workers = wanted_workers_;
	head.worker_wakes = past_.wakes;
	for (const auto &worker : workers_)
		head.worker_wakes += worker->wakes();
	slots[count++] = gone_;
	for (const Queue *queue : queues_) {
		accel_counters_slot &slot = slots[count++];

		slot = {};
		slot.queue = queue->number;
		slot.entries = queue->layout().entry_count;
		slot.parallel = queue->parallel();
		slot.depth = queue->waiting();
		slot.state = queue->info().state;
		add_counters(slot, *queue);
	}
	head.slot_count = count;
}

} // namespace accel::core::softdev
