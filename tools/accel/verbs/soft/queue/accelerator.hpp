// SPDX-License-Identifier: MIT
// A queue of the soft accelerator for `run` and `bench`.
#pragma once

#include "run/options.hpp"

#include <accel/soft.hpp>
#include <atomic>
#include <cstdint>

namespace cli {

/// A queue with a shared address space on a device.
class Accelerator {
public:
	/// @device must outlive the object. @entries: largest number of descriptors in flight; @parallel: workers that
	/// may serve the queue at once, 0: as in the options.
	Accelerator(const accel::Device &device, const RunOptions &options, uint32_t entries,
		    unsigned parallel);

	/// Publishes one descriptor; returns its sequence. The ring must have room.
	uint64_t publish(const accel_soft_descriptor &descriptor);
	/// Makes the next @count operations of that kind fail.
	void inject_faults(accel_soft_op operation, unsigned count);
	/// Waits for the next completion.
	accel_completion next();
	/// Waits until a completion can be polled.
	void wait();
	/// The ring, for callers that publish and poll directly; not in parallel with publish().
	accel_ring *ring() { return ring_; }

	const accel::Device &device() const { return device_; }
	unsigned workers() const { return workers_; }
	unsigned parallel() const { return parallel_; }
	uint64_t descriptors() const { return descriptors_; }

private:
	accel::Queue make_queue(uint32_t entries) const;

	const accel::Device &device_;
	unsigned workers_;
	unsigned parallel_;
	accel::AddressSpace space_;
	accel::Queue queue_;
	accel_ring *ring_;
	std::atomic<uint64_t> descriptors_ = 0;
};

} // namespace cli
