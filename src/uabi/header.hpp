// SPDX-License-Identifier: MIT
// Access to the memory of a caller, and the two structures in it that every reader of messages uses: the header, and
// the error record that it points to.
#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <uapi/accel/accel.h>

namespace accel::core::uabi {

/// Access to the memory of the caller. Without functions it is the memory of this process, and only null and wrapping
/// addresses are detected; a server like a kernel provides functions that handle any address. They return 0 or -EFAULT,
/// and may have copied a part in that case.
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

/// A longer header is malformed, even if the unknown bytes are zero.
inline constexpr uint32_t kMaxHeader = 4096;
/// Every header has object and method.
inline constexpr uint32_t kMinHeader = offsetof(accel_call, attribute_count);

/// Reads the header at @address. Members after its end are zero in @header.
/// -EFAULT: the header cannot be read. -EINVAL: its size is less than kMinHeader, more than kMaxHeader, or ends inside a
/// member. @header then has only the size, if that could be read.
int read_header(const Access &memory, uint64_t address, accel_call &header);

/// Writes as much of @record as fits to the address in @header, and fills the remaining space with zeros. A failure to
/// write does not change the answer.
void write_record(const Access &memory, const accel_call &header, const accel_error_record &record);

} // namespace accel::core::uabi
