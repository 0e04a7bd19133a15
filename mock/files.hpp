// SPDX-License-Identifier: MIT
// The open files of the mock kernel, with a lock-free lookup by descriptor.
#pragma once

#include "mock/device.hpp"

#include <array>
#include <atomic>
#include <mutex>
#include <utility>
#include <vector>

namespace accel::core::mock {

/// One open(), like struct file of the kernel: shared by duplicates and mappings.
struct OpenFile {
	std::shared_ptr<MockDevice> device;
	std::unique_ptr<MockFile> file; // null for O_PATH, which opens a path but no device
	std::atomic<unsigned> users = 1;

	void put();
};

/// A use of an open file; the last use releases the file.
class FileUse {
public:
	FileUse() = default;
	/// Takes ownership of one of the file's uses, or of none if @counted is false.
	FileUse(OpenFile *file, bool counted) : file_(file), counted_(counted) {}
	FileUse(FileUse &&other) noexcept
		: file_(std::exchange(other.file_, nullptr)), counted_(other.counted_)
	{}
	FileUse &operator=(FileUse &&other) noexcept
	{
		std::swap(file_, other.file_);
		std::swap(counted_, other.counted_);
		return *this;
	}
	~FileUse()
	{
		if (file_ && counted_)
			file_->put();
	}

	explicit operator bool() const { return file_ != nullptr; }
	OpenFile *operator->() const { return file_; }
	OpenFile *get() const { return file_; }

private:
	OpenFile *file_ = nullptr;
	bool counted_ = false;
};

/// Descriptors to open files.
class FileTable {
public:
	static constexpr int kMost = 1 << 16;

	/// With @counted false uses are not counted, so that threads share no cache line; then a file must not be
	/// closed while it is in use.
	explicit FileTable(bool counted) : counted_(counted), slots_(kMost) {}

	/// Returns the file of a descriptor, or none if the descriptor is not the mock's.
	FileUse use(int fd) const;
	/// Adds a new file, or one more descriptor of @file; false: fd is too large.
	bool install(int fd, std::shared_ptr<MockDevice> device, std::unique_ptr<MockFile> file);
	bool install(int fd, const FileUse &file);
	/// Removes the descriptor and returns the use that the table had.
	FileUse take(int fd);

	/// Calls @visit for each file that is open or mapped.
	template <class Visit>
	void each(Visit visit) const
	{
		std::lock_guard lock(mutex_);

		for (const auto &file : files_)
			if (file->users.load(std::memory_order_acquire))
				visit(*file);
	}

private:
	bool put(int fd, OpenFile *file);

	const bool counted_;
	std::vector<std::atomic<OpenFile *>> slots_;
	mutable std::mutex mutex_;
	/* A thread in use() may read a file from its slot while another takes the descriptor and drops the last use.
	 * Files are therefore freed with the table only. */
	std::vector<std::unique_ptr<OpenFile>> files_;
};

} // namespace accel::core::mock
