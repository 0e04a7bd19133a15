// SPDX-License-Identifier: MIT
// A device: what its queues share, its clients, and the counters that it publishes for them.
#pragma once

#include "soft/device/counter_file.hpp"
#include "soft/queue/queue_resources.hpp"

#include <cstdint>
#include <memory>
#include <mutex>

namespace accel::core::softdev {

/// Counts the clients of a device, and publishes its counters for them. Thread-safe.
///
/// A thread takes the locks of soft/ in this order: devices.cpp, Device, WorkerPool, Queue; and AddressSpace before
/// ObjectTable. Every other lock is taken while no lock is held, and no lock is taken under it, except that
/// prepare_exit_after() tries the lock of the multiplier.
class Device {
public:
	explicit Device(unsigned index);
	~Device();

	/// One more client.
	void open();
	/// One client less. The counters are no longer published when the last one closes.
	void close();
	/// Stop all threads for the exit of the process.
	void stop();

	struct Counts {
		uint32_t queues, clients, workers;
	};
	Counts counts();
	accel_soft_health health();

	/// Whether the counters are published to other processes.
	bool counters();
	/// Publish them until the last client closes, or stop. ENOMEM by exception.
	void set_counters(bool on);

	QueueResources &resources() { return resources_; }

private:
	uint32_t clients();
	std::unique_ptr<CounterFile> take_counters();

	const unsigned index_;
	const uint64_t since_ns_;
	QueueResources resources_;
	std::mutex mutex_; // of the members below; not held while a thread is joined
	uint32_t clients_ = 0;
	std::unique_ptr<CounterFile> counters_;
};

} // namespace accel::core::softdev
