// SPDX-License-Identifier: MIT
// One open file of a device: what an open(), ioctl(), mmap() and close() of its node are.
#pragma once

#include "soft/object.hpp"
#include "soft/region.hpp"

#include <cstdint>
#include <uapi/accel/accel.h>

namespace accel::core::softdev {

class Device;

class File {
public:
	/// ENODEV, ENOMEM by exception.
	static int open(unsigned index, File **file);
	/// Everything that was made from it ends first. In a forked child nothing but memory is given back.
	~File();
	File(const File &) = delete;
	File &operator=(const File &) = delete;

	/// Serves one message to the file at @file; never throws.
	static int call(void *file, accel_call *message) noexcept;
	int map(uint64_t offset, uint64_t length, void **address);

	Device &device() { return device_; }
	ObjectTable &objects() { return objects_; }
	Offsets &offsets() { return offsets_; }

private:
	explicit File(Device &device);
	/// Opened by another process, before a fork.
	bool inherited() const;
	void end_all(uint16_t type);

	Device &device_;
	const uint64_t generation_;
	Offsets offsets_;
	ObjectTable objects_;
};

} // namespace accel::core::softdev
