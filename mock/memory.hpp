// SPDX-License-Identifier: MIT
// Memory that a mock device owns and a program may map.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace accel::core::mock {

/// Zeroed pages in a file of their own. A mapping of them stays valid when the device, the buffer and
/// this object are gone.
class Memory {
public:
	/// Null if the machine has no more memory or file descriptors.
	static std::shared_ptr<Memory> create(const char *name, uint64_t size);
	~Memory();
	Memory(const Memory &) = delete;
	Memory &operator=(const Memory &) = delete;

	/// The file of the pages, which stays this object's.
	int fd() const { return fd_; }
	uint64_t size() const { return size_; }
	/// Number of the file, which a duplicate of the descriptor has, too.
	uint64_t identity() const { return identity_; }

	/// The bytes from @offset on; false if some lie outside.
	bool read(uint64_t offset, std::span<std::byte> to) const;
	bool write(uint64_t offset, std::span<const std::byte> from) const;

	/// The memory of this identity, if there still is one.
	static std::shared_ptr<Memory> find(uint64_t identity);
	/// The identity of an open descriptor; -EBADF if it is not open.
	static int identify(int fd, uint64_t *identity);

private:
	Memory(int fd, uint64_t size, uint64_t identity) : fd_(fd), size_(size), identity_(identity)
	{}

	int fd_;
	uint64_t size_;
	uint64_t identity_;
};

} // namespace accel::core::mock
