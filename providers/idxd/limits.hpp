// SPDX-License-Identifier: MIT
// The attributes of a work queue and its device in sysfs.
#pragma once

#include "base/result.hpp"

#include <string>

namespace accel::core::idxd {

struct Limits {
	std::string syspath; // of the node; its parent is the queue, whose parent is the device
	bool iax = false;
	bool dedicated = false;
	bool pasid = false; // the device uses the addresses of the process
	uint64_t version = 0;
	uint64_t size = 0;
	uint64_t most_bytes = 0;
};

/// Reads them. @name: the name of the node, "dsa/wq0.0". ENODEV: the queue was removed or disabled; EIO: a required
/// attribute is missing in sysfs.
Result<Limits> read_limits(const std::string &syspath, const std::string &name);
/// False after the queue was removed or disabled. True if its state cannot be read for another reason.
bool is_enabled(const Limits &limits) noexcept;
/// Returns the number of open files of the queue, or 0 if sysfs does not have it.
uint32_t count_clients(const Limits &limits);

} // namespace accel::core::idxd
