// SPDX-License-Identifier: MIT
// soft0 as the probes use it, through the public C interface: one worker on a processor of its own, queues, and the
// loops that keep a queue busy.
#pragma once

#include "harness.hpp"

#include <accel/soft.h>
#include <string>

namespace bench {

/// The inline limit of a queue whose entries the worker always executes.
inline constexpr uint32_t kWorkerOnly = ACCEL_SOFT_INLINE_NEVER;

/// An open soft0 with one worker and a shared address space. An error ends the probe.
class Soft {
public:
	explicit Soft(unsigned workers = 1);
	~Soft();
	Soft(const Soft &) = delete;
	Soft &operator=(const Soft &) = delete;

	/// @inline_limit: as in accel_soft_queue_options; 0: the limit that the queue measures.
	accel_queue *make_queue(uint32_t entries, uint64_t flags, uint32_t inline_limit = 0);
	accel_device *device() const { return device_; }

private:
	accel_device *device_ = nullptr;
	accel_address_space *space_ = nullptr;
};

/// Ends the probe if @result is a negative errno.
void check(int result, const accel_error &error, const char *what);

/// Returns the counters of the queue.
accel_queue_info query(accel_queue *queue);

/// Waits until the worker sleeps and its processor is free.
void wait_asleep(const accel_ring *ring);

/// Takes @wanted completions. Ends the probe at a fault, or if none arrives for 10 seconds.
void collect(accel_ring *ring, uint32_t wanted);

/// Takes the available completions, at most 64; they must be successes.
inline uint32_t poll_some(accel_ring *ring)
{
	accel_completion done[64];
	uint32_t n = accel_ring_poll(ring, done, 64);
	unsigned bad = 0;

	for (uint32_t i = 0; i < n; i++)
		bad |= done[i].status ^ ACCEL_RING_STATUS_SUCCESS;
	if (bad) [[unlikely]]
		die("a descriptor failed: %s", accel_status_name(bad));
	return n;
}

/// Publishes @count descriptors as one batch; the ring must have room. @fill(descriptor, sequence) fills one.
template <class Fill>
inline void post(accel_ring *ring, uint32_t count, Fill &fill)
{
	uint64_t at;

	while (!accel_ring_reserve(ring, count, &at)) [[unlikely]]
		die("the ring is full");
	for (uint32_t i = 0; i < count; i++)
		fill(static_cast<accel_soft_descriptor *>(accel_ring_entry(ring, at + i)), at + i);
	accel_ring_publish(ring, at, count);
}

/// @depth at a time: publishes all, then waits for all.
template <class Fill>
void run_closed(accel_ring *ring, uint64_t operations, uint32_t depth, Fill fill)
{
	for (uint64_t done = 0; done < operations; done += depth) {
		post(ring, depth, fill);
		for (uint32_t got = 0; got < depth;)
			got += poll_some(ring);
	}
}

/// @depth in flight all the time: publishes as many as were completed, as one batch.
template <class Fill>
void run_window(accel_ring *ring, uint64_t operations, uint32_t depth, Fill fill)
{
	uint64_t posted = depth;

	post(ring, depth, fill);
	for (uint64_t done = 0; done < operations;) {
		uint32_t n = poll_some(ring);

		done += n;
		if (n && posted < operations) {
			post(ring, n, fill);
			posted += n;
		}
	}
	collect(ring, static_cast<uint32_t>(accel_ring_outstanding(ring)));
}

} // namespace bench
