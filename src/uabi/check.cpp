// SPDX-License-Identifier: MIT
// The checks of the attributes of a message, each by its line of the policy.
#include "uabi/parse.hpp"
#include "uabi/utf8.hpp"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>

namespace accel::uabi {
namespace {

constexpr uint16_t kCallerFlags = ACCEL_ATTRIBUTE_FLAGS_MANDATORY | ACCEL_ATTRIBUTE_FLAGS_INDIRECT;

/// Types whose value is one number of 4 or 8 bytes come first in the list of types.
bool is_number(const accel_policy_entry &entry)
{
	static_assert(ACCEL_ATTRIBUTE_TYPE_U32 == 1 && ACCEL_ATTRIBUTE_TYPE_ADDRESS == 8);
	return entry.type - 1u < ACCEL_ATTRIBUTE_TYPE_ADDRESS;
}

bool is_indirect(const accel_attribute &attribute)
{
	return attribute.flags & ACCEL_ATTRIBUTE_FLAGS_INDIRECT;
}

} // namespace

unsigned char *Call::allocate(size_t bytes)
{
	size_t rounded = (bytes + 7) / 8 * 8;

	if (bytes > kArena || rounded > kArena - next_arena_)
		return nullptr;
	unsigned char *made = arena_ + next_arena_;
	next_arena_ += static_cast<uint32_t>(rounded);
	return made;
}

/// Its number, or -1 if there is no place for one more.
int Call::open_group(uint32_t line, unsigned first, unsigned count)
{
	unsigned slots = policy_->index->scopes[line].count;

	if (next_group_ == kGroups || slots > sizeof(positions_) - next_slot_)
		return -1;
	groups_[next_group_] = {0, line, next_slot_, static_cast<uint8_t>(first),
				static_cast<uint8_t>(count)};
	next_slot_ = static_cast<uint8_t>(next_slot_ + slots);
	return next_group_++;
}

int Call::check_group(unsigned number)
{
	const Group group = groups_[number];
	const PolicyIndex &index = *policy_->index;
	const Scope &scope = index.scopes[group.line];
	uint8_t *positions = positions_ + group.slots;
	uint64_t seen = 0;

	for (unsigned i = group.first; i < group.first + group.count; ++i) {
		const uint32_t line = policy_->find_attribute(group.line, attributes_[i].id);
		if (line == kNoEntry) {
			if (attributes_[i].flags & ACCEL_ATTRIBUTE_FLAGS_MANDATORY)
				return refuse_unknown(group.line, i);
			continue;
		}
		const unsigned slot = index.slot_of[line];
		if (seen >> slot & 1)
			return refuse_duplicate(line, positions[slot], i);
		seen |= uint64_t{1} << slot;
		positions[slot] = static_cast<uint8_t>(i);
		if (int result = check_attribute(line, i))
			return result;
	}
	groups_[number].seen = seen;
	const uint64_t missing = scope.required & ~seen;
	return missing ? refuse_missing(index.slots[scope.first + std::countr_zero(missing)]) : 0;
}

int Call::check_attribute(uint32_t line, unsigned position)
{
	const accel_policy_entry &entry = policy_->entries[line];
	const accel_attribute &attribute = attributes_[position];

	// Nearly every attribute is an inline number of just its own size.
	if (is_number(entry) && attribute.length == entry.size &&
	    !(attribute.flags & ~ACCEL_ATTRIBUTE_FLAGS_MANDATORY)) {
		if (!(entry.flags & ACCEL_POLICY_FLAGS_IN))
			return 0;
		values_[position] =
			entry.size == 4 ? static_cast<uint32_t>(attribute.value) : attribute.value;
		return check_number(line, position);
	}
	if (int result = check_shape(line, position))
		return result;
	if (entry.flags & ACCEL_POLICY_FLAGS_OUT)
		if (int result = check_room(line, position))
			return result;
	return entry.flags & ACCEL_POLICY_FLAGS_IN ? check_input(line, position) : 0;
}

/// What holds for every attribute, whatever it is for.
int Call::check_shape(uint32_t line, unsigned position)
{
	const accel_attribute &attribute = attributes_[position];
	bool indirect = is_indirect(attribute);

	if (attribute.flags & ~kCallerFlags)
		return refuse({.reason = ACCEL_REASON_ATTRIBUTE_FLAGS,
			       .line = line,
			       .position = position,
			       .value = attribute.flags,
			       .maximum = kCallerFlags},
			      "has the attribute flags 0x%x; a caller may set mandatory (0x1) and "
			      "indirect (0x4)",
			      attribute.flags);
	if (!indirect && attribute.length > sizeof(attribute.value))
		return refuse({.reason = ACCEL_REASON_ATTRIBUTE_FLAGS,
			       .line = line,
			       .position = position,
			       .value = attribute.length,
			       .maximum = sizeof(attribute.value)},
			      "has %u bytes but is not indirect; an inline value has at most 8",
			      attribute.length);
	if (indirect && attribute.length &&
	    (!attribute.value || attribute.value + attribute.length < attribute.value))
		return refuse({.reason = ACCEL_REASON_BAD_POINTER,
			       .line = line,
			       .position = position,
			       .value = attribute.value},
			      attribute.value ? "has an address that wraps around" :
						"has a null address");
	return 0;
}

int Call::check_input(uint32_t line, unsigned position)
{
	const accel_policy_entry &entry = policy_->entries[line];

	switch (entry.type) {
	case ACCEL_ATTRIBUTE_TYPE_STRING: return copy_string(line, position);
	case ACCEL_ATTRIBUTE_TYPE_BYTES:
	case ACCEL_ATTRIBUTE_TYPE_ARRAY: return check_length(line, position);
	case ACCEL_ATTRIBUTE_TYPE_NEST: return open_nest(line, position);
	case ACCEL_ATTRIBUTE_TYPE_STRUCT: {
		unsigned char *copy = allocate(entry.size);
		if (!copy)
			return refuse({ACCEL_REASON_NO_MEMORY, line, position},
				      "does not fit into the server's memory");
		values_[position] = static_cast<uint64_t>(copy - arena_);
		return copy_fixed(line, position, copy);
	}
	default:
		values_[position] = 0;
		if (int result = copy_fixed(line, position, &values_[position]))
			return result;
		return check_number(line, position);
	}
}

/// Copy a value of fixed size: what is missing is zero, what is too much must be.
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
		return refuse({.reason = ACCEL_REASON_BAD_POINTER,
			       .line = line,
			       .position = position,
			       .value = attribute.value},
			      "cannot be read at 0x%llx",
			      static_cast<unsigned long long>(attribute.value));
	}
	if (!all_zero)
		return refuse({.reason = ACCEL_REASON_NONZERO_TAIL,
			       .line = line,
			       .position = position,
			       .value = attribute.length,
			       .maximum = size},
			      "has %u bytes; %u are known here, and the rest is not zero",
			      attribute.length, size);
	return 0;
}

int Call::check_number(uint32_t line, unsigned position)
{
	const accel_policy_entry &entry = policy_->entries[line];
	const uint64_t value = values_[position];

	switch (entry.type) {
	case ACCEL_ATTRIBUTE_TYPE_ENUM:
	case ACCEL_ATTRIBUTE_TYPE_FLAGS: return check_members(line, position);
	case ACCEL_ATTRIBUTE_TYPE_U32:
	case ACCEL_ATTRIBUTE_TYPE_U64:
		if (value < entry.minimum || value > entry.maximum ||
		    ((entry.flags & ACCEL_POLICY_FLAGS_POWER_OF_TWO) &&
		     !std::has_single_bit(value)))
			return refuse_range(line, position);
		return 0;
	default: return 0; // what handles, files, times and addresses mean is for the handler
	}
}

int Call::check_members(uint32_t line, unsigned position)
{
	const accel_policy_entry &entry = policy_->entries[line];
	uint64_t value = values_[position];

	if (entry.type == ACCEL_ATTRIBUTE_TYPE_FLAGS)
		return value & ~entry.maximum ? refuse_member(line, position) : 0;
	for (const accel_policy_entry &member : policy_->members(line))
		if (member.minimum == value)
			return 0;
	return refuse_member(line, position);
}

int Call::check_length(uint32_t line, unsigned position)
{
	const accel_policy_entry &entry = policy_->entries[line];
	const uint32_t length = attributes_[position].length;
	// A nest need not state a limit: that of the whole message holds.
	const uint32_t most = entry.type == ACCEL_ATTRIBUTE_TYPE_NEST && !entry.length ?
				      sizeof(attributes_) :
				      entry.length;

	if (length > most)
		return refuse({.reason = ACCEL_REASON_WRONG_LENGTH,
			       .line = line,
			       .position = position,
			       .value = length,
			       .maximum = most},
			      "has %u bytes; allowed are at most %u", length, most);
	if (entry.size && length % entry.size)
		return refuse({.reason = ACCEL_REASON_WRONG_LENGTH,
			       .line = line,
			       .position = position,
			       .value = length,
			       .minimum = entry.size,
			       .maximum = most},
			      "has %u bytes; allowed are multiples of %u", length, entry.size);
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
		return refuse({.reason = ACCEL_REASON_BAD_POINTER,
			       .line = line,
			       .position = position,
			       .value = attribute.value},
			      "cannot be read at 0x%llx",
			      static_cast<unsigned long long>(attribute.value));
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

/// The attributes of a nest stand behind those of the message; together they are at most 64.
int Call::open_nest(uint32_t line, unsigned position)
{
	const accel_attribute attribute = attributes_[position];
	const unsigned first = count_;
	const uint32_t count = attribute.length / sizeof(accel_attribute);

	if (int result = check_length(line, position))
		return result;
	int group = count > ACCEL_MAX_ATTRIBUTES - first ? -1 : open_group(line, first, count);
	if (group < 0)
		return refuse({.reason = ACCEL_REASON_MESSAGE_SHAPE,
			       .line = line,
			       .position = position,
			       .value = count,
			       .maximum = ACCEL_MAX_ATTRIBUTES - first},
			      "has %u attributes more; a message has at most %u in all", count,
			      ACCEL_MAX_ATTRIBUTES);
	if (count && read(attributes_ + first, attribute.value, attribute.length))
		return refuse({.reason = ACCEL_REASON_BAD_POINTER,
			       .line = line,
			       .position = position,
			       .value = attribute.value},
			      "cannot be read at 0x%llx",
			      static_cast<unsigned long long>(attribute.value));
	count_ = static_cast<uint8_t>(first + count);
	values_[position] = static_cast<uint64_t>(group);
	return check_group(static_cast<unsigned>(group));
}

/// Numbers need their whole room; of a structure the caller gets as much as it knows. How much
/// strings, bytes and arrays need is known only when they are there.
int Call::check_room(uint32_t line, unsigned position)
{
	const accel_policy_entry &entry = policy_->entries[line];
	const uint32_t room = attributes_[position].length;

	if (entry.type == ACCEL_ATTRIBUTE_TYPE_STRING || entry.type == ACCEL_ATTRIBUTE_TYPE_BYTES ||
	    entry.type == ACCEL_ATTRIBUTE_TYPE_ARRAY)
		return 0;
	if (room > kMaxFixed)
		return refuse({.reason = ACCEL_REASON_WRONG_LENGTH,
			       .line = line,
			       .position = position,
			       .value = room,
			       .minimum = entry.size,
			       .maximum = kMaxFixed},
			      "has room for %u bytes; allowed are at most %u", room, kMaxFixed);
	if (room < (entry.type == ACCEL_ATTRIBUTE_TYPE_STRUCT ? 1 : entry.size))
		too_long(position, entry.size);
	return 0;
}

} // namespace accel::uabi
