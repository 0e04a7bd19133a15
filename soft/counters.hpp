// SPDX-License-Identifier: MIT
// The counters of a device in a file that other processes can read.
#pragma once

#include "sys/fd.hpp"

#include <cstdint>
#include <uapi/accel/counters.h>
#include <vector>

namespace accel::core::softdev {

class Device;

/// The file of spec/counters.yaml, as long as this lives. A thread of its own writes what the queues have counted
/// anyway: no worker and no client pays for it, whether it is on or off. Nobody maps the file, so that nothing
/// another process does to it is felt here.
class CounterFile {
public:
	/// The file is there and written once. ENOMEM by exception, also for want of a thread or a file.
	explicit CounterFile(Device &device);
	/// Waits for the thread, which takes the lock of the device: not to be called with that lock.
	~CounterFile();
	CounterFile(const CounterFile &) = delete;
	CounterFile &operator=(const CounterFile &) = delete;

private:
	void run();
	void write();

	Device &device_;
	Fd file_;
	accel_counters_head head_{};
	std::vector<accel_counters_slot> slots_;
	unsigned long thread_ = 0;
	uint32_t stop_ = 0; // futex word
};

} // namespace accel::core::softdev
