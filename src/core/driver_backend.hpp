// SPDX-License-Identifier: MIT
// The common part of devices whose kernel driver has ioctls of its own: an open file, and address spaces that the
// driver does not know.
#pragma once

#include "core/backend.hpp"

#include <map>
#include <mutex>

namespace accel::core {

/// A provider adds buffers and queues.
class DriverBackend : public Backend {
public:
	void close() noexcept override;
	/* The file of the parent keeps the kernel's objects; this process closes its copy. */
	void abandon() noexcept override { close(); }
	int fd() const noexcept override { return fd_; }

	Result<AddressSpaceCreateOut> address_space_create(const AddressSpaceCreateIn &in) override;
	Result<void> address_space_destroy(const AddressSpaceDestroyIn &in) override;
	Result<accel_address_space_info> address_space_query(
		const AddressSpaceQueryIn &in) override;
	/// For drivers that maintain caches by themselves: checks the arguments.
	Result<void> buffer_sync(const BufferSyncIn &in) override;

	/// Undoes count_queue() when a queue is destroyed.
	void forget_queue(uint64_t space) noexcept;

protected:
	/// Properties of the device's address spaces.
	struct Spaces {
		uint32_t mode;		  // the supported mode
		const char *wrong_mode;	  // the text for any other mode
		const char *pasid_reason; // why a query returns no PASID
	};

	/// Takes ownership of @fd.
	DriverBackend(int fd, const Spaces &spaces, const char *lacks)
		: Backend(lacks), fd_(fd), kind_(spaces)
	{}
	~DriverBackend() override { DriverBackend::close(); }

	/// Fails unless a ring of the process can fulfil the request: a power of two of entries up to @most, no flags
	/// except @flags, no event and no fence.
	static Result<void> check_request(const QueueRequest &request, uint32_t most,
					  uint64_t flags);
	/// Keeps the address space of a queue that is being created in use. ENOENT.
	Result<void> count_queue(uint64_t space);

	int fd_; // -1: closed

private:
	const Spaces kind_;
	std::mutex mutex_;		      // guards the members below
	std::map<uint64_t, uint32_t> spaces_; // number of queues of each
	uint64_t next_ = 1;
};

} // namespace accel::core
