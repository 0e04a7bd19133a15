// SPDX-License-Identifier: MIT
// `accel top`: rates from two readings of counters.
#include "top/counters.hpp"

#include <map>
#include <unordered_map>

namespace cli {

namespace {

/// Returns the rate of a counter; 0 if it decreases, which only a forged file does.
double rate(uint64_t before, uint64_t now, double seconds)
{
	return now > before ? static_cast<double>(now - before) / seconds : 0;
}

Rates rates(const accel_counters_slot &before, const accel_counters_slot &now, double seconds)
{
	// The file was not updated between the two readings.
	if (!(seconds > 0))
		return {};
	return {.operations = rate(before.completed, now.completed, seconds),
		.bytes = rate(before.bytes, now.bytes, seconds),
		.faults = rate(before.faults, now.faults, seconds),
		.kicks = rate(before.kicks, now.kicks, seconds),
		.wakes = rate(before.wakes, now.wakes, seconds),
		.spins = rate(before.spins, now.spins, seconds)};
}

accel_counters_slot sum(const std::vector<accel_counters_slot> &slots)
{
	accel_counters_slot total = {};

	for (const accel_counters_slot &slot : slots) {
		total.depth += slot.depth;
		total.submitted += slot.submitted;
		total.completed += slot.completed;
		total.faults += slot.faults;
		total.bytes += slot.bytes;
		total.kicks += slot.kicks;
		total.wakes += slot.wakes;
		total.spins += slot.spins;
	}
	return total;
}

TopDevice compare(const CounterTable *before, const CounterTable &now)
{
	static const std::vector<accel_counters_slot> none;
	const std::vector<accel_counters_slot> &slots = before ? before->slots : none;
	// Without an earlier reading there is no interval.
	const double seconds =
		before && now.head.time_ns > before->head.time_ns ?
			static_cast<double>(now.head.time_ns - before->head.time_ns) / 1e9 :
			0;
	const accel_counters_slot total = sum(now.slots);
	TopDevice device = {now.pid,
			    now.process,
			    now.device,
			    now.head.workers,
			    {total, rates(sum(slots), total, seconds)},
			    {}};

	std::unordered_map<uint64_t, const accel_counters_slot *> old;

	for (const accel_counters_slot &slot : slots)
		old.try_emplace(slot.queue, &slot);
	for (const accel_counters_slot &slot : now.slots) {
		if (!slot.queue)
			continue;
		auto known = old.find(slot.queue);

		device.queues.push_back(
			{slot, rates(known == old.end() ? accel_counters_slot{} : *known->second,
				     slot, seconds)});
	}
	return device;
}

} // namespace

std::vector<TopDevice> compare_counters(const std::vector<CounterTable> &before,
					const std::vector<CounterTable> &now)
{
	std::vector<TopDevice> devices;

	std::map<std::pair<uint64_t, uint64_t>, const CounterTable *> old;

	for (const CounterTable &table : before)
		old.try_emplace(table.file, &table);
	for (const CounterTable &table : now) {
		auto known = old.find(table.file);
		bool is_same = known != old.end() && known->second->pid == table.pid;

		devices.push_back(compare(is_same ? known->second : nullptr, table));
	}
	return devices;
}

} // namespace cli
