// SPDX-License-Identifier: MIT
// What devices have in common whose kernel driver has calls of its own: an open file, and address spaces that the driver
// knows nothing of.
#pragma once

#include "core/backend.hpp"

#include <map>
#include <mutex>

namespace accel::core {

/// A provider adds buffers and queues.
class DriverBackend : public Backend {
public:
	void close() noexcept override;
	/* What the kernel has ends with the parent's file, which this is a copy of. */
	void abandon() noexcept override { close(); }
	int fd() const noexcept override { return fd_; }

	Result<AddressSpaceCreateOut> address_space_create(const AddressSpaceCreateIn &in) override;
	Result<void> address_space_destroy(const AddressSpaceDestroyIn &in) override;
	Result<accel_address_space_info> address_space_query(
		const AddressSpaceQueryIn &in) override;
	/// For drivers that do what caches need by themselves: checks the arguments.
	Result<void> buffer_sync(const BufferSyncIn &in) override;

	/// For a queue that ends: what count_queue() counted.
	void forget_queue(uint64_t space) noexcept;

protected:
	/// What an address space of the device is.
	struct Spaces {
		uint32_t mode;		  // the one that the device has
		const char *wrong_mode;	  // what to do with another one
		const char *pasid_reason; // why a query tells no PASID
	};

	/// @fd becomes the backend's.
	DriverBackend(int fd, const Spaces &spaces, const char *lacks)
		: Backend(lacks), fd_(fd), kind_(spaces)
	{}
	~DriverBackend() override { DriverBackend::close(); }

	/// Fails unless a queue is asked for that a ring of the process can be: a power of two of entries up to @most, no
	/// other flags than @flags, no event and no fence.
	static Result<void> check_request(const QueueRequest &request, uint32_t most,
					  uint64_t flags);
	/// The queue that is being made keeps its address space. ENOENT.
	Result<void> count_queue(uint64_t space);

	int fd_; // -1: closed

private:
	const Spaces kind_;
	std::mutex mutex_;		      // guards what follows
	std::map<uint64_t, uint32_t> spaces_; // their queues
	uint64_t next_ = 1;
};

} // namespace accel::core
