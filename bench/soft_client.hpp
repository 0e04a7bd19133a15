// SPDX-License-Identifier: MIT
// soft0 as the probes use it: one worker on the worker's processor, queues, and the loops that keep a
// queue busy. All through the public C interface.
#pragma once

#include "harness.hpp"

#include <accel/soft.h>
#include <string>

namespace bench {

/// soft0, open, with one worker, and a shared address space. Ends the probe when something fails.
class Soft {
public:
	explicit Soft(unsigned workers = 1);
	~Soft();
	Soft(const Soft &) = delete;
	Soft &operator=(const Soft &) = delete;

	/// @inline_limit: as accel_soft_queue_options has it; 0: what the queue measures.
	accel_queue *make_queue(uint32_t entries, uint64_t flags, uint32_t inline_limit = 0);
	accel_device *device() const { return device_; }

private:
	accel_device *device_ = nullptr;
	accel_address_space *space_ = nullptr;
};

/// End the probe if @result is a negative errno.
void check(int result, const accel_error &error, const char *what);

/// What the queue has counted.
accel_queue_info query(accel_queue *queue);

/// Wait until the worker has left the ring and its processor.
void wait_asleep(const accel_ring *ring);

/// Take completions until @wanted came. Ends the probe at a fault, or when nothing comes for seconds.
void collect(accel_ring *ring, uint32_t wanted);

/// Completions that are there now, at most 64; they must be successes.
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

/// Post @count descriptors as one batch; there must be room. @fill(descriptor, sequence) fills one.
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

/// @depth at a time: post all, then wait for all.
template <class Fill>
void run_closed(accel_ring *ring, uint64_t operations, uint32_t depth, Fill fill)
{
	for (uint64_t done = 0; done < operations; done += depth) {
		post(ring, depth, fill);
		for (uint32_t got = 0; got < depth;)
			got += poll_some(ring);
	}
}

/// @depth in flight all the time: as many as came back are posted again, as one batch.
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
