// SPDX-License-Identifier: MIT
// Counters that processes publish, and their rates.
#pragma once

#include <cstdint>
#include <string>
#include <uapi/accel/counters.h>
#include <utility>
#include <vector>

namespace cli {

/// The counters of one device in one process.
struct CounterTable {
	std::pair<uint64_t, uint64_t> file; // device and inode: unique while the file exists
	uint32_t pid = 0;		    // from /proc
	std::string process;		    // its name
	std::string device;
	accel_counters_head head = {};
	std::vector<accel_counters_slot> slots;
};

/// All counters that this user may read, found in bounded time whatever files other users create.
struct Counters {
	std::vector<CounterTable> tables; // sorted by process and device
	/// Files that were not read and processes that were not searched completely, because their user exceeds the
	/// bounds.
	uint64_t left_out = 0;
};
Counters find_counters();

/// Rates of one queue or of all queues, per second.
struct Rates {
	double operations = 0;
	double bytes = 0;
	double faults = 0;
	double kicks = 0;
	double wakes = 0;
	double spins = 0;
};

struct TopQueue {
	accel_counters_slot now = {}; // of a total: the sum
	Rates rates;
};

struct TopDevice {
	uint32_t pid;
	std::string process;
	std::string device;
	uint32_t workers;
	TopQueue total; // includes destroyed queues
	std::vector<TopQueue> queues;
};

/// Computes the rates between two readings. Counters without an earlier reading count from zero.
std::vector<TopDevice> compare_counters(const std::vector<CounterTable> &before,
					const std::vector<CounterTable> &now);

} // namespace cli
