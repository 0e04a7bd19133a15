// SPDX-License-Identifier: MIT
// The open files of the mock kernel, found by descriptor without a lock.
#pragma once

#include "mock/device.hpp"

#include <array>
#include <atomic>
#include <mutex>
#include <utility>
#include <vector>

namespace accel::core::mock {

/// One open(), as struct file of the kernel: shared by duplicates, and by mappings.
struct OpenFile {
	std::shared_ptr<MockDevice> device;
	std::unique_ptr<MockFile> file; // null for O_PATH, which opens a path and no device
	std::atomic<unsigned> users = 1;

	void put();
};

/// A use of an open file, which is released after the last.
class FileUse {
public:
	FileUse() = default;
	/// Takes over one of the file's users, or none if @counted is false.
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

	/// With @counted false a use is not counted, so that threads share no cache line; a file must
	/// then not be closed while it is in use.
	explicit FileTable(bool counted) : counted_(counted), slots_(kMost) {}

	/// The file of a descriptor, if it is one of the mock's.
	FileUse use(int fd) const;
	/// Puts a new file, or one more descriptor of @file, in the table; false: fd is too great.
	bool install(int fd, std::shared_ptr<MockDevice> device, std::unique_ptr<MockFile> file);
	bool install(int fd, const FileUse &file);
	/// Takes the descriptor out of the table; the use is that of the table.
	FileUse take(int fd);

	/// Calls @visit for each file that is still open or mapped.
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
	/* Never freed before the table, so that a look-up without a lock never meets a freed one. */
	std::vector<std::unique_ptr<OpenFile>> files_;
};

} // namespace accel::core::mock
