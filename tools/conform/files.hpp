// SPDX-License-Identifier: MIT
// The file descriptors of the process.
#pragma once

#include <set>
#include <string>
#include <unistd.h>
#include <utility>

namespace accel::conform {

/// All descriptors that are open now, except the one that this function opens.
std::set<int> open_files();
/// "anon_inode:[eventfd]"
std::string file_name(int fd);

class UniqueFd {
public:
	explicit UniqueFd(int fd = -1) : fd_(fd) {}
	UniqueFd(UniqueFd &&other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
	UniqueFd &operator=(UniqueFd &&other) noexcept
	{
		std::swap(fd_, other.fd_);
		return *this;
	}
	~UniqueFd() { reset(); }

	int get() const { return fd_; }
	void reset()
	{
		if (fd_ >= 0)
			::close(fd_);
		fd_ = -1;
	}

private:
	int fd_;
};

/// Creates a memfd of @bytes bytes.
UniqueFd make_memfd(size_t bytes);

/// Prevents the process from opening more file descriptors while the object exists.
class NoMoreFiles {
public:
	NoMoreFiles();
	~NoMoreFiles();
	NoMoreFiles(const NoMoreFiles &) = delete;
	NoMoreFiles &operator=(const NoMoreFiles &) = delete;

private:
	unsigned long old_soft_;
};

} // namespace accel::conform
