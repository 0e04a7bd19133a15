// SPDX-License-Identifier: MIT
// The checks of the attributes of a message, each by its line of the policy.
#include "uabi/parse.hpp"

#include <bit>

namespace accel::core::uabi {
namespace {

constexpr uint16_t kCallerFlags = ACCEL_ATTRIBUTE_FLAGS_MANDATORY | ACCEL_ATTRIBUTE_FLAGS_INDIRECT;

} // namespace

int Call::check_attributes()
{
	const PolicyIndex index = *policy_->index; // a copy, which the loop cannot alias
	const IdTable known = index.children[line_];
	uint64_t seen = 0;

	for (unsigned i = 0; i < count_; ++i) {
		const accel_attribute &attribute = attributes_[i];
		const uint32_t line = index.find(known, attribute.id);
		if (line == kNoEntry) [[unlikely]] {
			if (attribute.flags & ACCEL_ATTRIBUTE_FLAGS_MANDATORY)
				return refuse_unknown(i);
			continue;
		}
		const AttributeFacts facts = index.facts[line];
		if (seen >> facts.slot & 1) [[unlikely]]
			return refuse_duplicate(line, positions_[facts.slot], i);
		seen |= uint64_t{1} << facts.slot;
		positions_[facts.slot] = static_cast<uint8_t>(i);
		// Most attributes are space for one number of exactly its size.
		if (facts.number == attribute.length && !facts.input && facts.number &&
		    !(attribute.flags & ~ACCEL_ATTRIBUTE_FLAGS_MANDATORY))
			continue;
		if (int result = check_attribute(line, i))
			return result;
	}
	seen_ = seen;
	const uint64_t missing = index.scopes[line_].required & ~seen;
	return missing ? refuse_missing(slots_[std::countr_zero(missing)]) : 0;
}

int Call::check_attribute(uint32_t line, unsigned position)
{
	const accel_policy_entry &entry = policy_->entries[line];
	const accel_attribute &attribute = attributes_[position];

	// Nearly every input is an inline number of exactly its size.
	if (is_number(entry.type) && attribute.length == entry.size &&
	    !(attribute.flags & ~ACCEL_ATTRIBUTE_FLAGS_MANDATORY)) {
		values_[position] =
			entry.size == 4 ? static_cast<uint32_t>(attribute.value) : attribute.value;
		return check_number(line, position);
	}
	if (int result = check_shape(line, position))
		return result;
	return entry.flags & ACCEL_POLICY_FLAGS_OUT ? check_room(line, position) :
						      check_input(line, position);
}

/// Checks the rules for inputs and outputs of every type.
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
	case ACCEL_ATTRIBUTE_TYPE_BYTES: return check_length(line, position);
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
	default: return 0; // the handler checks handles, files, times and addresses
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

/// Numbers need their whole size; of a structure the caller gets as much as it knows. The size of strings and bytes is
/// known only when the handler writes them.
int Call::check_room(uint32_t line, unsigned position)
{
	const accel_policy_entry &entry = policy_->entries[line];
	const uint32_t room = attributes_[position].length;

	if (entry.type == ACCEL_ATTRIBUTE_TYPE_STRING || entry.type == ACCEL_ATTRIBUTE_TYPE_BYTES)
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

} // namespace accel::core::uabi
