// SPDX-License-Identifier: MIT
// A device: its clients and its counters.
#include "soft/device/device.hpp"

#include "sys/sys.hpp"

#include <algorithm>
#include <new>
#include <thread>
#include <utility>

namespace accel::core::softdev {

namespace {

uint32_t online_cpus()
{
	return std::clamp<uint32_t>(std::thread::hardware_concurrency(), 1, ACCEL_SOFT_MAX_WORKERS);
}

} // namespace

Device::Device(unsigned index) : index_(index), since_ns_(sys::now_ns()), resources_(online_cpus())
{}

Device::~Device() = default;

void Device::open()
{
	std::lock_guard lock(mutex_);

	clients_++;
}

void Device::close()
{
	std::unique_ptr<CounterFile> last; // destroyed after the lock
	std::lock_guard lock(mutex_);

	if (--clients_ == 0)
		last = std::move(counters_);
}

void Device::stop()
{
	resources_.pool.stop();
	take_counters().reset();
}

uint32_t Device::clients()
{
	std::lock_guard lock(mutex_);

	return clients_;
}

Device::Counts Device::counts()
{
	const WorkerPool::Counts counts = resources_.pool.counts();

	return {.queues = counts.queues, .clients = clients(), .workers = counts.workers};
}

accel_soft_health Device::health()
{
	const auto [counts, totals] = resources_.pool.report();
	accel_soft_health health{};

	health.submitted = totals.sum.submitted;
	health.completed = totals.sum.completed;
	health.faults = totals.sum.faults;
	health.bytes = totals.sum.bytes;
	health.uptime_ns = sys::now_ns() - since_ns_;
	health.workers = counts.workers;
	health.queues = counts.queues;
	health.clients = clients();
	health.wakes = static_cast<uint32_t>(totals.worker_wakes);
	return health;
}

bool Device::counters()
{
	std::lock_guard lock(mutex_);

	return counters_ != nullptr;
}

std::unique_ptr<CounterFile> Device::take_counters()
{
	std::lock_guard lock(mutex_);

	return std::move(counters_);
}

void Device::set_counters(bool on)
{
	if (!on) {
		take_counters().reset();
		return;
	}
	std::lock_guard lock(mutex_);

	if (counters_)
		return;
	/* stop() stops the pool, then takes the counters: it also takes a file that is created after this check. */
	if (resources_.pool.stopped())
		throw std::bad_alloc(); /* no thread may be started any more */
	counters_ = std::make_unique<CounterFile>(index_, resources_.pool);
}

} // namespace accel::core::softdev
