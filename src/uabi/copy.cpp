// SPDX-License-Identifier: MIT
// Copies inputs of the caller into the Call (structures, strings): each is read once, then checked.
#include "uabi/parse.hpp"
#include "uabi/utf8.hpp"

#include <algorithm>
#include <cstring>

namespace accel::core::uabi {
unsigned char *Call::allocate(size_t bytes)
{
	size_t rounded = (bytes + 7) / 8 * 8;

	if (bytes > kArena || rounded > kArena - next_arena_)
		return nullptr;
	unsigned char *made = arena_ + next_arena_;
	next_arena_ += static_cast<uint32_t>(rounded);
	return made;
}

/// Copies a value of fixed size: missing bytes become zero, extra bytes must be zero.
int Call::copy_fixed(uint32_t line, unsigned position, void *to)
{
	const accel_attribute &attribute = attributes_[position];
	const uint32_t size = policy_->entries[line].size;
	const uint32_t copied = std::min(attribute.length, size);
	bool all_zero = true;

	if (!attribute.length || attribute.length > kMaxFixed)
		return refuse({.reason = ACCEL_REASON_WRONG_LENGTH,
			       .line = line,
			       .position = position,
			       .value = attribute.length,
			       .minimum = 1,
			       .maximum = kMaxFixed},
			      "has %u bytes; the value has %u", attribute.length, size);
	std::memset(static_cast<char *>(to) + copied, 0, size - copied);
	if (!is_indirect(attribute)) {
		const auto *value = reinterpret_cast<const unsigned char *>(&attribute.value);
		std::memcpy(to, value, copied);
		all_zero = std::all_of(value + copied, value + attribute.length,
				       [](unsigned char c) { return !c; });
	} else if (read(to, attribute.value, copied) ||
		   zero(attribute.value + copied, attribute.length - copied, all_zero)) {
		return refuse_read(line, position);
	}
	if (!all_zero)
		return refuse({.reason = ACCEL_REASON_NONZERO_TAIL,
			       .line = line,
			       .position = position,
			       .value = attribute.length,
			       .maximum = size},
			      "has %u bytes; %u are known, and the rest is not zero",
			      attribute.length, size);
	return 0;
}

int Call::check_length(uint32_t line, unsigned position)
{
	const uint32_t length = attributes_[position].length;
	const uint32_t most = policy_->entries[line].length;

	if (length > most)
		return refuse({.reason = ACCEL_REASON_WRONG_LENGTH,
			       .line = line,
			       .position = position,
			       .value = length,
			       .maximum = most},
			      "has %u bytes; allowed are at most %u", length, most);
	return 0;
}

int Call::copy_string(uint32_t line, unsigned position)
{
	const accel_attribute &attribute = attributes_[position];

	if (int result = check_length(line, position))
		return result;
	unsigned char *copy = allocate(attribute.length);
	if (!copy)
		return refuse({ACCEL_REASON_NO_MEMORY, line, position},
			      "does not fit into the server's memory");
	values_[position] = static_cast<uint64_t>(copy - arena_);
	lengths_[position] = attribute.length;
	if (!is_indirect(attribute))
		std::memcpy(copy, &attribute.value, attribute.length);
	else if (attribute.length && read(copy, attribute.value, attribute.length))
		return refuse_read(line, position);
	size_t good = utf8_prefix({reinterpret_cast<const char *>(copy), attribute.length});
	if (good < attribute.length)
		return refuse(
			{.reason = ACCEL_REASON_OUT_OF_RANGE,
			 .line = line,
			 .position = position,
			 .value = copy[good],
			 .minimum = 1},
			"has the byte 0x%02x at %zu; allowed is UTF-8 text without zero bytes",
			copy[good], good);
	return 0;
}

} // namespace accel::core::uabi
