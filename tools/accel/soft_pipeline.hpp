// SPDX-License-Identifier: MIT
// The file path of `run`: the reading thread reads and publishes descriptors, the calling thread takes the completions
// in order and writes. The memory is a fixed number of slots, for files of any length.
#pragma once

#include "completion_error.hpp"
#include "library.hpp"
#include "options.hpp"

#include <accel/soft.hpp>
#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <semaphore>
#include <span>
#include <string>

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

/// Memory for one descriptor at a time.
struct Slot {
	std::span<std::byte> in;
	std::span<std::byte> out;
	size_t in_bytes = 0; // used bytes of `in`
	size_t second =
		0; // compare: used bytes of `out`, the second input; inflate: expected length
	uint64_t offset = 0; // in the input
};

class Pipeline {
public:
	/// Each slot has @in_bytes for input and @out_bytes for output.
	Pipeline(const accel::Device &device, const RunOptions &options, size_t in_bytes,
		 size_t out_bytes);

	/// Fills the slot and the descriptor; returns false at the end of the input. Called by the reading thread.
	using Fill = std::function<bool(Slot &slot, accel_soft_descriptor &descriptor)>;
	/// Takes a result, in order; returns false to stop early. Called by the thread that calls run().
	using Collect = std::function<bool(Slot &slot, const accel_completion &completion)>;

	/// Runs until the end of the input. Rethrows the first exception of @fill, @collect or the device, after the
	/// reading thread has ended.
	void run(const Fill &fill, const Collect &collect);

	~Pipeline();
	Pipeline(const Pipeline &) = delete;
	Pipeline &operator=(const Pipeline &) = delete;

	/// Becomes readable when the reading thread must stop.
	int stop_fd() const { return stop_fd_; }
	Accelerator &accelerator() { return accelerator_; }
	size_t slots() const { return slots_.size(); }
	/// The slot of the @number-th call of Fill. Valid after run().
	const Slot &slot(uint64_t number) const { return slots_[number % slots_.size()]; }
	/// Number of descriptors. Valid after run().
	uint64_t descriptors() const { return end_; }

private:
	void read(const Fill &fill);
	void collect(const Collect &collect);
	void stop();

	struct Unmapper {
		size_t bytes;
		void operator()(std::byte *memory) const;
	};

	std::unique_ptr<std::byte, Unmapper> memory_; // outlives the queue that works on it
	std::vector<Slot> slots_;
	Accelerator accelerator_;
	std::counting_semaphore<> free_;
	int stop_fd_;
	std::atomic<bool> stop_ = false;
	std::atomic<uint64_t> end_ = UINT64_MAX; // sequence of the nop after the last descriptor
	std::exception_ptr failed_;		 // exception of the reading thread
};

} // namespace cli
