// SPDX-License-Identifier: MIT
// The counters of a device in a file that other processes can read.
#pragma once

#include "sys/fd.hpp"

#include <cstdint>
#include <uapi/accel/counters.h>
#include <vector>

namespace accel::core::softdev {

class WorkerPool;

/// The file of spec/counters.yaml. A separate thread writes the counters, which the queues maintain in any case, so
/// publishing costs the workers and the clients nothing. This process does not map the file, so another process that
/// truncates it cannot cause SIGBUS.
class CounterFile {
public:
	/// Creates the file and writes it once. ENOMEM by exception, also if no thread or file can be created.
	CounterFile(unsigned device, WorkerPool &pool);
	/// Joins the thread, which takes the lock of the pool: must not be called with that lock.
	~CounterFile();
	CounterFile(const CounterFile &) = delete;
	CounterFile &operator=(const CounterFile &) = delete;

private:
	void run();
	void write();

	WorkerPool &pool_;
	Fd file_;
	accel_counters_head head_{};
	std::vector<accel_counters_slot> slots_;
	unsigned long thread_ = 0;
	uint32_t stop_ = 0; // futex word
};

} // namespace accel::core::softdev
