// SPDX-License-Identifier: MIT
// An owned file descriptor.
#pragma once

#include "sys/sys.hpp"

#include <utility>

namespace accel::core {

/// Owns a file descriptor and closes it. Move-only.
class Fd {
public:
	Fd() = default;
	explicit Fd(int fd) : fd_(fd) {}
	Fd(Fd &&other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
	Fd &operator=(Fd &&other) noexcept
	{
		std::swap(fd_, other.fd_);
		return *this;
	}
	~Fd()
	{
		if (fd_ >= 0)
			sys::close(fd_);
	}

	int get() const { return fd_; }
	int release() { return std::exchange(fd_, -1); }
	explicit operator bool() const { return fd_ >= 0; }

private:
	int fd_ = -1;
};

} // namespace accel::core
