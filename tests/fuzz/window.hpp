// SPDX-License-Identifier: MIT
// The memory of a caller that consists of the fuzzer's input and nothing else.
#pragma once

#include "uabi/parse.hpp"

#include <cerrno>
#include <cstring>
#include <memory>
#include <span>

namespace accel::core::fuzz {

/// The input lies at address kBase; every other address is a fault. In a piece of the heap that is
/// exactly as large, so that AddressSanitizer sees every step beyond it.
class Window {
public:
	static constexpr uint64_t kBase = 0x10000;

	Window(const uint8_t *data, size_t size) : bytes_(new uint8_t[size]), size_(size)
	{
		if (size)
			std::memcpy(bytes_.get(), data, size);
	}

	uabi::Access access() { return {read, write, this}; }

	std::span<const uint8_t> bytes() const { return {bytes_.get(), size_}; }

	/// A structure at an offset; what lies outside is zero.
	template <class T>
	T at(size_t offset) const
	{
		T value = {};

		if (offset < size_)
			std::memcpy(&value, bytes_.get() + offset,
				    std::min(sizeof(T), size_ - offset));
		return value;
	}

private:
	bool inside(uint64_t address, size_t bytes) const
	{
		return address >= kBase && bytes <= size_ && address - kBase <= size_ - bytes;
	}

	static int read(void *context, void *to, uint64_t from, size_t bytes)
	{
		auto *self = static_cast<Window *>(context);

		if (!self->inside(from, bytes))
			return -EFAULT;
		if (bytes)
			std::memcpy(to, self->bytes_.get() + (from - kBase), bytes);
		return 0;
	}

	static int write(void *context, uint64_t to, const void *from, size_t bytes)
	{
		auto *self = static_cast<Window *>(context);

		if (!self->inside(to, bytes))
			return -EFAULT;
		if (bytes)
			std::memcpy(self->bytes_.get() + (to - kBase), from, bytes);
		return 0;
	}

	std::unique_ptr<uint8_t[]> bytes_;
	size_t size_;
};

/// What must hold always, in every build.
inline void check(bool holds)
{
	if (!holds)
		__builtin_trap();
}

} // namespace accel::core::fuzz
