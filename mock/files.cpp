// SPDX-License-Identifier: MIT
// Open files and their users.
#include "mock/files.hpp"

namespace accel::core::mock {

void OpenFile::put()
{
	/* The release orders each user's accesses before the destruction of the file, the acquire the destruction after
	 * them. */
	if (users.fetch_sub(1, std::memory_order_acq_rel) == 1)
		file.reset();
}

FileUse FileTable::use(int fd) const
{
	if (fd < 0 || fd >= kMost)
		return {};
	OpenFile *file = slots_[fd].load(std::memory_order_acquire);

	if (!file || !counted_)
		return {file, false};
	unsigned users = file->users.load(std::memory_order_relaxed);
	do {
		if (!users)
			return {};
	} while (!file->users.compare_exchange_weak(users, users + 1, std::memory_order_acq_rel));
	return {file, true};
}

bool FileTable::put(int fd, OpenFile *file)
{
	if (fd < 0 || fd >= kMost)
		return false;
	slots_[fd].store(file, std::memory_order_release);
	return true;
}

bool FileTable::install(int fd, std::shared_ptr<MockDevice> device, std::unique_ptr<MockFile> file)
{
	auto made = std::make_unique<OpenFile>();

	made->device = std::move(device);
	made->file = std::move(file);
	if (!put(fd, made.get()))
		return false;
	std::lock_guard lock(mutex_);
	files_.push_back(std::move(made));
	return true;
}

bool FileTable::install(int fd, const FileUse &file)
{
	file->users.fetch_add(1, std::memory_order_relaxed);
	if (put(fd, file.get()))
		return true;
	file->put();
	return false;
}

FileUse FileTable::take(int fd)
{
	if (fd < 0 || fd >= kMost)
		return {};
	return {slots_[fd].exchange(nullptr, std::memory_order_acq_rel), true};
}

} // namespace accel::core::mock
