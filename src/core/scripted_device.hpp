// SPDX-License-Identifier: MIT
// For tests: a device of the attribute uABI that records the last message and answers as the test specifies.
#pragma once

#include "uabi/message.hpp"

#include <cerrno>
#include <cstring>
#include <functional>
#include <map>
#include <string>

namespace accel::core {

class ScriptedDevice {
public:
	unsigned messages = 0;
	unsigned object = 0, method = 0;       // of the last message
	std::map<uint16_t, uint64_t> values;   // its attributes with a value inline
	std::map<uint16_t, std::string> bytes; // its other attributes

	std::map<uint16_t, std::string> answers; // by attribute: the bytes to write
	std::function<int(accel_call &)> refuse; // instead of an answer

	template <class T>
	void will_write(uint16_t id, const T &value)
	{
		answers[id].assign(reinterpret_cast<const char *>(&value), sizeof(value));
	}

	uabi::Transport transport() { return {deliver, this}; }

private:
	static int deliver(void *self, accel_call *message)
	{
		return static_cast<ScriptedDevice *>(self)->answer(*message);
	}

	int answer(accel_call &message)
	{
		auto *at = reinterpret_cast<accel_attribute *>(message.attributes);

		messages++;
		object = message.object;
		method = message.method;
		values.clear();
		bytes.clear();
		for (unsigned i = 0; i < message.attribute_count; i++)
			record(at[i]);
		if (refuse)
			return refuse(message);
		for (unsigned i = 0; i < message.attribute_count; i++)
			if (int r = write(at[i]); r < 0)
				return r;
		return 0;
	}

	void record(const accel_attribute &a)
	{
		if (a.flags & ACCEL_ATTRIBUTE_FLAGS_INDIRECT)
			bytes[a.id] =
				std::string(reinterpret_cast<const char *>(a.value), a.length);
		else
			values[a.id] = a.value;
	}

	int write(accel_attribute &a)
	{
		auto answer = answers.find(a.id);

		if (answer == answers.end())
			return 0;
		uint32_t room = a.length;
		a.length = static_cast<uint32_t>(answer->second.size());
		if (a.length > room)
			return -EMSGSIZE;
		bool indirect = a.flags & ACCEL_ATTRIBUTE_FLAGS_INDIRECT;
		memcpy(indirect ? reinterpret_cast<void *>(a.value) : &a.value,
		       answer->second.data(), a.length);
		a.flags |= ACCEL_ATTRIBUTE_FLAGS_WRITTEN;
		return 0;
	}
};

} // namespace accel::core

/// The last message must call this method.
#define EXPECT_SENT(device, OBJECT, METHOD)                            \
	do {                                                           \
		EXPECT_EQ((device).object, ACCEL_OBJECT_##OBJECT);     \
		EXPECT_EQ((device).method, ACCEL_##OBJECT##_##METHOD); \
	} while (0)
