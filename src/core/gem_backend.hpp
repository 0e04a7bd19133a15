// SPDX-License-Identifier: MIT
// The common part of devices with a DRM driver that has an ioctl set of its own: buffers that are GEM objects, and
// address spaces of mode handles.
#pragma once

#include "core/driver_backend.hpp"

#include <atomic>

namespace accel::core {

/// A provider creates objects with its driver's ioctls; this class records and frees them. The kernel reuses the handle
/// of a freed object, so an object that an entry of a queue names keeps its handle until the entry has completed, even
/// if the program destroys the buffer earlier.
class GemBackend : public DriverBackend {
public:
	int map_memory(uint64_t offset, uint64_t size, void **memory) noexcept override;

	Result<BufferCreateOut> buffer_create(const BufferCreateIn &in) override;
	Result<void> buffer_destroy(const BufferDestroyIn &in) override;
	Result<accel_buffer_info> buffer_query(const BufferQueryIn &in) override;

	/// Returns whether the device is present and ready; the call changes nothing.
	virtual bool is_there() const noexcept = 0;
	/// Frees the objects of destroyed buffers that no entry names any more. A queue calls it after completions and
	/// when it is destroyed. One load if there are none.
	void free_destroyed() noexcept;

protected:
	/// Takes ownership of @fd. @flags: buffer flags that the driver supports, besides no-map.
	GemBackend(int fd, uint64_t flags, const char *lacks);

	/// Creates an object of @size bytes, whole pages; returns its handle.
	virtual Result<uint32_t> make_object(uint64_t size, uint64_t flags) = 0;
	/// Returns the offset at which an object can be mapped.
	virtual Result<uint64_t> object_offset(uint32_t handle) = 0;
	/// Returns whether an entry that has not completed names the object.
	virtual bool is_named(uint32_t handle) const noexcept = 0;

	/// The failure of a system call; a removed device causes several errnos.
	std::unexpected<Failure> failed(const char *doing, int code) const;
	/// The failure of a call that succeeded with an inconsistent answer.
	static std::unexpected<Failure> nonsense(const char *call);

private:
	struct Buffer {
		uint64_t size;
		uint64_t flags;
		bool destroyed = false; // freed when no entry names it
	};

	const uint64_t buffer_flags_;
	std::atomic<size_t> destroyed_ = 0; // number of such buffers_
	std::mutex mutex_;		    // guards the members below
	std::map<uint32_t, Buffer> buffers_;
};

} // namespace accel::core
