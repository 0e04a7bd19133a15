// SPDX-License-Identifier: MIT
// One open file of a device: open, map and close.
#pragma once

#include "soft/objects/object.hpp"
#include "soft/objects/region.hpp"

#include <cstdint>

namespace accel::core::softdev {

class Device;

class File {
public:
	/// ENODEV, ENOMEM by exception.
	static int open(unsigned index, File **file);
	/// The last close. Destroys every object of the file; an inherited file is left unchanged.
	static void close(File *file);
	File(const File &) = delete;
	File &operator=(const File &) = delete;

	int map(uint64_t offset, uint64_t length, void **address);

	/// Whether the parent process opened it, before a fork.
	bool inherited() const;
	Device &device() { return device_; }
	ObjectTable &objects() { return objects_; }
	Offsets &offsets() { return offsets_; }

private:
	explicit File(Device &device);
	~File();
	void end_all(uint16_t type);

	Device &device_;
	const uint64_t generation_;
	File *next_inherited_ = nullptr; // list of inherited files that this process closed
	Offsets offsets_;
	ObjectTable objects_;
};

} // namespace accel::core::softdev
