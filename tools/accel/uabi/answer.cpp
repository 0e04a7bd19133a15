// SPDX-License-Identifier: MIT
// One message of the attribute uABI: its answers as text and as JSON.
#include "uabi/message.hpp"

#include <cstring>
#include <nlohmann/json.hpp>

namespace cli {

namespace {

constexpr size_t kShownBytes = 64;

struct LayoutField {
	const char *name;
	size_t offset;
	size_t size;
};

#define FIELD(member) \
	{#member, offsetof(accel_ring_layout, member), sizeof(accel_ring_layout::member)}
constexpr LayoutField kLayout[] = {
	FIELD(size),	       FIELD(entry_size),    FIELD(entry_count),    FIELD(control_offset),
	FIELD(entries_offset), FIELD(status_offset), FIELD(status_stride),  FIELD(records_offset),
	FIELD(record_size),    FIELD(tag_offset),    FIELD(tag_stride),	    FIELD(publication),
	FIELD(completion),     FIELD(wake_order),    FIELD(multi_producer), FIELD(register_width),
	FIELD(register_shift), FIELD(tail_mask),     FIELD(register_or),    FIELD(register_address),
};
#undef FIELD

Json layout_json(const std::string &bytes)
{
	Json json = Json::object();

	for (const LayoutField &field : kLayout) {
		uint64_t value = 0;

		if (field.offset + field.size > bytes.size())
			break;
		memcpy(&value, bytes.data() + field.offset, field.size);
		std::string name = field.name;
		std::replace(name.begin(), name.end(), '_', '-');
		json[name] = value;
	}
	return json;
}

} // namespace

uint64_t UabiMessage::created() const
{
	for (size_t i = 0; i < lines_.size(); ++i) {
		const Line &line = policy_.line(lines_[i]);

		if (line.has(ACCEL_POLICY_FLAGS_OUT) &&
		    line.entry.type == ACCEL_ATTRIBUTE_TYPE_HANDLE)
			return attributes_[i].value;
	}
	return 0;
}

/// "running", "read|write"; "0x8" for a value without a name.
std::string UabiMessage::member_names(uint32_t attribute, uint64_t value) const
{
	bool is_flags = policy_.line(attribute).entry.type == ACCEL_ATTRIBUTE_TYPE_FLAGS;
	std::string text;

	for (uint32_t at : policy_.children(attribute, ACCEL_POLICY_KIND_MEMBER)) {
		const Line &member = policy_.line(at);
		uint64_t bits = member.entry.minimum;

		if (is_flags ? (bits && (value & bits) == bits) : value == bits) {
			text += (text.empty() ? "" : "|") + member.name;
			if (!is_flags)
				return text;
			value &= ~bits;
		}
	}
	if (!is_flags)
		return fmt::format("{}", value);
	if (value || text.empty())
		text += text.empty() ? (value ? fmt::format("0x{:x}", value) : "none") :
				       fmt::format("|0x{:x}", value);
	return text;
}

std::string UabiMessage::answer_bytes(size_t position) const
{
	const accel_attribute &attribute = attributes_[position];

	if (attribute.flags & ACCEL_ATTRIBUTE_FLAGS_INDIRECT)
		return {reinterpret_cast<const char *>(attribute.value), attribute.length};
	return {reinterpret_cast<const char *>(&attribute.value),
		std::min<size_t>(attribute.length, 8)};
}

std::string UabiMessage::number_answer(size_t position) const
{
	uint64_t value = attributes_[position].value;
	const Line &line = policy_.line(lines_[position]);

	if (line.entry.size == 4)
		value = static_cast<uint32_t>(value);
	switch (line.entry.type) {
	case ACCEL_ATTRIBUTE_TYPE_ENUM:
	case ACCEL_ATTRIBUTE_TYPE_FLAGS: return member_names(lines_[position], value);
	case ACCEL_ATTRIBUTE_TYPE_FD: return fmt::format("{}", static_cast<int32_t>(value));
	case ACCEL_ATTRIBUTE_TYPE_HANDLE:
	case ACCEL_ATTRIBUTE_TYPE_ADDRESS: return fmt::format("0x{:x}", value);
	default: return fmt::format("{}", value);
	}
}

std::string UabiMessage::answer(size_t position) const
{
	const accel_policy_entry &entry = policy_.line(lines_[position]).entry;

	if (entry.type <= ACCEL_ATTRIBUTE_TYPE_ADDRESS)
		return number_answer(position);
	std::string bytes = answer_bytes(position);

	if (entry.type == ACCEL_ATTRIBUTE_TYPE_STRING)
		return bytes;
	Json json = answer_json(position);

	if (json.is_object()) {
		std::string text;

		for (const auto &[name, value] : json.items())
			text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name,
					    value.dump());
		return text;
	}
	return bytes.size() <= kShownBytes ?
		       hex_text(bytes) :
		       fmt::format("{}… ({} bytes)", hex_text(bytes.substr(0, kShownBytes)),
				   bytes.size());
}

Json UabiMessage::answer_json(size_t position) const
{
	const Line &line = policy_.line(lines_[position]);
	const accel_policy_entry &entry = line.entry;
	std::string bytes = answer_bytes(position);

	switch (entry.type) {
	case ACCEL_ATTRIBUTE_TYPE_ENUM:
	case ACCEL_ATTRIBUTE_TYPE_FLAGS:
	case ACCEL_ATTRIBUTE_TYPE_STRING: return answer(position);
	case ACCEL_ATTRIBUTE_TYPE_FD: return static_cast<int32_t>(attributes_[position].value);
	case ACCEL_ATTRIBUTE_TYPE_U32: return static_cast<uint32_t>(attributes_[position].value);
	case ACCEL_ATTRIBUTE_TYPE_U64:
	case ACCEL_ATTRIBUTE_TYPE_HANDLE:
	case ACCEL_ATTRIBUTE_TYPE_DEADLINE:
	case ACCEL_ATTRIBUTE_TYPE_ADDRESS: return uint64_t(attributes_[position].value);
	case ACCEL_ATTRIBUTE_TYPE_STRUCT:
		if (policy_.line(policy_.line(method_).entry.parent).entry.id ==
			    ACCEL_OBJECT_QUEUE &&
		    entry.id == ACCEL_QUEUE_CREATE_LAYOUT)
			return layout_json(bytes);
		break;
	default: break;
	}
	return hex_text(bytes);
}

std::vector<std::pair<std::string, std::string>> UabiMessage::answers() const
{
	std::vector<std::pair<std::string, std::string>> all;

	for (size_t i = 0; i < lines_.size(); ++i) {
		const Line &line = policy_.line(lines_[i]);
		bool written = attributes_[i].flags & ACCEL_ATTRIBUTE_FLAGS_WRITTEN;

		if (line.has(ACCEL_POLICY_FLAGS_OUT))
			all.emplace_back(line.name, written ? answer(i) : "-");
	}
	return all;
}

Json UabiMessage::answers_json() const
{
	Json json = Json::object();

	for (size_t i = 0; i < lines_.size(); ++i) {
		const Line &line = policy_.line(lines_[i]);
		bool written = attributes_[i].flags & ACCEL_ATTRIBUTE_FLAGS_WRITTEN;

		if (line.has(ACCEL_POLICY_FLAGS_OUT))
			json[line.name] = written ? answer_json(i) : Json();
	}
	return json;
}

} // namespace cli
