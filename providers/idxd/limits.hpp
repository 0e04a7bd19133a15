// SPDX-License-Identifier: MIT
// What sysfs says about a work queue and its device.
#pragma once

#include "base/result.hpp"

#include <string>

namespace accel::core::idxd {

struct Limits {
	std::string
		syspath; // of the node; the queue is the folder above it, the device the one above that
	bool iax = false;
	bool dedicated = false;
	bool pasid = false; // the device works with the addresses of the process
	uint64_t version = 0;
	uint64_t size = 0;
	uint64_t most_bytes = 0;
};

/// Reads them. @name is that of the node, "dsa/wq0.0". ENODEV: the queue is gone or disabled; EIO: sysfs does not say
/// what must be known.
Result<Limits> read_limits(const std::string &syspath, const std::string &name);
/// False once the queue is gone or disabled. What cannot be read for another reason is taken to be there.
bool is_enabled(const Limits &limits) noexcept;
/// Open files of the queue, 0 if sysfs does not say.
uint32_t count_clients(const Limits &limits);

} // namespace accel::core::idxd
