// SPDX-License-Identifier: MIT
// `accel top`: reading one file of counters, which can hold anything.
#pragma once

#include "top.hpp"

#include <string_view>

namespace cli {

enum class ReadAnswer {
	done,
	busy, // it is just being written: another try may do
	none, // no table, or a stale one
};

/// Read one table. Reads no more than kMostTable bytes, and does not wait.
ReadAnswer read_counters(int fd, CounterTable &table);

/// Bytes of the slots of one table: those of a device of today with all queues, and as much again for what may come.
inline constexpr size_t kMostTable =
	2 * size_t{ACCEL_COUNTERS_MAX_SLOTS} * sizeof(accel_counters_slot);

/// Text from elsewhere, fit for a terminal.
std::string printable(std::string_view text);

} // namespace cli
