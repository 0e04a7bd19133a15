// SPDX-License-Identifier: MIT
// Access to the program's memory as in a kernel: by copying, with EFAULT for a bad address.
#pragma once

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

namespace accel::core::mock {

/// Copies @size bytes of the program at @from. Returns 0 or -EFAULT.
int copy_from_user(void *to, uint64_t from, size_t size);
/// Copies @size bytes to the program at @to. Returns 0 or -EFAULT; then some bytes may have been written.
int copy_to_user(uint64_t to, const void *from, size_t size);

/// The most bytes of one array that a driver copies: larger allocations of kmalloc() fail with ENOMEM.
constexpr size_t kMostCopied = 4u << 20;

/// The kernel's copy of an array of the program.
template <class T>
class UserArray {
	static_assert(std::is_trivially_copyable_v<T>);

public:
	/// Copies @count elements at @address. Returns 0, -ENOMEM (more than kMostCopied bytes) or -EFAULT.
	int copy_in(uint64_t address, uint64_t count)
	{
		if (count > kMostCopied / sizeof(T))
			return -ENOMEM;
		elements_.resize(count);
		return copy_from_user(elements_.data(), address, count * sizeof(T));
	}
	/// Allocates @count elements without copying. Returns 0 or -ENOMEM.
	int reserve(uint64_t count)
	{
		if (count > kMostCopied / sizeof(T))
			return -ENOMEM;
		elements_.resize(count);
		return 0;
	}
	int copy_out(uint64_t address) const
	{
		return copy_to_user(address, elements_.data(), elements_.size() * sizeof(T));
	}

	std::span<T> span() { return elements_; }
	std::span<const T> span() const { return elements_; }

private:
	std::vector<T> elements_;
};

} // namespace accel::core::mock
