// SPDX-License-Identifier: MIT
// The memory of a simulated caller, which consists of the fuzzer's input only.
#pragma once

#include "uabi/parse.hpp"

#include <cerrno>
#include <cstring>
#include <memory>
#include <span>

namespace accel::core::fuzz {

/// The input is at address kBase; every other address is a fault. The input is in a heap allocation of its exact size,
/// so that AddressSanitizer detects accesses beyond it.
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

	/// Returns a structure at an offset; bytes outside the input are zero.
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

/// An assertion that every build checks.
inline void check(bool holds)
{
	if (!holds)
		__builtin_trap();
}

} // namespace accel::core::fuzz
