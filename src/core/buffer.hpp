// SPDX-License-Identifier: MIT
// Memory that the device knows by a handle.
#pragma once

#include "core/device.hpp"

namespace accel::core {

/// A buffer of a device. Thread-safe.
class Buffer final : public Counted {
public:
	static Result<Ref<Buffer>> create(Device &device, uint64_t size);
	/// @address stays the caller's and must outlive the buffer.
	static Result<Ref<Buffer>> from_memory(Device &device, void *address, uint64_t length,
					       uint64_t access);
	/// @fd stays the caller's.
	static Result<Ref<Buffer>> from_file(Device &device, int fd);
	/// On success the object is of no use any more; on failure nothing has changed.
	Result<void> destroy();

	/// The descriptor is the caller's.
	Result<Backend::File> export_file();

	Device &device() const { return *device_; }
	uint64_t handle() const { return handle_; }
	void *address() const { return address_; }
	uint64_t size() const { return size_; }

private:
	explicit Buffer(Device &device) : device_(Ref<Device>::share(&device)) {}
	~Buffer() override;

	/* Runs @make on the backend and keeps what it made. @own: the memory that is mapped
	 * already. */
	template <class Make>
	static Result<Ref<Buffer>> made(Device &device, void *own, Make make);

	Ref<Device> device_;
	uint64_t handle_ = 0;
	void *address_ = nullptr;
	uint64_t size_ = 0;
	bool mapped_ = false; // by the backend
};

} // namespace accel::core
