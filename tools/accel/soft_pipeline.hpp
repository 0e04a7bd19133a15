// SPDX-License-Identifier: MIT
// The file path of `run`: one thread reads and posts descriptors, the calling thread collects the
// completions in order and writes. Memory is a fixed number of slots, whatever the length of the file.
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
	/// @device must outlive it. @entries: descriptors in flight at most; @parallel: workers that may serve the
	/// queue at once, 0 for what the options say.
	Accelerator(const accel::Device &device, const RunOptions &options, uint32_t entries,
		    unsigned parallel);

	/// Post one descriptor; the ring must have room.
	uint64_t post(const accel_soft_descriptor &descriptor);
	/// Make the next @count operations of that kind fail.
	void inject_faults(accel_soft_op operation, unsigned count);
	/// Wait for the next completion.
	accel_completion next();
	/// Wait until there is a completion to poll.
	void wait();
	/// For who posts and polls by itself; not mixed with post() at the same time.
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

/// Memory for one descriptor: reused again and again.
struct Slot {
	std::span<std::byte> in;
	std::span<std::byte> out;
	size_t in_bytes = 0; // of `in` that are used
	size_t second =
		0; // compare: bytes used of `out`, the second input; inflate: those expected
	uint64_t offset = 0; // in the input
};

class Pipeline {
public:
	/// Slots with so many bytes for input and output each.
	Pipeline(const accel::Device &device, const RunOptions &options, size_t in_bytes,
		 size_t out_bytes);

	/// Fill the slot and the descriptor; false if there is nothing more. Called by the reading thread.
	using Fill = std::function<bool(Slot &slot, accel_soft_descriptor &descriptor)>;
	/// Take the result, in order; false ends the work early. Called by the caller's thread.
	using Collect = std::function<bool(Slot &slot, const accel_completion &completion)>;

	/// Do the work. What @fill or @collect throw, and what the device refuses, is thrown here, after
	/// everything is still again.
	void run(const Fill &fill, const Collect &collect);

	~Pipeline();
	Pipeline(const Pipeline &) = delete;
	Pipeline &operator=(const Pipeline &) = delete;

	/// Becomes readable when the reading thread is to stop.
	int stop_fd() const { return stop_fd_; }
	Accelerator &accelerator() { return accelerator_; }
	size_t slots() const { return slots_.size(); }
	/// The one that the @number-th call of Fill had. Only after run().
	const Slot &slot(uint64_t number) const { return slots_[number % slots_.size()]; }
	/// How many descriptors did the work; after run().
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
	std::atomic<uint64_t> end_ = UINT64_MAX; // sequence of the descriptor behind the last one
	std::exception_ptr failed_;		 // what the reading thread threw
};

} // namespace cli
