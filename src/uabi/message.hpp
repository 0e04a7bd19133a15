// SPDX-License-Identifier: MIT
// The client's side of a message: attributes on the stack, delivered by one function.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>
#include <uapi/accel/accel.h>

namespace accel::core::uabi {

/// Delivers a message: by ioctl, or by a call into the soft accelerator.
/// @call returns 0 or a negative errno; it may be called by several threads at once.
struct Transport {
	int (*call)(void *context, accel_call *message);
	void *context;
};

/// The server's reaction to an attribute that it does not know.
enum class Need : uint16_t {
	optional = 0,				     ///< ignore it
	mandatory = ACCEL_ATTRIBUTE_FLAGS_MANDATORY, ///< refuse the call: EPROTONOSUPPORT
};

/// A message with space for N attributes, each at most once, and for the error record. Slot k is the k-th attribute
/// that the specification lists for the method; it is in the message only if it was set. Not thread-safe. Not movable:
/// the message holds addresses of its own parts. The typed messages of <accel/uabi/accel_client.hpp> and
/// <accel/uabi/soft_client.hpp> derive from it.
template <unsigned N>
class Message {
	static_assert(N >= 1 && N <= ACCEL_MAX_ATTRIBUTES);

public:
	Message(const Message &) = delete;
	Message &operator=(const Message &) = delete;

	/// The attributes of the message, in the order in which they were set.
	std::span<const accel_attribute> attributes() const { return {attributes_, count_}; }

	/// Delivers the message and waits for the answer.
	///
	/// It may be delivered again, also after a failure. Outputs into the caller's memory must be requested again
	/// before that, because their length is then the written or required one.
	/// @return 0 or a negative errno; error() then has the cause
	int deliver(Transport transport)
	{
		if (delivered_) {
			for (unsigned i = 0; i < count_; ++i)
				attributes_[i].flags &=
					static_cast<uint16_t>(~ACCEL_ATTRIBUTE_FLAGS_WRITTEN);
		}
		delivered_ = true;
		call_.attribute_count = count_;
		error_.code = 0;
		int result = transport.call(transport.context, &call_);
		if (result < 0 && error_.code == 0)
			no_record(result);
		return result;
	}

	/// The cause of the last failure. Valid only after deliver() returned a negative errno.
	const accel_error_record &error() const { return error_; }

	/// The message itself: for tracing.
	const accel_call &call() const { return call_; }

protected:
	Message(uint16_t object, uint16_t method)
		: call_{.size = sizeof(accel_call),
			.object = object,
			.method = method,
			.attributes = reinterpret_cast<uintptr_t>(attributes_),
			.error = reinterpret_cast<uintptr_t>(&error_),
			.error_size = sizeof(accel_error_record)}
	{
		error_.code = 0;
	}
	~Message() = default;

	void set_slot(unsigned slot, uint16_t id, Need need, uint64_t value, uint32_t length)
	{
		at(slot) = {id, static_cast<uint16_t>(need), length, value};
	}

	/// The bytes must stay valid until the message is delivered. The server refuses more than 4 GiB, because no
	/// attribute allows that many.
	void set_slot_memory(unsigned slot, uint16_t id, Need need, const void *memory,
			     size_t bytes)
	{
		at(slot) = {id,
			    static_cast<uint16_t>(static_cast<uint16_t>(need) |
						  ACCEL_ATTRIBUTE_FLAGS_INDIRECT),
			    static_cast<uint32_t>(std::min<size_t>(bytes, UINT32_MAX)),
			    reinterpret_cast<uintptr_t>(memory)};
	}

	bool slot_given(unsigned slot) const { return slots_[slot] != 0; }

	bool slot_written(unsigned slot) const
	{
		return slot_given(slot) && (get(slot).flags & ACCEL_ATTRIBUTE_FLAGS_WRITTEN);
	}

	uint64_t slot_value(unsigned slot) const { return get(slot).value; }

	/// After the call: bytes written, or needed if the answer is -EMSGSIZE. 0 if not requested.
	uint32_t slot_length(unsigned slot) const
	{
		return slot_given(slot) ? get(slot).length : 0;
	}

	template <class T>
	std::optional<T> slot_optional(unsigned slot) const
	{
		if (!slot_written(slot))
			return std::nullopt;
		return static_cast<T>(slot_value(slot));
	}

	/// Returns what was written into the caller's space. @room bounds it, whatever the answer claims.
	template <class T>
	std::span<T> slot_memory(unsigned slot, std::span<T> room) const
	{
		return room.first(std::min<size_t>(get(slot).length / sizeof(T), room.size()));
	}

	accel_attribute &at(unsigned slot)
	{
		if (!slots_[slot])
			slots_[slot] = ++count_;
		return attributes_[slots_[slot] - 1];
	}

	const accel_attribute &get(unsigned slot) const { return attributes_[slots_[slot] - 1]; }

	accel_attribute attributes_[N];
	uint8_t slots_[N] = {}; // position in attributes_ plus 1; 0: not in the message
	uint8_t count_ = 0;
	accel_call call_;
	accel_error_record error_; // written by the server, and only when it refuses
	bool delivered_ = false;

private:
	/// The transport failed before the server read the message.
	void no_record(int result)
	{
		static constexpr char kText[] = "the call did not reach the device";

		error_ = {};
		error_.code = result;
		error_.object = call_.object;
		error_.method = call_.method;
		std::memcpy(error_.text, kText, sizeof(kText));
	}
};

/// A message by numbers instead of names, for tools and tests. Checks nothing: the server refuses duplicate or unknown
/// attributes.
class AnyMessage : public Message<ACCEL_MAX_ATTRIBUTES> {
public:
	AnyMessage(uint16_t object, uint16_t method) : Message(object, method) {}

	/// Adds an inline value, or space for one. @return false if the message is full
	bool add_value(uint16_t id, Need need, uint64_t value, uint32_t length)
	{
		if (count_ == ACCEL_MAX_ATTRIBUTES)
			return false;
		set_slot(count_, id, need, value, length);
		return true;
	}

	/// Adds bytes that stay valid until the delivery, or space for them. @return false if the message is full
	bool add_memory(uint16_t id, Need need, const void *memory, size_t bytes)
	{
		if (count_ == ACCEL_MAX_ATTRIBUTES)
			return false;
		set_slot_memory(count_, id, need, memory, bytes);
		return true;
	}

	/// Adds any attribute. @return false if the message is full
	bool add(const accel_attribute &attribute)
	{
		if (count_ == ACCEL_MAX_ATTRIBUTES)
			return false;
		at(count_) = attribute;
		return true;
	}

	/// Returns the first attribute with that id, nullptr if there is none.
	const accel_attribute *find(uint16_t id) const
	{
		for (const accel_attribute &attribute : attributes())
			if (attribute.id == id)
				return &attribute;
		return nullptr;
	}

	/// The header, for tests that corrupt it.
	accel_call &header() { return call_; }
};

} // namespace accel::core::uabi
