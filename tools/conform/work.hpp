// SPDX-License-Identifier: MIT
// Work for a device: memory that it can reach, and a queue with the descriptors of its provider.
#pragma once

#include "conform/test.hpp"

#include <accel/ring.h>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

namespace accel::conform {

/// Whole pages of the process between guard pages, which the device reaches in one address space of either mode. The
/// address space must outlive it.
class Memory {
public:
	/// @access: ACCEL_ACCESS_*; only a mapped space can enforce it. @iova: the address of the mapping; 0 lets the
	/// device choose.
	Memory(const Space &space, size_t bytes, uint64_t access = kReadWrite, uint64_t iova = 0);
	~Memory();
	Memory(const Memory &) = delete;
	Memory &operator=(const Memory &) = delete;

	unsigned char *at(size_t offset = 0) const { return base_ + offset; }
	/// The iova of the byte at @offset.
	uint64_t iova(size_t offset = 0) const { return iova_ + offset; }
	size_t size() const { return bytes_; }
	std::span<unsigned char> bytes() const { return {base_, bytes_}; }
	void randomize(Test &test);
	void clear(unsigned char value = 0);
	/// Removes the mapping; for mapped spaces.
	void unmap();

	static constexpr uint64_t kReadWrite = ACCEL_ACCESS_READ | ACCEL_ACCESS_WRITE;

private:
	accel_address_space *mapped_in_ = nullptr;
	unsigned char *base_;
	size_t bytes_;
	uint64_t iova_;
};

/// A queue and its workload, which fills in the entries of the ring. An entry that the workload cannot fill in
/// skips the obligation, and so does a missing workload. Several threads may fill in entries at once, each with a
/// sequence of its own.
class WorkQueue {
public:
	WorkQueue(Test &test, const Space &space, uint32_t entries, uint64_t flags = 0,
		  const Event *event = nullptr);

	accel_queue *get() const { return queue_.get(); }
	accel_ring *ring() const { return accel_queue_ring(queue_.get()); }
	const Workload &workload() const { return workload_; }
	/// The number of entries that may be outstanding; a device may accept fewer than its ring has.
	uint32_t capacity() const { return static_cast<uint32_t>(ring()->capacity); }

	/// Each fills in the reserved entry @sequence.
	void nop(uint64_t sequence, bool fence = false) const;
	void copy(uint64_t sequence, uint64_t to, uint64_t from, uint64_t bytes,
		  bool fence = false) const;
	void unknown(uint64_t sequence) const;
	void malformed(uint64_t sequence) const;
	void refused(uint64_t sequence) const;
	/// Skips the obligation if entries cannot be fenced.
	void need_fence() const;
	/// Skips the obligation if the device does not report forbidden addresses.
	void need_faults() const;

	void destroy() { (void)queue_.destroy(); }

private:
	Entry entry(uint64_t sequence) const;
	template <class Function>
	void need(Function function, const char *what) const;

	const Workload &workload_;
	std::unique_ptr<QueueState> state_; // outlives the queue
	Queue queue_;
};

/// Fills in the entry @sequence of the ring.
using Fill = std::function<void(uint64_t sequence)>;

/// Runs entries on a queue of its own, for one thread, which posts and takes completions. Checks that each completion
/// is the next in order; every wait has a deadline. Needs a workload.
class Runner {
public:
	Runner(Test &test, const Space &space, uint32_t entries = 16, uint64_t flags = 0,
	       const Event *event = nullptr);

	accel_queue *queue() const { return work_.get(); }
	accel_ring *ring() const { return work_.ring(); }
	const WorkQueue &work() const { return work_; }
	const Workload &workload() const { return work_.workload(); }

	/// Posts one entry after waiting for room. Returns its sequence.
	uint64_t post(const Fill &fill);
	uint64_t post_nop(bool fence = false);
	uint64_t post_unknown();
	uint64_t post_malformed();
	uint64_t post_copy(uint64_t to, uint64_t from, uint64_t bytes, bool fence = false);
	/// Returns the next completion.
	accel_completion take();
	/// Posts one entry and takes completions up to its own.
	accel_completion run(const Fill &fill);
	accel_completion run_nop();
	accel_completion run_unknown();
	accel_completion run_malformed();
	accel_completion run_copy(uint64_t to, uint64_t from, uint64_t bytes);
	/// Takes all outstanding completions; each must be a success.
	void finish();
	/// The number of entries posted so far: the sequence of the next one.
	uint64_t posted() const { return posted_; }
	/// The number of entries posted and not yet taken.
	uint64_t outstanding() const { return posted_ - taken_; }
	void destroy() { work_.destroy(); }

private:
	void poll();

	WorkQueue work_;
	uint64_t posted_ = 0, polled_ = 0, taken_ = 0;
	std::deque<accel_completion> pending_;
};

std::string completion_text(const accel_completion &completion);
void check_status(const accel_completion &completion, unsigned status, Place place);

/// Runs @work(0) to @work(@count - 1), each in its own thread. Joins all threads, then throws the first failure of a
/// check in one of them.
void in_threads(unsigned count, const std::function<void(unsigned index)> &work);

/// Returns the offset of the first byte that differs, or the length.
size_t first_difference(std::span<const unsigned char> a, std::span<const unsigned char> b);

} // namespace accel::conform

#define CHECK_STATUS(completion, status) \
	::accel::conform::check_status((completion), (status), CONFORM_HERE)
/// The first @bytes bytes at @a and @b must be equal.
#define CHECK_SAME(a, b, bytes)                                                              \
	CHECK(::accel::conform::first_difference({(a), (bytes)}, {(b), (bytes)}) == (bytes), \
	      "the first difference is at byte {} of {}",                                    \
	      ::accel::conform::first_difference({(a), (bytes)}, {(b), (bytes)}), (bytes))
