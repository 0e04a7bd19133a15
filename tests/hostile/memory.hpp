// SPDX-License-Identifier: MIT
// Memory whose end is next to an inaccessible page.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <sys/mman.h>

namespace accel::hostile {

constexpr std::size_t kPage = 4096;

/// Memory between two inaccessible pages: an access outside of it ends the process.
class Guarded {
public:
	/// @bytes: a multiple of the page size.
	explicit Guarded(std::size_t bytes) : bytes_(bytes)
	{
		void *map = mmap(nullptr, bytes + 2 * kPage, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
				 -1, 0);

		if (map == MAP_FAILED)
			std::abort();
		data_ = static_cast<std::byte *>(map) + kPage;
		if (mprotect(data_, bytes, PROT_READ | PROT_WRITE) < 0)
			std::abort();
	}
	~Guarded() { munmap(data_ - kPage, bytes_ + 2 * kPage); }
	Guarded(const Guarded &) = delete;
	Guarded &operator=(const Guarded &) = delete;

	std::span<std::byte> span() const { return {data_, bytes_}; }
	std::uint64_t begin() const { return reinterpret_cast<std::uintptr_t>(data_); }
	std::uint64_t end() const { return begin() + bytes_; }
	/// The last @bytes bytes, or all if it has fewer.
	std::byte *last(std::size_t bytes) const
	{
		return data_ + (bytes < bytes_ ? bytes_ - bytes : 0);
	}

private:
	std::byte *data_ = nullptr;
	std::size_t bytes_;
};

/// Addresses that no process can access: null, the first page, not canonical, of the kernel, and at the very end.
inline constexpr std::uint64_t kBadAddresses[] = {0,
						  8,
						  0x0000'8000'0000'0000,
						  0x0123'4567'89ab'cdef,
						  0xffff'7fff'ffff'f000,
						  0xffff'8880'0000'0000,
						  0xffff'ffff'8100'0000,
						  0xffff'ffff'ffff'f000,
						  0xffff'ffff'ffff'ffff};

} // namespace accel::hostile
