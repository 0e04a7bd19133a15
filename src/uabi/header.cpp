// SPDX-License-Identifier: MIT
// Reads the header and writes the error record, for callers that know fewer or more members.
#include "uabi/header.hpp"

#include <algorithm>
#include <iterator>

namespace accel::core::uabi {

namespace {

constexpr unsigned char kZeros[64] = {};

/* A size inside a member would split a pointer. */
bool ends_a_member(uint32_t size)
{
	constexpr size_t kEnds[] = {
		kMinHeader,
		offsetof(accel_call, reserved),
		offsetof(accel_call, attributes),
		offsetof(accel_call, error),
		offsetof(accel_call, error_size),
		offsetof(accel_call, reserved2),
	};

	return size >= sizeof(accel_call) || std::ranges::count(kEnds, size);
}

} // namespace

int read_header(const Access &memory, uint64_t address, accel_call &header)
{
	uint32_t size;

	header = {};
	if (!address || memory.get(&size, address, sizeof(size)))
		return -EFAULT;
	header.size = size;
	if (size < kMinHeader || size > kMaxHeader || !ends_a_member(size))
		return -EINVAL;
	if (memory.get(&header, address, std::min<size_t>(size, sizeof(header)))) {
		header = {};
		return -EFAULT;
	}
	header.size = size; // the caller may have changed it meanwhile
	return 0;
}

void write_record(const Access &memory, const accel_call &header, const accel_error_record &from)
{
	constexpr uint32_t kText = offsetof(accel_error_record, text);
	const uint32_t bytes = std::min<uint32_t>(header.error_size, sizeof(from));
	accel_error_record record = from;

	if (!header.error || !header.error_size)
		return;
	/* A text that is cut also ends with a zero byte. */
	if (bytes > kText)
		record.text[bytes - kText - 1] = '\0';
	if (memory.put(header.error, &record, bytes) || header.error_size > kMaxHeader)
		return;
	for (uint32_t at = bytes; at < header.error_size;) {
		const uint32_t now = std::min<uint32_t>(header.error_size - at, sizeof(kZeros));

		if (memory.put(header.error + at, kZeros, now))
			return;
		at += now;
	}
}

} // namespace accel::core::uabi
