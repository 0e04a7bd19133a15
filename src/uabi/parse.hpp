// SPDX-License-Identifier: MIT
// The server's side of a message: read once, checked by the policy, answered completely or not at all.
#pragma once

#include "uabi/header.hpp"
#include "uabi/policy.hpp"

#include <cstdarg>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>
#include <uapi/accel/accel.h>

namespace accel::core::uabi {

/// Whether the value is an address of the data.
inline bool is_indirect(const accel_attribute &attribute)
{
	return attribute.flags & ACCEL_ATTRIBUTE_FLAGS_INDIRECT;
}

/// One call while it is served: parse(), then the handler, then finish(). Fixed size, allocates nothing, throws
/// nothing. Used by one thread; about 3 KiB, intended for the stack.
///
/// The caller may change its memory at any time. Header, attributes, numbers, structures and strings are therefore
/// copied before they are checked, and only the copies are used. Bytes stay in the caller's memory: copy_in() the
/// required part, then check the copy.
///
/// A "slot" is the position of an attribute in the policy of its method. The views of <accel/uabi/soft_server.hpp> know
/// them.
class Call {
public:
	/// Bytes for the structures and strings of one message; the tables assert that they are enough.
	static constexpr size_t kArena = 1024;
	/// A header or value with more unknown bytes than this is malformed, even if they are zero.
	static constexpr uint32_t kMaxFixed = kMaxHeader;

	Call() = default;
	Call(const Call &) = delete;
	Call &operator=(const Call &) = delete;

	/// Reads the message at @address and checks all of it.
	/// @param policy  with an index; must outlive the call
	/// @return 0, or a negative errno for finish(): the handler must not run then
	int parse(const Policy &policy, const Access &access, uint64_t address);

	/// Answers the caller. If @result is 0, writes the outputs; otherwise writes the error record and changes
	/// nothing in the attributes except the lengths for -EMSGSIZE.
	/// @param result  the result of parse() or of the handler
	/// @return the result for the caller; if it is not 0, everything that the handler created must be destroyed
	int finish(int result);

	/// Refuses the call; for handlers.
	/// @param reason     ACCEL_REASON_*; determines the errno
	/// @param attribute  number of the attribute that is wrong, or 0
	/// @param value, minimum, maximum  for the error record
	/// @param format     the text after "object.method: "; printf-like
	/// @return the negative errno, for the handler to return
	[[gnu::format(printf, 7, 8)]] int fail(unsigned reason, uint16_t attribute, uint64_t value,
					       uint64_t minimum, uint64_t maximum,
					       const char *format, ...);

	const Policy &policy() const { return *policy_; }
	uint16_t object() const { return header_.object; }
	uint16_t method() const { return header_.method; }
	/// Number of methods before this one in the policy.
	unsigned ordinal() const { return ordinal_; }
	/// The current error record; code is 0 if the call is not refused.
	const accel_error_record &error() const { return error_; }

	/// Whether the caller passed (an input) or requested (an output) the attribute.
	bool has(unsigned slot) const { return seen_ >> slot & 1; }

	/// Returns a number, checked. Only if has().
	uint64_t value(unsigned slot) const { return values_[position(slot)]; }

	template <class T>
	std::optional<T> optional_value(unsigned slot) const
	{
		if (!has(slot))
			return std::nullopt;
		return static_cast<T>(value(slot));
	}

	/// Returns a copy of a structure, of the size in the policy. nullptr if it is absent.
	template <class T>
	const T *structure(unsigned slot) const
	{
		if (!has(slot))
			return nullptr;
		return reinterpret_cast<const T *>(arena_ + value(slot));
	}

	/// Returns a copy of a string: UTF-8 without zero bytes. Empty if it is absent.
	std::string_view string(unsigned slot) const;

	/// Returns the length of bytes from the caller, or the space for an output. 0 if absent.
	uint32_t length(unsigned slot) const
	{
		return has(slot) ? attributes_[position(slot)].length : 0;
	}

	/// Copies a part of bytes. They may change afterwards, so use only the copy.
	/// @return 0; -EINVAL: the part is outside of the bytes; -EFAULT; fail() was called
	int copy_in(unsigned slot, void *to, size_t offset, size_t bytes);

	/// Stages a number. Ignored if the caller did not request it.
	void put(unsigned slot, uint64_t value)
	{
		if (has(slot))
			put_number(slot, value);
	}

	/// Stages a structure; the caller gets as much of it as it knows.
	void put_structure(unsigned slot, const void *value, uint32_t bytes)
	{
		if (has(slot))
			put_fixed(slot, value, bytes);
	}

	/// Stages a string. If it does not fit, finish() answers -EMSGSIZE.
	void put_string(unsigned slot, std::string_view text);

	/// Writes bytes into the caller's space at once, because they can be too many to stage. The space has no
	/// defined content if the call fails afterwards, so do this last.
	/// @return 0, also if the caller did not request it; -EMSGSIZE; -EFAULT; fail() was called
	int put_bytes(unsigned slot, const void *bytes, size_t length);

private:
	unsigned position(unsigned slot) const { return positions_[slot]; }

	// parse.cpp
	int read(void *to, uint64_t from, size_t bytes) { return access_.get(to, from, bytes); }
	int write(uint64_t to, const void *from, size_t bytes)
	{
		return access_.put(to, from, bytes);
	}
	int zero(uint64_t from, uint64_t bytes, bool &all_zero);
	int read_header(uint64_t address);
	int check_header();
	int find_method();
	int read_attributes();

	// check.cpp
	int check_attributes();
	int check_attribute(uint32_t line, unsigned position);
	int check_shape(uint32_t line, unsigned position);
	int check_input(uint32_t line, unsigned position);
	int check_number(uint32_t line, unsigned position);
	int check_members(uint32_t line, unsigned position);
	int check_length(uint32_t line, unsigned position);
	int copy_fixed(uint32_t line, unsigned position, void *to);
	int copy_string(uint32_t line, unsigned position);
	int check_room(uint32_t line, unsigned position);
	unsigned char *allocate(size_t bytes);

	// reply.cpp
	void put_number(unsigned slot, uint64_t value);
	void put_fixed(unsigned slot, const void *value, uint32_t bytes);
	void too_long(unsigned position, uint64_t bytes);
	const accel_policy_entry &entry_of(unsigned slot) const
	{
		return policy_->entries[slots_[slot]];
	}
	int commit();
	int write_value(unsigned position);
	void write_lengths();
	void write_record(int result);

	// refuse.cpp: each fills the error record and returns the negative errno
	struct Wrong {
		unsigned reason;
		uint32_t line; // attribute, method or kNoEntry: the text begins with its name
		unsigned position = kNowhere; // in the message
		uint64_t value = 0;
		uint64_t minimum = 0;
		uint64_t maximum = 0;
	};
	static constexpr unsigned kNowhere = ~0u;

	[[gnu::format(printf, 3, 4)]] int refuse(const Wrong &wrong, const char *format, ...);
	int refuse_range(uint32_t line, unsigned position);
	int refuse_member(uint32_t line, unsigned position);
	int refuse_unknown(unsigned position);
	int refuse_duplicate(uint32_t line, unsigned first, unsigned second);
	int refuse_missing(uint32_t line);
	int refuse_read(uint32_t line, unsigned position);
	int refuse_write(unsigned position);
	int no_room();
	void no_reason(int result);
	void record(const Wrong &wrong, uint16_t attribute, const char *format, va_list arguments);
	uint16_t wrong_attribute(uint32_t line, unsigned position) const;
	size_t path(uint32_t line, char *to, size_t room) const;

	const Policy *policy_ = nullptr;
	Access access_;
	const uint16_t *slots_; // lines of the method's attributes
	accel_call header_;
	uint64_t address_; // of the message
	uint32_t line_;	   // method, kNoEntry if it is unknown
	uint16_t ordinal_;
	uint8_t count_; // attributes of the message
	uint32_t next_arena_;
	uint64_t seen_;	    // bit of each slot that is in the message
	uint64_t put_;	    // bit of each position with a staged output
	uint64_t deferred_; // of these, the ones whose value is not yet written
	uint64_t short_;    // bit of each position with too little space
	accel_attribute attributes_[ACCEL_MAX_ATTRIBUTES];
	uint64_t values_[ACCEL_MAX_ATTRIBUTES];	  // number, or offset in arena_
	uint32_t lengths_[ACCEL_MAX_ATTRIBUTES];  // of a string; of an output: staged or needed
	uint8_t positions_[ACCEL_MAX_ATTRIBUTES]; // by slot
	accel_error_record error_;
	alignas(8) unsigned char arena_[kArena];
};

} // namespace accel::core::uabi
