// SPDX-License-Identifier: MIT
// Reports what is wrong with a message: fills in the error record and its text.
#include "uabi/parse.hpp"
#include "uabi/text.hpp"

#include <accel/uabi/errors.hpp>
#include <algorithm>
#include <bit>
#include <cstring>

namespace accel::core::uabi {
namespace {

unsigned long long wide(uint64_t value)
{
	return value;
}

} // namespace

/// "queue", "queue.create" or "queue.create: entries".
size_t Call::path(uint32_t line, char *to, size_t room) const
{
	Text text(to, room);
	uint32_t chain[3];
	unsigned depth = 0;

	for (; line != kNoEntry && depth < std::size(chain); line = policy_->entries[line].parent)
		chain[depth++] = line;
	for (unsigned i = depth; i-- > 0;) {
		std::string_view name = policy_->name(chain[i]);
		unsigned level = depth - 1 - i; // object, method, attribute
		text.add("%s%.*s",
			 level == 0 ? "" :
			 level == 2 ? ": " :
				      ".",
			 static_cast<int>(name.size()), name.data());
	}
	return text.length();
}

void Call::record(const Wrong &wrong, uint16_t attribute, const char *format, va_list arguments)
{
	static_assert(sizeof(error_.text) > 100);

	error_ = {};
	error_.code = -reason_errno(wrong.reason);
	error_.object = header_.object;
	error_.method = header_.method;
	error_.attribute = attribute;
	error_.reason = static_cast<uint16_t>(wrong.reason);
	error_.index = wrong.position == kNowhere ? 0 : wrong.position;
	error_.value = wrong.value;
	error_.minimum = wrong.minimum;
	error_.maximum = wrong.maximum;

	size_t length = path(wrong.line, error_.text, sizeof(error_.text));
	Text text(error_.text + length, sizeof(error_.text) - length);
	if (wrong.line != kNoEntry)
		text.add("%s", policy_->entries[wrong.line].kind == ACCEL_POLICY_KIND_ATTRIBUTE ?
				       " " :
				       ": ");
	text.vadd(format, arguments);
}

/// Returns the attribute that is wrong: the id in the message, or else that of the line.
uint16_t Call::wrong_attribute(uint32_t line, unsigned position) const
{
	if (position != kNowhere)
		return attributes_[position].id;
	if (line == kNoEntry || policy_->entries[line].kind != ACCEL_POLICY_KIND_ATTRIBUTE)
		return 0;
	return policy_->entries[line].id;
}

int Call::refuse(const Wrong &wrong, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	record(wrong, wrong_attribute(wrong.line, wrong.position), format, arguments);
	va_end(arguments);
	return error_.code;
}

int Call::fail(unsigned reason, uint16_t attribute, uint64_t value, uint64_t minimum,
	       uint64_t maximum, const char *format, ...)
{
	uint32_t line = line_ == kNoEntry ? kNoEntry : policy_->find_attribute(line_, attribute);
	unsigned where = kNowhere;
	va_list arguments;

	if (line != kNoEntry && has(policy_->index->facts[line].slot))
		where = position(policy_->index->facts[line].slot);
	va_start(arguments, format);
	record({reason, line_, where, value, minimum, maximum}, attribute, format, arguments);
	va_end(arguments);
	return error_.code;
}

int Call::refuse_range(uint32_t line, unsigned position)
{
	const accel_policy_entry &entry = policy_->entries[line];
	const uint64_t value = values_[position];
	const bool inside = value >= entry.minimum && value <= entry.maximum;
	const uint64_t most = entry.type == ACCEL_ATTRIBUTE_TYPE_U32 ? UINT32_MAX : UINT64_MAX;
	const Wrong wrong = {.reason =
				     static_cast<unsigned>(inside ? ACCEL_REASON_NOT_POWER_OF_TWO :
								    ACCEL_REASON_OUT_OF_RANGE),
			     .line = line,
			     .position = position,
			     .value = value,
			     .minimum = entry.minimum,
			     .maximum = entry.maximum};

	if (entry.flags & ACCEL_POLICY_FLAGS_POWER_OF_TWO)
		return refuse(wrong, "is %llu; allowed are powers of two from %llu to %llu",
			      wide(value), wide(entry.minimum), wide(entry.maximum));
	if (entry.maximum == most)
		return refuse(wrong, "is %llu; allowed are %llu and more", wide(value),
			      wide(entry.minimum));
	return refuse(wrong, "is %llu; allowed are %llu to %llu", wide(value), wide(entry.minimum),
		      wide(entry.maximum));
}

int Call::refuse_member(uint32_t line, unsigned position)
{
	const accel_policy_entry &entry = policy_->entries[line];
	const bool flags = entry.type == ACCEL_ATTRIBUTE_TYPE_FLAGS;
	const uint64_t value = values_[position];
	char list[sizeof(error_.text)], path_text[sizeof(error_.text)];
	Text text(list, sizeof(list));
	// The text before the list needs part of the record, so the list is cut after a whole member.
	const size_t room = sizeof(error_.text) - 1 - path(line, path_text, sizeof(path_text));
	const size_t lead = sizeof(" is 0xffffffffffffffff; allowed: , …");

	for (const accel_policy_entry &member : policy_->members(line)) {
		std::string_view name = policy_->name(member);
		if (text.length() + name.size() + sizeof(", (0xffffffff)") + lead > room) {
			text.add(", …");
			break;
		}
		text.add(flags ? "%s%.*s (0x%llx)" : "%s%.*s (%llu)", text.length() ? ", " : "",
			 static_cast<int>(name.size()), name.data(), wide(member.minimum));
	}
	return refuse({.reason = static_cast<unsigned>(flags ? ACCEL_REASON_UNKNOWN_FLAG :
							       ACCEL_REASON_UNKNOWN_MEMBER),
		       .line = line,
		       .position = position,
		       .value = value,
		       .minimum = entry.minimum,
		       .maximum = entry.maximum},
		      flags ? "is 0x%llx; allowed: %s" : "is %llu; allowed: %s", wide(value), list);
}

int Call::refuse_unknown(unsigned position)
{
	return refuse({.reason = ACCEL_REASON_UNKNOWN_ATTRIBUTE,
		       .line = line_,
		       .position = position,
		       .value = attributes_[position].id},
		      "attribute %u is mandatory and unknown", attributes_[position].id);
}

int Call::refuse_duplicate(uint32_t line, unsigned first, unsigned second)
{
	return refuse({.reason = ACCEL_REASON_DUPLICATE_ATTRIBUTE,
		       .line = line,
		       .position = second,
		       .value = first},
		      "is in the message twice, at %u and %u", first, second);
}

int Call::refuse_missing(uint32_t line)
{
	const accel_policy_entry &entry = policy_->entries[line];

	return refuse({.reason = ACCEL_REASON_MISSING_ATTRIBUTE,
		       .line = line,
		       .minimum = entry.minimum,
		       .maximum = entry.maximum},
		      "is missing; the method requires it");
}

int Call::refuse_read(uint32_t line, unsigned position)
{
	return refuse({.reason = ACCEL_REASON_BAD_POINTER,
		       .line = line,
		       .position = position,
		       .value = attributes_[position].value},
		      "cannot be read at 0x%llx", wide(attributes_[position].value));
}

int Call::refuse_write(unsigned position)
{
	return refuse({.reason = ACCEL_REASON_BAD_POINTER,
		       .line = policy_->find_attribute(line_, attributes_[position].id),
		       .position = position,
		       .value = attributes_[position].value},
		      "cannot be written at 0x%llx", wide(attributes_[position].value));
}

/// Reports the first output that does not fit; the attributes have the lengths of the others.
int Call::no_room()
{
	const unsigned position = static_cast<unsigned>(std::countr_zero(short_));
	const uint32_t room = attributes_[position].length, needed = lengths_[position];

	return refuse({.reason = ACCEL_REASON_NO_ROOM,
		       .line = policy_->find_attribute(line_, attributes_[position].id),
		       .position = position,
		       .value = room,
		       .minimum = needed},
		      "needs room for %u bytes; it has room for %u", needed, room);
}

/// A handler failed without a reason.
void Call::no_reason(int result)
{
	refuse({ACCEL_REASON_NONE, line_}, "the method failed");
	error_.code = result;
}

} // namespace accel::core::uabi
