// SPDX-License-Identifier: MIT
// A policy as text (docs/reference/show.md has the grammar) and as JSON.
#include "terminal/text.hpp"
#include "uabi/policy.hpp"

#include <nlohmann/json.hpp>

namespace cli {

namespace {

/// Formats an id: hexadecimal in the namespace of the drivers, else decimal.
std::string id_text(unsigned id)
{
	return id >= ACCEL_DRIVER_NAMESPACE ? fmt::format("0x{:x}", id) : fmt::format("{}", id);
}

const char *direction(const Line &line)
{
	static constexpr const char *kNames[] = {"-", "in", "out", "inout"};

	return kNames[line.entry.flags & (ACCEL_POLICY_FLAGS_IN | ACCEL_POLICY_FLAGS_OUT)];
}

bool has_length(unsigned type)
{
	return type == ACCEL_ATTRIBUTE_TYPE_STRING || type == ACCEL_ATTRIBUTE_TYPE_BYTES;
}

bool has_own_range(const accel_policy_entry &entry)
{
	uint64_t maximum = type_maximum(entry.type);

	return maximum && (entry.minimum != 0 || entry.maximum != maximum);
}

const char *kind_plural(unsigned kind)
{
	static constexpr const char *kNames[] = {"?", "objects", "methods", "attributes",
						 "members"};

	return kNames[kind < std::size(kNames) ? kind : 0];
}

} // namespace

std::string Policy::attribute_words(const Line &line) const
{
	const accel_policy_entry &entry = line.entry;
	std::string type = type_name(entry.type);

	if (entry.object) {
		uint32_t object = find_id(kNoLine, ACCEL_POLICY_KIND_OBJECT, entry.object);

		type += fmt::format("({})", object == kNoLine ? id_text(entry.object) :
								lines_[object].name);
	}
	std::string text = fmt::format("attribute {} {} {} {}", line.name, id_text(entry.id), type,
				       direction(line));

	if (line.has(ACCEL_POLICY_FLAGS_REQUIRED))
		text += " required";
	if (has_own_range(entry))
		text += fmt::format(" {}..{}", uint64_t(entry.minimum), uint64_t(entry.maximum));
	if (line.has(ACCEL_POLICY_FLAGS_POWER_OF_TWO))
		text += " power-of-two";
	if (entry.type == ACCEL_ATTRIBUTE_TYPE_STRUCT)
		text += fmt::format(" size {}", uint32_t(entry.size));
	if (has_length(entry.type))
		text += fmt::format(" length {}", uint32_t(entry.length));
	return text;
}

std::string Policy::words(const Line &line) const
{
	std::string text;

	switch (line.entry.kind) {
	case ACCEL_POLICY_KIND_OBJECT:
		return fmt::format("object {} {}", line.name, id_text(line.entry.id));
	case ACCEL_POLICY_KIND_METHOD:
		text = fmt::format("method {} {}", line.name, id_text(line.entry.id));
		if (line.has(ACCEL_POLICY_FLAGS_CREATES))
			text += " creates";
		if (line.has(ACCEL_POLICY_FLAGS_DESTROYS))
			text += " destroys";
		return text;
	case ACCEL_POLICY_KIND_ATTRIBUTE: return attribute_words(line);
	default:
		if (line.entry.parent != kNoLine &&
		    lines_[line.entry.parent].entry.type == ACCEL_ATTRIBUTE_TYPE_FLAGS)
			return fmt::format("{} 0x{:x}", line.name, uint64_t(line.entry.minimum));
		return fmt::format("{} {}", line.name, uint64_t(line.entry.minimum));
	}
}

std::string Policy::text() const
{
	std::string text = "uabi " + escaped(driver_) + "\n";
	std::vector<size_t> depths;

	for (const Line &line : lines_) {
		uint32_t parent = line.entry.parent;

		depths.push_back(parent < depths.size() ? depths[parent] + 1 : 0);
		text += std::string(2 * depths.back(), ' ') + escaped(words(line)) + "\n";
	}
	return text;
}

Json Policy::json_of(uint32_t at) const
{
	const Line &line = lines_[at];
	const accel_policy_entry &entry = line.entry;
	Json json = {{"name", line.name}};

	if (line.is(ACCEL_POLICY_KIND_MEMBER)) {
		json["value"] = uint64_t(entry.minimum);
		return json;
	}
	json["id"] = entry.id;
	if (line.is(ACCEL_POLICY_KIND_METHOD)) {
		json["creates"] = line.has(ACCEL_POLICY_FLAGS_CREATES);
		json["destroys"] = line.has(ACCEL_POLICY_FLAGS_DESTROYS);
	}
	if (line.is(ACCEL_POLICY_KIND_ATTRIBUTE)) {
		json["type"] = type_name(entry.type);
		json["direction"] = direction(line);
		json["required"] = line.has(ACCEL_POLICY_FLAGS_REQUIRED);
		if (entry.object)
			json["object"] = entry.object;
		if (type_maximum(entry.type)) {
			json["minimum"] = uint64_t(entry.minimum);
			json["maximum"] = uint64_t(entry.maximum);
			json["power-of-two"] = line.has(ACCEL_POLICY_FLAGS_POWER_OF_TWO);
		}
		if (entry.type == ACCEL_ATTRIBUTE_TYPE_STRUCT)
			json["size"] = uint32_t(entry.size);
		if (has_length(entry.type))
			json["length"] = uint32_t(entry.length);
	}
	for (unsigned kind = ACCEL_POLICY_KIND_METHOD; kind <= ACCEL_POLICY_KIND_MEMBER; ++kind)
		for (uint32_t child : children(at, kind))
			json[kind_plural(kind)].push_back(json_of(child));
	return json;
}

Json Policy::json() const
{
	Json json = {{"uabi", driver_}, {"objects", Json::array()}};

	for (uint32_t object : children(kNoLine, ACCEL_POLICY_KIND_OBJECT))
		json["objects"].push_back(json_of(object));
	return json;
}

} // namespace cli
