// SPDX-License-Identifier: MIT
// The answer to a message: staged outputs, and the error record.
#include "uabi/parse.hpp"
#include "uabi/utf8.hpp"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>

namespace accel::core::uabi {
namespace {

constexpr unsigned char kZeros[256] = {};

/// Calls @f with the positions of the bits that are set, lowest first.
template <class F>
int each_bit(uint64_t bits, F &&f)
{
	for (; bits; bits &= bits - 1)
		if (int result = f(static_cast<unsigned>(std::countr_zero(bits))))
			return result;
	return 0;
}

} // namespace

/// Records that an output needs @bytes bytes and has less space.
void Call::too_long(unsigned position, uint64_t bytes)
{
	lengths_[position] = static_cast<uint32_t>(std::min<uint64_t>(bytes, UINT32_MAX));
	short_ |= uint64_t{1} << position;
}

void Call::put_number(unsigned slot, uint64_t value)
{
	const unsigned where = position(slot);
	const uint64_t bit = uint64_t{1} << where;
	const uint32_t size = entry_of(slot).size;
	accel_attribute &attribute = attributes_[where];

	put_ |= bit;
	if (is_indirect(attribute)) {
		values_[where] = value;
		lengths_[where] = size;
		deferred_ |= bit;
		return;
	}
	attribute.value = size == 4 ? static_cast<uint32_t>(value) : value;
	attribute.length = size;
	attribute.flags |= ACCEL_ATTRIBUTE_FLAGS_WRITTEN;
}

void Call::put_fixed(unsigned slot, const void *value, uint32_t bytes)
{
	unsigned where = position(slot);
	const accel_policy_entry &entry = entry_of(slot);
	const bool kept = put_ >> where & 1;
	unsigned char *copy = kept ? arena_ + values_[where] : allocate(entry.size);

	if (!copy)
		return; // the tables assert that there is space
	bytes = std::min(bytes, entry.size);
	std::memcpy(copy, value, bytes);
	std::memset(copy + bytes, 0, entry.size - bytes);
	values_[where] = static_cast<uint64_t>(copy - arena_);
	lengths_[where] = entry.size;
	put_ |= uint64_t{1} << where;
	deferred_ |= uint64_t{1} << where;
}

void Call::put_string(unsigned slot, std::string_view text)
{
	if (!has(slot))
		return;
	unsigned where = position(slot);

	// The policy promises at most this length.
	text = text.substr(0, entry_of(slot).length);
	text = text.substr(0, utf8_prefix(text));
	if (text.size() > attributes_[where].length)
		return too_long(where, text.size());
	unsigned char *copy = allocate(text.size());
	if (!copy)
		return too_long(where, text.size());
	std::memcpy(copy, text.data(), text.size());
	values_[where] = static_cast<uint64_t>(copy - arena_);
	lengths_[where] = static_cast<uint32_t>(text.size());
	put_ |= uint64_t{1} << where;
	deferred_ |= uint64_t{1} << where;
}

int Call::put_bytes(unsigned slot, const void *bytes, size_t length)
{
	if (!has(slot))
		return 0;
	unsigned where = position(slot);
	accel_attribute &attribute = attributes_[where];

	if (length > attribute.length) {
		too_long(where, length);
		return no_room();
	}
	if (!is_indirect(attribute)) {
		attribute.value = 0;
		std::memcpy(&attribute.value, bytes, length);
	} else if (length && write(attribute.value, bytes, length)) {
		return refuse_write(where);
	}
	attribute.length = static_cast<uint32_t>(length);
	attribute.flags |= ACCEL_ATTRIBUTE_FLAGS_WRITTEN;
	put_ |= uint64_t{1} << where;
	return 0;
}

/// Writes one staged output to the caller, and updates the local copy of the attribute.
int Call::write_value(unsigned position)
{
	accel_attribute &attribute = attributes_[position];
	const accel_policy_entry &entry =
		policy_->entries[policy_->find_attribute(line_, attribute.id)];
	const bool in_arena = entry.type == ACCEL_ATTRIBUTE_TYPE_STRING ||
			      entry.type == ACCEL_ATTRIBUTE_TYPE_STRUCT;
	const void *from = in_arena ? static_cast<void *>(arena_ + values_[position]) :
				      static_cast<void *>(&values_[position]);
	const uint32_t room = attribute.length;
	const uint32_t bytes = std::min(lengths_[position], room);

	attribute.length = bytes;
	attribute.flags |= ACCEL_ATTRIBUTE_FLAGS_WRITTEN;
	if (!is_indirect(attribute)) {
		attribute.value = 0;
		std::memcpy(&attribute.value, from, bytes);
		return 0;
	}
	if (bytes && write(attribute.value, from, bytes))
		return -EFAULT;
	// What the caller knows and this server does not is zero.
	uint32_t tail = entry.type == ACCEL_ATTRIBUTE_TYPE_STRING ? 0 : room - bytes;
	for (uint64_t to = attribute.value + bytes; tail;) {
		uint32_t now = std::min<uint32_t>(tail, sizeof(kZeros));
		if (write(to, kZeros, now))
			return -EFAULT;
		to += now;
		tail -= now;
	}
	return 0;
}

/// Values first: while the attributes are unchanged, the call is not answered.
int Call::commit()
{
	int result = each_bit(deferred_, [this](unsigned position) {
		return write_value(position) ? refuse_write(position) : 0;
	});
	if (result)
		return result;
	// Adjacent attributes in one piece; if it cannot be written, the record names the first one.
	for (uint64_t left = put_; left;) {
		const auto first = static_cast<unsigned>(std::countr_zero(left));
		const auto count = static_cast<unsigned>(std::countr_one(left >> first));
		const uint64_t to = header_.attributes + first * sizeof(accel_attribute);

		if (write(to, attributes_ + first, count * sizeof(accel_attribute)))
			return refuse_write(first);
		left &= left + (uint64_t{1} << first);
	}
	return 0;
}

int Call::finish(int result)
{
	if (!result && short_)
		result = no_room();
	if (!result && put_)
		result = commit();
	if (!result)
		return 0;
	if (result == -EMSGSIZE)
		write_lengths();
	write_record(result);
	return result;
}

void Call::write_lengths()
{
	each_bit(short_, [this](unsigned position) {
		uint64_t to = header_.attributes + position * sizeof(accel_attribute) +
			      offsetof(accel_attribute, length);
		return write(to, &lengths_[position], sizeof(lengths_[position]));
	});
}

void Call::write_record(int result)
{
	if (error_.code != result)
		no_reason(result);
	uabi::write_record(access_, header_, error_);
}

} // namespace accel::core::uabi
