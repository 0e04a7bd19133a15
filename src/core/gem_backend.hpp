// SPDX-License-Identifier: MIT
// What devices have in common whose kernel driver is a DRM one with an ioctl set of its own: buffers that are GEM
// objects, and address spaces of mode handles.
#pragma once

#include "core/driver_backend.hpp"

#include <atomic>

namespace accel::core {

/// A provider makes objects by its driver's ioctls; this remembers and frees them. The kernel gives the handle of a freed
/// object to the next one, so an object that an entry of a queue names keeps its handle until the entry has completed,
/// also when the program destroys the buffer before.
class GemBackend : public DriverBackend {
public:
	int map_memory(uint64_t offset, uint64_t size, void **memory) noexcept override;

	Result<BufferCreateOut> buffer_create(const BufferCreateIn &in) override;
	Result<void> buffer_destroy(const BufferDestroyIn &in) override;
	Result<accel_buffer_info> buffer_query(const BufferQueryIn &in) override;

	/// Whether the device is there and ready, by a call that changes nothing.
	virtual bool is_there() const noexcept = 0;
	/// Frees the objects of destroyed buffers that no entry names any more. For a queue, after completions and
	/// at its end. Costs nothing where there are none.
	void free_destroyed() noexcept;

protected:
	/// @fd becomes the backend's. @flags: those of buffers that the driver has, besides no-map.
	GemBackend(int fd, uint64_t flags, const char *lacks);

	/// Makes an object of @size bytes, whole pages; its handle.
	virtual Result<uint32_t> make_object(uint64_t size, uint64_t flags) = 0;
	/// Where an object can be mapped.
	virtual Result<uint64_t> object_offset(uint32_t handle) = 0;
	/// Whether an entry that has not completed names the object.
	virtual bool is_named(uint32_t handle) const noexcept = 0;

	/// The failure of a system call; a device that is gone says so in several ways.
	std::unexpected<Failure> failed(const char *doing, int code) const;
	/// The failure of a call that succeeded with an answer that cannot be.
	static std::unexpected<Failure> nonsense(const char *call);

private:
	struct Buffer {
		uint64_t size;
		uint64_t flags;
		bool destroyed = false; // entries name it
	};

	const uint64_t buffer_flags_;
	std::atomic<size_t> destroyed_ = 0; // of buffers_
	std::mutex mutex_;		    // guards what follows
	std::map<uint32_t, Buffer> buffers_;
};

} // namespace accel::core
