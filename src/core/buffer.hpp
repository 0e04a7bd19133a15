// SPDX-License-Identifier: MIT
// Memory that the device knows by a handle.
#pragma once

#include "core/device.hpp"

#include <optional>

namespace accel::core {

/// A buffer of a device. Thread-safe.
class Buffer final : public Counted {
public:
	/// @options is complete: read_options() has filled in what an older caller does not know.
	static Result<Ref<Buffer>> create(Device &device, const accel_buffer_options &options);
	/// The caller keeps ownership of @address, which must outlive the buffer.
	static Result<Ref<Buffer>> from_memory(Device &device, void *address, uint64_t length,
					       uint64_t access);
	/// The caller keeps ownership of @fd.
	static Result<Ref<Buffer>> from_file(Device &device, int fd);
	/// On success the object can no longer be used; on failure it is unchanged.
	Result<void> destroy();

	Device &device() const { return *device_; }
	uint64_t handle() const { return handle_; }
	void *address() const { return address_; }
	uint64_t size() const { return size_; }
	/// The address at which the device accesses it without a mapping, if there is one.
	std::optional<uint64_t> device_address() const { return device_address_; }

private:
	explicit Buffer(Device &device) : device_(Ref<Device>::share(&device)) {}
	~Buffer() override;

	Result<void> map(Backend &backend, uint64_t offset);

	Ref<Device> device_;
	uint64_t handle_ = 0;
	void *address_ = nullptr;
	uint64_t size_ = 0;
	std::optional<uint64_t> device_address_;
	bool mapped_ = false; // by the backend
};

} // namespace accel::core
