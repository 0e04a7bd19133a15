// SPDX-License-Identifier: MIT
// Reads a message: its header, its method, its attributes.
#include "uabi/parse.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace accel::core::uabi {
/// Checks whether @bytes bytes of the caller are zero; callers bound @bytes by kMaxFixed.
int Call::zero(uint64_t from, uint64_t bytes, bool &all_zero)
{
	unsigned char chunk[64];

	all_zero = true;
	while (bytes && all_zero) {
		size_t now = std::min<uint64_t>(bytes, sizeof(chunk));
		if (int result = read(chunk, from, now))
			return result;
		all_zero = std::all_of(chunk, chunk + now, [](unsigned char c) { return !c; });
		from += now;
		bytes -= now;
	}
	return 0;
}

int Call::parse(const Policy &policy, const Access &access, uint64_t address)
{
	policy_ = &policy;
	access_ = access;
	address_ = address;
	line_ = kNoEntry;
	ordinal_ = 0;
	count_ = 0;
	next_arena_ = 0;
	seen_ = put_ = deferred_ = short_ = 0;
	error_.code = 0;

	if (int result = read_header(address))
		return result;
	if (int result = check_header())
		return result;
	if (int result = find_method())
		return result;
	if (int result = read_attributes())
		return result;
	if (int result = check_attributes())
		return result;
	return short_ ? no_room() : 0;
}

int Call::read_header(uint64_t address)
{
	// The address of the error record is unknown until the header is read.
	const int r = uabi::read_header(access_, address, header_);
	const uint32_t size = header_.size;

	if (r == -EFAULT)
		return refuse({ACCEL_REASON_BAD_POINTER, kNoEntry}, "the message cannot be read");
	if (r)
		return refuse({.reason = ACCEL_REASON_MESSAGE_SHAPE,
			       .line = kNoEntry,
			       .value = size,
			       .minimum = kMinHeader,
			       .maximum = kMaxFixed},
			      "the size of the message is %u; allowed are %u to %u, at the end "
			      "of a member",
			      size, kMinHeader, kMaxFixed);
	return 0;
}

int Call::check_header()
{
	const uint32_t known = sizeof(header_);
	bool all_zero = true;

	if (header_.error_size > kMaxFixed)
		return refuse({.reason = ACCEL_REASON_MESSAGE_SHAPE,
			       .line = kNoEntry,
			       .value = header_.error_size,
			       .maximum = kMaxFixed},
			      "error-size is %u; allowed are at most %u", header_.error_size,
			      kMaxFixed);
	if (header_.reserved || header_.reserved2)
		return refuse({.reason = ACCEL_REASON_MESSAGE_SHAPE,
			       .line = kNoEntry,
			       .value = header_.reserved ? header_.reserved : header_.reserved2},
			      "%s is %u; it must be 0", header_.reserved ? "reserved" : "reserved2",
			      header_.reserved ? header_.reserved : header_.reserved2);
	if (header_.size > known && zero(address_ + known, header_.size - known, all_zero))
		return refuse({ACCEL_REASON_BAD_POINTER, kNoEntry}, "the message cannot be read");
	if (!all_zero)
		return refuse({.reason = ACCEL_REASON_NONZERO_TAIL,
			       .line = kNoEntry,
			       .value = header_.size,
			       .maximum = known},
			      "the header has %u bytes; %u are known, and the rest is not zero",
			      header_.size, known);
	if (header_.attribute_count > ACCEL_MAX_ATTRIBUTES)
		return refuse({.reason = ACCEL_REASON_MESSAGE_SHAPE,
			       .line = kNoEntry,
			       .value = header_.attribute_count,
			       .maximum = ACCEL_MAX_ATTRIBUTES},
			      "the message has %u attributes; allowed are at most %u",
			      header_.attribute_count, ACCEL_MAX_ATTRIBUTES);
	return 0;
}

int Call::find_method()
{
	uint32_t object = policy_->find_object(header_.object);

	if (object == kNoEntry)
		return refuse({.reason = ACCEL_REASON_UNKNOWN_OBJECT,
			       .line = kNoEntry,
			       .value = header_.object},
			      "the object type %u is unknown", header_.object);
	uint32_t method = policy_->find_method(object, header_.method);
	if (method == kNoEntry)
		return refuse({.reason = ACCEL_REASON_UNKNOWN_METHOD,
			       .line = object,
			       .value = header_.method},
			      "the method %u is unknown", header_.method);
	line_ = method;
	const Scope &scope = policy_->index->scopes[method];
	ordinal_ = scope.ordinal;
	slots_ = policy_->index->slots + scope.first;
	return 0;
}

int Call::read_attributes()
{
	size_t bytes = header_.attribute_count * sizeof(accel_attribute);

	if (!bytes)
		return 0;
	if (!header_.attributes || read(attributes_, header_.attributes, bytes))
		return refuse({.reason = ACCEL_REASON_BAD_POINTER,
			       .line = line_,
			       .value = header_.attributes},
			      "the attributes cannot be read at 0x%llx",
			      static_cast<unsigned long long>(header_.attributes));
	count_ = static_cast<uint8_t>(header_.attribute_count);
	return 0;
}

int Call::copy_in(unsigned slot, void *to, size_t offset, size_t bytes)
{
	if (!has(slot))
		return -EINVAL;
	const unsigned where = position(slot);
	const uint32_t line = slots_[slot];
	const accel_attribute &attribute = attributes_[where];

	if (offset > attribute.length || bytes > attribute.length - offset)
		return refuse({.reason = ACCEL_REASON_WRONG_LENGTH,
			       .line = line,
			       .position = where,
			       .value = attribute.length,
			       .minimum = offset + bytes,
			       .maximum = policy_->entries[line].length},
			      "has %u bytes; at least %zu are needed", attribute.length,
			      offset + bytes);
	if (!is_indirect(attribute)) {
		std::memcpy(to, reinterpret_cast<const char *>(&attribute.value) + offset, bytes);
		return 0;
	}
	if (bytes && read(to, attribute.value + offset, bytes))
		return refuse_read(line, where);
	return 0;
}

std::string_view Call::string(unsigned slot) const
{
	if (!has(slot))
		return {};
	return {reinterpret_cast<const char *>(arena_) + value(slot), lengths_[position(slot)]};
}

} // namespace accel::core::uabi
