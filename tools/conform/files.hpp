// SPDX-License-Identifier: MIT
// The file descriptors of the process.
#pragma once

#include <set>
#include <string>
#include <unistd.h>
#include <utility>

namespace accel::conform {

/// All that are open now, but for the one that this takes to look.
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

/// A memory file of @bytes bytes.
UniqueFd make_memfd(size_t bytes);

/// Let the process have no more file descriptors while it lives.
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
