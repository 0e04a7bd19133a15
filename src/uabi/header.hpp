// SPDX-License-Identifier: MIT
// The memory of a caller, and the two structures in it that every reader of messages uses: the header, and the error
// record that it points to.
#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <uapi/accel/accel.h>

namespace accel::core::uabi {

/// How the memory of the caller is reached. Without functions it is the memory of this process, where
/// only null and wrapping addresses are found out; a kernel-like server gives functions that survive any
/// address. They return 0 or -EFAULT, and may have done a part then.
struct Access {
	int (*read)(void *context, void *to, uint64_t from, size_t bytes) = nullptr;
	int (*write)(void *context, uint64_t to, const void *from, size_t bytes) = nullptr;
	void *context = nullptr;

	int get(void *to, uint64_t from, size_t bytes) const
	{
		if (read)
			return read(context, to, from, bytes);
		if (!plausible(from, bytes))
			return -EFAULT;
		std::memcpy(to, reinterpret_cast<const void *>(static_cast<uintptr_t>(from)),
			    bytes);
		return 0;
	}

	int put(uint64_t to, const void *from, size_t bytes) const
	{
		if (write)
			return write(context, to, from, bytes);
		if (!plausible(to, bytes))
			return -EFAULT;
		std::memcpy(reinterpret_cast<void *>(static_cast<uintptr_t>(to)), from, bytes);
		return 0;
	}

private:
	static bool plausible(uint64_t address, size_t bytes)
	{
		return address && address <= UINTPTR_MAX - bytes;
	}
};

/// A header with more bytes is malformed, even if the unknown ones are zero.
inline constexpr uint32_t kMaxHeader = 4096;
/// Object and method are always there.
inline constexpr uint32_t kMinHeader = offsetof(accel_call, attribute_count);

/// Reads the header at @address. Members that it is too short for are zero in @header.
/// -EFAULT: the header cannot be read. -EINVAL: its size is less than kMinHeader, more than kMaxHeader, or ends inside a
/// member. @header then has the size alone, if that could be read.
int read_header(const Access &memory, uint64_t address, accel_call &header);

/// Writes @record where @header wants it, as much of it as there is room for; room that is left is zeroed. A record that
/// cannot be written changes nothing about the answer.
void write_record(const Access &memory, const accel_call &header, const accel_error_record &record);

} // namespace accel::core::uabi
