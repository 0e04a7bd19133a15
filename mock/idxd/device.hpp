// SPDX-License-Identifier: MIT
// A mock of the kernel's idxd driver with one work queue of a DSA or IAX device.
#pragma once

#include "mock/device.hpp"
#include "mock/idxd/engine.hpp"

#include <deque>
#include <random>
#include <thread>
#include <vector>

namespace accel::core::mock {

class MockKernel;

struct IdxdOptions {
	unsigned device = 0, queue = 0; // wqM.N
	bool iax = false;
	bool dedicated = false;
	unsigned version = 1; // of the hardware: DSA 1 has no batches by write(2)
	uint32_t size = 16;
	uint32_t threshold = 12; // of a shared queue
	unsigned retries = 2;	 // of write(2) on a full shared queue
	uint64_t most_bytes = 1u << 21;
	uint32_t most_descriptors = 32;
	bool block_on_fault = false;
	bool absent_pages = true; // a page that the process has not accessed is a page fault
	bool privileged = false;  // the process has CAP_SYS_RAWIO
	bool has_write = true;	  // kernels before 6.9 have no write(2) on work queues
	bool pasid = true;
	unsigned window = 8; // the next descriptor is chosen among this many
	uint64_t seed = 1;
};

class IdxdDevice : public MockDevice {
public:
	explicit IdxdDevice(IdxdOptions options = {});
	~IdxdDevice() override;

	std::expected<std::unique_ptr<MockFile>, int> open(int flags) override;

	/// Starts no descriptor until resume().
	void pause();
	void resume();
	/// The administrator disables the queue: the device completes its descriptors, also while it is paused, and
	/// then sysfs reports the state.
	void disable();
	IdxdEngine &engine() { return engine_; }

	/// The number of descriptors that were submitted, were executed, and were lost by stores to a full dedicated
	/// queue.
	uint64_t taken() const;
	uint64_t executed() const;
	uint64_t lost() const;
	/// Calls of write(2) with a descriptor since the driver unmapped its portal. The driver does not check for
	/// that, so such a call is a fault in the kernel.
	uint64_t hazards() const;
	/// The order of execution, as numbers in the order of submission.
	std::vector<uint64_t> order() const;

protected:
	void quiesce() override;

private:
	friend class IdxdFile;

	struct Work {
		accel_idxd_dsa_descriptor descriptor;
		uint64_t number;
		const void *owner;
	};

	void add_attributes();
	/* The caller holds the lock. Returns 0, or -EAGAIN if the queue is full; @posted: the program does not get it.
	 * */
	int enqueue(const accel_idxd_dsa_descriptor &descriptor, const void *owner, bool posted);
	bool is_room() const;
	bool is_ready() const;
	Work take();
	void serve();
	void start_worker(); // the lock is held
	void release(const void *owner);
	/* Executes, also while paused, until @idle; the caller holds the lock. */
	void drain(Lock &lock, const std::function<bool()> &idle);

	const IdxdOptions options_;
	IdxdEngine engine_;
	std::deque<Work> queue_;
	std::mt19937_64 random_;
	std::vector<uint64_t> order_;
	const void *working_for_ = nullptr;
	uint64_t taken_ = 0, executed_ = 0, lost_ = 0, hazards_ = 0;
	unsigned clients_ = 0, drains_ = 0;
	bool paused_ = false, enabled_ = true, error_ = false, stopping_ = false;
	bool has_portal_ = true; // the driver has mapped it, and the device takes descriptors
	std::unique_ptr<std::thread> worker_;
	pid_t worker_process_ = 0; // the process that has the worker
};

/// The work queues of one DSA device: /dev/dsa/wq0.0, which is shared, and wq0.1, which is dedicated.
struct IdxdMachine {
	std::shared_ptr<IdxdDevice> shared, dedicated;
};
/// Adds them. @options applies to both, except the number and the mode.
IdxdMachine add_idxd(MockKernel &kernel, IdxdOptions options = {});

} // namespace accel::core::mock
