// SPDX-License-Identifier: MIT
// Memory that a mock device owns and a program may map.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace accel::core::mock {

/// Zeroed pages in a memfd. A mapping of them stays valid after the device, the buffer and this object were destroyed.
class Memory {
public:
	/// Returns null if the machine has no more memory or file descriptors.
	static std::shared_ptr<Memory> create(const char *name, uint64_t size);
	~Memory();
	Memory(const Memory &) = delete;
	Memory &operator=(const Memory &) = delete;

	/// The file of the pages; this object keeps ownership.
	int fd() const { return fd_; }
	uint64_t size() const { return size_; }
	/// The number of the file; a duplicate of the descriptor has the same.
	uint64_t identity() const { return identity_; }

	/// The bytes at @offset; false if some are outside.
	bool read(uint64_t offset, std::span<std::byte> to) const;
	bool write(uint64_t offset, std::span<const std::byte> from) const;

	/// Returns the memory of this identity, or none if it was freed.
	static std::shared_ptr<Memory> find(uint64_t identity);
	/// Returns the identity of an open descriptor, or -EBADF.
	static int identify(int fd, uint64_t *identity);

private:
	Memory(int fd, uint64_t size, uint64_t identity) : fd_(fd), size_(size), identity_(identity)
	{}

	int fd_;
	uint64_t size_;
	uint64_t identity_;
};

} // namespace accel::core::mock
