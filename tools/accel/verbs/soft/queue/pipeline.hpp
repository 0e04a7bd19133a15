// SPDX-License-Identifier: MIT
// The file path of `run`: the reading thread reads and publishes descriptors, the calling thread takes the completions
// in order and writes. The memory is a fixed number of slots, for files of any length.
#pragma once

#include "device/completion_error.hpp"
#include "device/library.hpp"
#include "run/options.hpp"
#include "verbs/soft/queue/accelerator.hpp"

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

struct Summary;

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
	/// Sets the members that describe the work of the device. Valid after run().
	void add_to(Summary &summary) const;

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
