// SPDX-License-Identifier: MIT
// What devices have in common whose kernel driver is a DRM one with an ioctl set of its own: an open file, buffers that
// are GEM objects, and address spaces of mode handles.
#pragma once

#include "core/backend.hpp"

#include <map>
#include <mutex>

namespace accel::core {

/// A provider makes objects by its driver's ioctls; this remembers and frees them.
class GemBackend : public Backend {
public:
	void close() noexcept override;
	/* What the kernel has ends with the parent's file, which this is a copy of. */
	void abandon() noexcept override { close(); }
	int fd() const noexcept override { return fd_; }
	int map_memory(uint64_t offset, uint64_t size, void **memory) noexcept override;

	Result<AddressSpaceCreateOut> address_space_create(const AddressSpaceCreateIn &in) override;
	Result<void> address_space_destroy(const AddressSpaceDestroyIn &in) override;
	Result<accel_address_space_info> address_space_query(
		const AddressSpaceQueryIn &in) override;
	Result<BufferCreateOut> buffer_create(const BufferCreateIn &in) override;
	Result<void> buffer_destroy(const BufferDestroyIn &in) override;
	Result<accel_buffer_info> buffer_query(const BufferQueryIn &in) override;
	/// For drivers that do what caches need by themselves: checks the arguments.
	Result<void> buffer_sync(const BufferSyncIn &in) override;

	/// Whether the device is there and ready, by a call that changes nothing.
	virtual bool is_there() const noexcept = 0;

	/// For a queue that ends: what count_queue() counted.
	void forget_queue(uint64_t space) noexcept;

protected:
	/// @fd becomes the backend's. @flags: those of buffers that the driver has, besides no-map.
	GemBackend(int fd, uint64_t flags, const char *lacks)
		: Backend(lacks), fd_(fd), buffer_flags_(flags)
	{}
	~GemBackend() override { GemBackend::close(); }

	/// Makes an object of @size bytes, whole pages; its handle.
	virtual Result<uint32_t> make_object(uint64_t size, uint64_t flags) = 0;
	/// Where an object can be mapped.
	virtual Result<uint64_t> object_offset(uint32_t handle) = 0;

	/// Fails unless a queue is asked for that a ring of the process can be: a power of two of entries up to @most, no
	/// other flags than @flags, no event and no fence.
	static Result<void> check_request(const QueueRequest &request, uint32_t most,
					  uint64_t flags);
	/// The queue that is being made keeps its address space. ENOENT.
	Result<void> count_queue(uint64_t space);

	/// The failure of a system call; a device that is gone says so in several ways.
	std::unexpected<Failure> failed(const char *doing, int code) const;
	/// The failure of a number that is not allowed; @allowed completes the sentence.
	static std::unexpected<Failure> wrong(unsigned reason, const char *what, uint64_t value,
					      const char *allowed);
	/// The failure of a call that succeeded with an answer that cannot be.
	static std::unexpected<Failure> nonsense(const char *call);

	int fd_; // -1: closed

private:
	struct Buffer {
		uint64_t size;
		uint64_t flags;
	};

	const uint64_t buffer_flags_;
	std::mutex mutex_; // guards what follows
	std::map<uint32_t, Buffer> buffers_;
	std::map<uint64_t, unsigned> spaces_; // their queues
	uint64_t next_space_ = 1;
};

} // namespace accel::core
