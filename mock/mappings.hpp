// SPDX-License-Identifier: MIT
// The mappings of mock files in the program; each keeps its file open.
#pragma once

#include "mock/files.hpp"

#include <map>

namespace accel::core::mock {

/// Thread-safe. Contains mappings of mock files only.
class Mappings {
public:
	/// Calls @map, which returns an address or a negative errno, and records the mapping.
	template <class Map>
	long add(size_t length, FileUse file, Map map)
	{
		std::vector<FileUse> replaced;
		std::lock_guard lock(mutex_);
		const long r = map();

		if (r >= 0 || r < -4095)
			note(static_cast<uint64_t>(r), length, std::move(file), replaced);
		return r;
	}
	/// Calls @unmap, which returns 0 or a negative errno, and removes the range.
	template <class Unmap>
	int remove(const void *address, size_t length, Unmap unmap)
	{
		std::vector<FileUse> gone;
		std::lock_guard lock(mutex_);
		const int r = unmap();

		if (r == 0)
			cut(reinterpret_cast<uint64_t>(address), length, gone);
		return r;
	}

	/// Returns the file that is mapped at @address and the start of its mapping, or none if it is not the mock's.
	FileUse find(const void *address, uint64_t *start) const;
	/// The number of mapped ranges.
	size_t count() const;
	/// The number of mapped bytes.
	uint64_t bytes() const;

private:
	struct Mapping {
		uint64_t end;
		FileUse file;
	};

	void note(uint64_t start, size_t length, FileUse file, std::vector<FileUse> &gone);
	/* Files whose last mapping is removed are added to @gone, so that they are released without the lock. */
	void cut(uint64_t start, size_t length, std::vector<FileUse> &gone);

	mutable std::mutex mutex_;
	std::map<uint64_t, Mapping> mappings_; // by start
};

} // namespace accel::core::mock
