// SPDX-License-Identifier: MIT
// Whole calls as text, by the policy.
#include "uabi/decode.hpp"
#include "uabi/decode_value.hpp"

#include <accel/uabi/errors.hpp>
#include <algorithm>
#include <cstring>

namespace accel::core::uabi {
namespace {

constexpr uint32_t kMaxValue = 1024; // bytes of one value that are read

class CallWriter {
public:
	CallWriter(Text &text, const Policy &policy, const CallImage &image, const Access &memory)
		: text_(text), policy_(policy), image_(image), memory_(memory)
	{}

	void write()
	{
		uint32_t object = policy_.find_object(image_.call.object);
		uint32_t method = kNoEntry;

		if (object != kNoEntry)
			method = policy_.find_method(object, image_.call.method);
		name_or_number(object, image_.call.object);
		text_.put(".");
		name_or_number(method, image_.call.method);
		method_ = text_.length();
		inputs(method);
		if (!image_.answered)
			return;
		if (!image_.result)
			outputs(method);
		answer();
	}

private:
	void name_or_number(uint32_t line, unsigned id)
	{
		if (line == kNoEntry)
			text_.add("#%u", id);
		else
			text_.put_printable(policy_.name(line));
	}

	/// The inputs; outputs have no value yet.
	void inputs(uint32_t method)
	{
		for (const accel_attribute &attribute : image_.before) {
			uint32_t line = find(method, attribute.id);
			if (line == kNoEntry ||
			    (policy_.entries[line].flags & ACCEL_POLICY_FLAGS_IN)) {
				text_.put(" ");
				value(line, attribute);
			}
		}
	}

	void outputs(uint32_t method)
	{
		const char *before = " → ";

		for (const accel_attribute &attribute : image_.after) {
			if (!(attribute.flags & ACCEL_ATTRIBUTE_FLAGS_WRITTEN))
				continue;
			text_.put(before);
			before = " ";
			value(find(method, attribute.id), attribute);
		}
	}

	void answer()
	{
		const ErrnoInfo *info = find_errno(image_.result);

		if (!image_.result)
			return text_.put(" = 0");
		if (info)
			text_.add(" = -%s", info->name);
		else
			text_.add(" = %d", image_.result);
		if (!image_.error || !image_.error->code)
			return;
		std::string_view reason(image_.error->text, sizeof(image_.error->text));
		reason = reason.substr(0, reason.find('\0'));
		// The line already names the method.
		std::string_view path = text_.view().substr(0, method_);
		if (reason.starts_with(path) && reason.substr(path.size()).starts_with(": "))
			reason.remove_prefix(path.size() + 2);
		text_.put(reason.empty() ? "" : " ");
		text_.put_printable(reason);
	}

	uint32_t find(uint32_t method, uint16_t id) const
	{
		return method == kNoEntry ? kNoEntry : policy_.find_attribute(method, id);
	}

	void value(uint32_t line, const accel_attribute &attribute)
	{
		std::byte copy[kMaxValue];
		const bool indirect = is_indirect(attribute);

		if (text_.cut())
			return;
		size_t length = std::min(attribute.length, indirect ? kMaxValue : 8u);

		name_or_number(line, attribute.id);
		text_.put("=");
		const bool unread = indirect && length && !is_read(line, attribute);
		const bool unreadable =
			indirect && length && !unread && memory_.get(copy, attribute.value, length);

		if (unread || unreadable)
			return text_.add("@0x%llx (%u bytes%s)",
					 static_cast<unsigned long long>(attribute.value),
					 attribute.length, unreadable ? ", unreadable" : "");
		if (!indirect)
			std::memcpy(copy, &attribute.value, length);
		if (line == kNoEntry)
			return detail::put_hex(text_, {copy, length}, attribute.length);
		typed(line, {copy, length}, attribute.length);
	}

	/// Whether a server reads from the address; if not, it may be invalid.
	bool is_read(uint32_t line, const accel_attribute &attribute) const
	{
		constexpr uint16_t kFlags = ACCEL_ATTRIBUTE_FLAGS_MANDATORY |
					    ACCEL_ATTRIBUTE_FLAGS_INDIRECT |
					    ACCEL_ATTRIBUTE_FLAGS_WRITTEN;

		if (line == kNoEntry || (attribute.flags & ~kFlags))
			return false;
		const accel_policy_entry &entry = policy_.entries[line];
		const bool varies = entry.type == ACCEL_ATTRIBUTE_TYPE_STRING ||
				    entry.type == ACCEL_ATTRIBUTE_TYPE_BYTES;

		return attribute.length <= (varies ? entry.length : Call::kMaxFixed);
	}

	/// @bytes is the beginning of a value of @total bytes.
	void typed(uint32_t line, std::span<const std::byte> bytes, uint32_t total)
	{
		switch (policy_.entries[line].type) {
		case ACCEL_ATTRIBUTE_TYPE_STRING: return string(bytes, total);
		case ACCEL_ATTRIBUTE_TYPE_STRUCT: {
			const StructInfo *info = structure(line);
			return info && bytes.size() == total ?
				       detail::put_struct(text_, *info, bytes) :
				       detail::put_hex(text_, bytes, total);
		}
		case ACCEL_ATTRIBUTE_TYPE_BYTES: return detail::put_hex(text_, bytes, total);
		default: {
			uint64_t number = 0;
			std::memcpy(&number, bytes.data(), std::min<size_t>(bytes.size(), 8));
			return numeric(line, number);
		}
		}
	}

	void numeric(uint32_t line, uint64_t number)
	{
		switch (policy_.entries[line].type) {
		case ACCEL_ATTRIBUTE_TYPE_FLAGS: return flags(line, number);
		case ACCEL_ATTRIBUTE_TYPE_ENUM:
			for (const accel_policy_entry &member : policy_.members(line))
				if (member.minimum == number)
					return text_.put_printable(policy_.name(member));
			return detail::put_number(text_, number);
		case ACCEL_ATTRIBUTE_TYPE_HANDLE:
		case ACCEL_ATTRIBUTE_TYPE_ADDRESS:
			return text_.add("0x%llx", static_cast<unsigned long long>(number));
		case ACCEL_ATTRIBUTE_TYPE_FD:
			return text_.add("%d", static_cast<int32_t>(static_cast<uint32_t>(number)));
		case ACCEL_ATTRIBUTE_TYPE_DEADLINE:
			if (number == ACCEL_DEADLINE_FOREVER)
				return text_.put("forever");
			return text_.add("%lluns", static_cast<unsigned long long>(number));
		default: return detail::put_number(text_, number);
		}
	}

	void flags(uint32_t line, uint64_t value)
	{
		std::span<const accel_policy_entry> members = policy_.members(line);

		detail::put_flags(text_, value,
				  [&](unsigned i, uint64_t &bit, std::string_view &name) {
					  if (i == members.size())
						  return false;
					  bit = members[i].minimum;
					  name = policy_.name(members[i]);
					  return true;
				  });
	}

	void string(std::span<const std::byte> bytes, uint32_t total)
	{
		text_.put("\"");
		text_.put_printable({reinterpret_cast<const char *>(bytes.data()), bytes.size()});
		text_.put(bytes.size() < total ? "…\"" : "\"");
	}

	/// The policy does not name the structure; the specification does.
	const StructInfo *structure(uint32_t line) const
	{
		char name[128];
		Text path(name, sizeof(name));
		uint32_t chain[3]; // attribute, method, object
		unsigned depth = 0;

		for (; line != kNoEntry && depth < std::size(chain);
		     line = policy_.entries[line].parent)
			chain[depth++] = line;
		while (depth) {
			path.put(policy_.name(chain[--depth]));
			path.put(depth ? "." : "");
		}
		return find_attribute_struct({name, path.length()});
	}

	Text &text_;
	const Policy &policy_;
	const CallImage &image_;
	const Access &memory_;
	size_t method_ = 0;
};

} // namespace

size_t decode_call(const Policy &policy, const CallImage &image, const Access &memory, char *to,
		   size_t room)
{
	Text text(to, room);

	CallWriter(text, policy, image, memory).write();
	return text.length();
}

} // namespace accel::core::uabi
