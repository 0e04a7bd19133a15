// SPDX-License-Identifier: MIT
// What the queues of a device share.
#pragma once

#include "soft/execute/error_log.hpp"
#include "soft/queue/tuning.hpp"
#include "soft/queue/worker_pool.hpp"

namespace accel::core::softdev {

struct QueueResources {
	explicit QueueResources(uint32_t processors) : pool(processors), tuning(processors) {}

	WorkerPool pool;
	Tuning tuning;
	ErrorLog errors;
	Injection injection;
};

} // namespace accel::core::softdev
