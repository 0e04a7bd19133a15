// SPDX-License-Identifier: MIT
// `accel top`: the counters that processes publish, and what they show.
#pragma once

#include "options.hpp"

#include <cstdint>
#include <string>
#include <uapi/accel/counters.h>
#include <utility>
#include <vector>

namespace cli {

/// What one process publishes of one device.
struct CounterTable {
	std::pair<uint64_t, uint64_t> file; // device and inode: the same as long as it is published
	uint32_t pid = 0;		    // as /proc has it
	std::string process;		    // its name
	std::string device;
	accel_counters_head head = {};
	std::vector<accel_counters_slot> slots;
};

/// All that this user may see, as far as it can be read in a time that no other user can make long.
struct Counters {
	std::vector<CounterTable> tables; // sorted by process and device
	/// Files that were not read and processes that were not looked through to the end, since their user has more
	/// of them than an honest one.
	uint64_t left_out = 0;
};
Counters find_counters();

/// What a queue, or all of them, did in a second.
struct Rates {
	double operations = 0;
	double bytes = 0;
	double faults = 0;
	double kicks = 0;
	double wakes = 0;
	double spins = 0;
};

struct TopQueue {
	accel_counters_slot now = {}; // of a total: added up
	Rates rates;
};

struct TopDevice {
	uint32_t pid;
	std::string process;
	std::string device;
	uint32_t workers;
	TopQueue total; // also of the queues that are gone
	std::vector<TopQueue> queues;
};

/// What happened between two readings. What was not there before counts from zero.
std::vector<TopDevice> compare_counters(const std::vector<CounterTable> &before,
					const std::vector<CounterTable> &now);

} // namespace cli
