// SPDX-License-Identifier: MIT
// The text form of a policy; gen/output/show.py generates the same from the specification.
#include "uabi/describe.hpp"

#include "uabi/layout.hpp"

#include <cerrno>
#include <cstdio>
#include <map>
#include <new>

namespace accel::core::uabi {
namespace {

using Line = accel_policy_entry;

/// The largest number of a type; only a smaller range is shown.
uint64_t largest(unsigned type)
{
	switch (type) {
	case ACCEL_ATTRIBUTE_TYPE_U32:
	case ACCEL_ATTRIBUTE_TYPE_FD: return UINT32_MAX;
	case ACCEL_ATTRIBUTE_TYPE_U64:
	case ACCEL_ATTRIBUTE_TYPE_HANDLE:
	case ACCEL_ATTRIBUTE_TYPE_DEADLINE:
	case ACCEL_ATTRIBUTE_TYPE_ADDRESS: return UINT64_MAX;
	default: return 0;
	}
}

class Lister {
public:
	Lister(const Policy &policy, std::string &to) : policy_(policy), to_(to)
	{
		for (const Line &line : policy_.entries)
			if (line.kind == ACCEL_POLICY_KIND_OBJECT)
				objects_[line.id] = policy_.name(line);
	}

	void list()
	{
		to_.append("uabi ").append(policy_.driver).append("\n");
		for (const Line &line : policy_.entries) {
			for (const Line *at = &line; at->parent != kNoEntry;
			     at = &policy_.entries[at->parent])
				to_.append("  ");
			one(line);
			to_.append("\n");
		}
	}

private:
	void one(const Line &line)
	{
		std::string_view name = policy_.name(line);

		switch (line.kind) {
		case ACCEL_POLICY_KIND_OBJECT:
			to_.append("object ").append(name).append(" ").append(id(line.id));
			break;
		case ACCEL_POLICY_KIND_METHOD:
			to_.append("method ").append(name).append(" ").append(id(line.id));
			word(line.flags & ACCEL_POLICY_FLAGS_CREATES, "creates");
			word(line.flags & ACCEL_POLICY_FLAGS_DESTROYS, "destroys");
			break;
		case ACCEL_POLICY_KIND_ATTRIBUTE: attribute(line, name); break;
		default:
			to_.append(name).append(" ");
			to_.append(policy_.entries[line.parent].type == ACCEL_ATTRIBUTE_TYPE_FLAGS ?
					   hex(line.minimum) :
					   std::to_string(line.minimum));
		}
	}

	void attribute(const Line &line, std::string_view name)
	{
		static constexpr const char *kDirections[] = {"-", "in", "out", "inout"};
		const uint64_t most = largest(line.type);

		to_.append("attribute ").append(name).append(" ").append(id(line.id)).append(" ");
		type(line);
		to_.append(" ").append(kDirections[line.flags & 3]);
		word(line.flags & ACCEL_POLICY_FLAGS_REQUIRED, "required");
		if (most && (line.minimum || line.maximum != most)) {
			number(" ", line.minimum);
			number("..", line.maximum);
		}
		word(line.flags & ACCEL_POLICY_FLAGS_POWER_OF_TWO, "power-of-two");
		switch (line.type) {
		case ACCEL_ATTRIBUTE_TYPE_STRUCT: number(" size ", line.size); break;
		case ACCEL_ATTRIBUTE_TYPE_STRING:
		case ACCEL_ATTRIBUTE_TYPE_BYTES: number(" length ", line.length); break;
		default: break;
		}
	}

	void type(const Line &line)
	{
		const EnumInfo *types = find_enum("accel.attribute-type");
		const MemberInfo *member = types ? types->find(line.type) : nullptr;

		if (member)
			to_.append(member->name);
		else
			to_.append("type(").append(std::to_string(line.type)).append(")");
		if (!line.object)
			return;
		auto object = objects_.find(line.object);
		to_.append("(");
		to_.append(object == objects_.end() ? id(line.object) : object->second);
		to_.append(")");
	}

	void word(bool on, const char *text)
	{
		if (on)
			to_.append(" ").append(text);
	}

	void number(const char *before, uint64_t value)
	{
		to_.append(before).append(std::to_string(value));
	}

	static std::string hex(uint64_t value)
	{
		char text[24];

		snprintf(text, sizeof(text), "0x%llx", static_cast<unsigned long long>(value));
		return text;
	}

	/// Decimal for the common uABI, hexadecimal for a driver.
	static std::string id(unsigned value)
	{
		return value >= ACCEL_DRIVER_NAMESPACE ? hex(value) : std::to_string(value);
	}

	const Policy &policy_;
	std::string &to_;
	std::map<uint16_t, std::string_view> objects_;
};

} // namespace

int show_policy(const Policy &policy, std::string &to)
{
	try {
		Lister(policy, to).list();
	} catch (const std::bad_alloc &) {
		return -ENOMEM;
	}
	return 0;
}

} // namespace accel::core::uabi
