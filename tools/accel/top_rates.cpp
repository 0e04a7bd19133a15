// SPDX-License-Identifier: MIT
// `accel top`: rates from two readings of counters.
#include "top.hpp"

#include <algorithm>

namespace cli {

namespace {

/// A counter never goes back; where it does, somebody writes nonsense.
double rate(uint64_t before, uint64_t now, double seconds)
{
	return now > before ? static_cast<double>(now - before) / seconds : 0;
}

Rates rates(const accel_counters_slot &before, const accel_counters_slot &now, double seconds)
{
	// Nothing was written between the two readings.
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
	// Without a reading before there is no time to divide by.
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

	for (const accel_counters_slot &slot : now.slots) {
		if (!slot.queue)
			continue;
		auto old = std::ranges::find(slots, slot.queue, &accel_counters_slot::queue);

		device.queues.push_back(
			{slot,
			 rates(old == slots.end() ? accel_counters_slot{} : *old, slot, seconds)});
	}
	return device;
}

} // namespace

std::vector<TopDevice> compare_counters(const std::vector<CounterTable> &before,
					const std::vector<CounterTable> &now)
{
	std::vector<TopDevice> devices;

	for (const CounterTable &table : now) {
		auto old = std::ranges::find_if(before, [&](const CounterTable &other) {
			return other.pid == table.pid && other.file == table.file;
		});

		devices.push_back(compare(old == before.end() ? nullptr : &*old, table));
	}
	return devices;
}

} // namespace cli
