// SPDX-License-Identifier: MIT
// `accel top`: reads one file of counters, whose content is untrusted.
#pragma once

#include "top/counters.hpp"

#include <string_view>

namespace cli {

enum class ReadAnswer {
	done,
	busy, // it is being written; a later try may succeed
	none, // not a table, or a stale one
};

/// Reads one table, at most kMostTable bytes. Does not wait.
ReadAnswer read_counters(int fd, CounterTable &table);

/// Largest size of the slots of one table: twice that of all queues of a device, for longer slots of later versions.
inline constexpr size_t kMostTable =
	2 * size_t{ACCEL_COUNTERS_MAX_SLOTS} * sizeof(accel_counters_slot);

/// Replaces all characters except printable ASCII by question marks.
std::string printable(std::string_view text);

} // namespace cli
