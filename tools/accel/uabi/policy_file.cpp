// SPDX-License-Identifier: MIT
// The policy of a specification file, equal to the output of `python3 -m gen` but without Python.
#include "uabi/policy.hpp"

#include "terminal/fail.hpp"
#include "terminal/numbers.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <yaml-cpp/yaml.h>

namespace cli {

namespace {

/// A specification and those that it extends and uses, from the same folder.
class Specification {
public:
	explicit Specification(const std::string &path, int depth = 0);

	Policy policy();

private:
	[[noreturn]] void refuse(const YAML::Node &node, const std::string &sentence) const;
	YAML::Node need(const YAML::Node &node, const char *key) const;
	std::string text(const YAML::Node &node, const char *key) const;
	uint64_t number(const YAML::Node &node, const char *key) const;
	uint64_t number_or(const YAML::Node &node, const char *key, uint64_t otherwise) const;
	/// Returns the value of a number or of the name of a constant.
	uint64_t bound_or(const YAML::Node &node, const char *key, uint64_t otherwise) const;
	bool flag(const YAML::Node &node, const char *key) const;

	/// Returns an entry of `enums` or `structs` of this file, of a used one (ring.layout) or of the base.
	YAML::Node entry_of(const char *kind, const YAML::Node &name) const;
	unsigned object_id(const YAML::Node &name) const;
	unsigned type_of(const YAML::Node &node) const;
	static YAML::Node named(const YAML::Node &list, const std::string &name);

	void add_objects(Policy &policy, const Specification &from);
	void add_method(Policy &policy, const Specification &from, const YAML::Node &object,
			const YAML::Node &method, uint32_t parent);
	void add_attribute(Policy &policy, const YAML::Node &node, uint32_t parent) const;
	void measure(accel_policy_entry &entry, const YAML::Node &node) const;

	std::string path_;
	YAML::Node root_;
	std::vector<Specification> base_; // one or none
	std::map<std::string, std::vector<Specification>> uses_;
};

YAML::Node load(const std::string &path)
{
	std::error_code ignored;

	if (std::filesystem::is_directory(path, ignored))
		fail(Exit::file, path, "cannot be read: {}", strerror(EISDIR));
	errno = 0;
	std::ifstream file(path);
	std::stringstream content;

	content << file.rdbuf();
	if (!file.is_open() || file.bad())
		fail(Exit::file, path, "cannot be read: {}", strerror(errno ? errno : EIO));
	try {
		return YAML::Load(content.str());
	} catch (const YAML::Exception &error) {
		fail(Exit::data, path, "line {}: invalid YAML: {}", error.mark.line + 1, error.msg);
	}
}

Specification::Specification(const std::string &path, int depth) : path_(path), root_(load(path))
{
	std::filesystem::path folder = std::filesystem::path(path).parent_path();

	if (depth > 4)
		fail(Exit::data, path, "circular `extends` or `uses`");
	if (!root_.IsMap())
		refuse(root_, "not a specification: a map of keys is needed");
	if (root_["extends"])
		base_.emplace_back((folder / (text(root_, "extends") + ".yaml")).string(),
				   depth + 1);
	for (const YAML::Node &used : root_["uses"]) {
		std::string name = used.as<std::string>();

		uses_[name].emplace_back((folder / (name + ".yaml")).string(), depth + 1);
	}
}

void Specification::refuse(const YAML::Node &node, const std::string &sentence) const
{
	fail(Exit::data, path_, "line {}: {}", node.Mark().line + 1, sentence);
}

YAML::Node Specification::need(const YAML::Node &node, const char *key) const
{
	if (!node.IsMap())
		refuse(node, fmt::format("keys are needed here, among them '{}'", key));
	if (!node[key])
		refuse(node, fmt::format("the key '{}' is missing", key));
	return node[key];
}

std::string Specification::text(const YAML::Node &node, const char *key) const
{
	YAML::Node value = need(node, key);

	if (!value.IsScalar())
		refuse(value, fmt::format("'{}' must be text", key));
	return value.Scalar();
}

uint64_t Specification::number(const YAML::Node &node, const char *key) const
{
	std::optional<uint64_t> value = parse_number(text(node, key));

	if (!value)
		refuse(node, fmt::format("'{}' is '{}', not a number", key, text(node, key)));
	return *value;
}

uint64_t Specification::number_or(const YAML::Node &node, const char *key, uint64_t otherwise) const
{
	return node[key] ? number(node, key) : otherwise;
}

uint64_t Specification::bound_or(const YAML::Node &node, const char *key, uint64_t otherwise) const
{
	if (node[key] && !parse_number(text(node, key)))
		return number(entry_of("constants", node[key]), "value");
	return number_or(node, key, otherwise);
}

bool Specification::flag(const YAML::Node &node, const char *key) const
{
	return node[key] && node[key].as<bool>(false);
}

YAML::Node Specification::named(const YAML::Node &list, const std::string &name)
{
	for (const YAML::Node &entry : list)
		if (entry["name"] && entry["name"].Scalar() == name)
			return entry;
	return YAML::Node(YAML::NodeType::Undefined);
}

YAML::Node Specification::entry_of(const char *kind, const YAML::Node &name) const
{
	std::string wanted = name.Scalar();
	size_t dot = wanted.find('.');

	if (dot != std::string::npos) {
		auto used = uses_.find(wanted.substr(0, dot));

		if (used != uses_.end()) {
			YAML::Node found =
				named(used->second.front().root_[kind], wanted.substr(dot + 1));

			if (found)
				return found;
		}
	} else if (YAML::Node found = named(root_[kind], wanted)) {
		return found;
	} else if (!base_.empty()) {
		return base_.front().entry_of(kind, name);
	}
	refuse(name, fmt::format("unknown name '{}' in {}", wanted, kind));
}

unsigned Specification::object_id(const YAML::Node &name) const
{
	return static_cast<unsigned>(number(entry_of("objects", name), "value"));
}

unsigned Specification::type_of(const YAML::Node &node) const
{
	unsigned type = type_number(text(node, "type"));

	if (!type)
		refuse(node, fmt::format("unknown attribute type '{}'", text(node, "type")));
	return type;
}

void Specification::measure(accel_policy_entry &entry, const YAML::Node &node) const
{
	entry.maximum = type_maximum(entry.type);
	switch (entry.type) {
	case ACCEL_ATTRIBUTE_TYPE_U32:
	case ACCEL_ATTRIBUTE_TYPE_FD:
	case ACCEL_ATTRIBUTE_TYPE_ENUM: entry.size = 4; break;
	case ACCEL_ATTRIBUTE_TYPE_STRING:
	case ACCEL_ATTRIBUTE_TYPE_BYTES: break;
	case ACCEL_ATTRIBUTE_TYPE_STRUCT:
		entry.size = static_cast<uint32_t>(
			number(entry_of("structs", need(node, "struct")), "size"));
		break;
	default: entry.size = 8;
	}
	entry.length = static_cast<uint32_t>(number_or(node, "length", 0));
	entry.minimum = bound_or(node, "minimum", 0);
	entry.maximum = bound_or(node, "maximum", entry.maximum);
}

void Specification::add_attribute(Policy &policy, const YAML::Node &node, uint32_t parent) const
{
	Line line = {.entry = {.kind = ACCEL_POLICY_KIND_ATTRIBUTE, .parent = parent},
		     .name = text(node, "name")};
	std::string direction = text(node, "direction");

	line.entry.id = static_cast<uint16_t>(number(node, "value"));
	line.entry.type = static_cast<uint8_t>(type_of(node));
	line.entry.flags = static_cast<uint16_t>(
		(direction == "out" ? ACCEL_POLICY_FLAGS_OUT : ACCEL_POLICY_FLAGS_IN) |
		(flag(node, "required") ? ACCEL_POLICY_FLAGS_REQUIRED : 0) |
		(flag(node, "power-of-two") ? ACCEL_POLICY_FLAGS_POWER_OF_TWO : 0));
	if (node["object"])
		line.entry.object = static_cast<uint16_t>(object_id(node["object"]));
	measure(line.entry, node);
	uint32_t at = policy.add(std::move(line));

	if (node["enum"])
		for (const YAML::Node &member : need(entry_of("enums", node["enum"]), "members")) {
			uint64_t value = number(member, "value");

			policy.add({.entry = {.kind = ACCEL_POLICY_KIND_MEMBER,
					      .parent = at,
					      .minimum = value,
					      .maximum = value},
				    .name = text(member, "name")});
		}
}

void Specification::add_method(Policy &policy, const Specification &from, const YAML::Node &object,
			       const YAML::Node &method, uint32_t parent)
{
	std::string name = text(method, "name");
	uint32_t at = policy.add(
		{.entry = {.kind = ACCEL_POLICY_KIND_METHOD,
			   .id = static_cast<uint16_t>(number(method, "value")),
			   .flags = static_cast<uint16_t>(
				   (flag(method, "creates") ? ACCEL_POLICY_FLAGS_CREATES : 0) |
				   (flag(method, "destroys") ? ACCEL_POLICY_FLAGS_DESTROYS : 0)),
			   .parent = parent},
		 .name = name});

	for (const YAML::Node &attribute : method["attributes"])
		from.add_attribute(policy, attribute, at);
	for (const YAML::Node &extension : root_["extend"])
		if (text(extension, "object") == text(object, "name") &&
		    text(extension, "method") == name)
			for (const YAML::Node &attribute : need(extension, "attributes"))
				add_attribute(policy, attribute, at);
}

void Specification::add_objects(Policy &policy, const Specification &from)
{
	for (const YAML::Node &object : from.root_["objects"]) {
		uint32_t at =
			policy.add({.entry = {.kind = ACCEL_POLICY_KIND_OBJECT,
					      .id = static_cast<uint16_t>(number(object, "value")),
					      .parent = kNoLine},
				    .name = text(object, "name")});

		for (const YAML::Node &method : need(object, "methods"))
			add_method(policy, from, object, method, at);
	}
}

Policy Specification::policy()
{
	Policy policy;

	if (text(root_, "protocol") != "attribute")
		refuse(root_["protocol"],
		       fmt::format(
			       "the protocol is '{}'; only the protocol 'attribute' has objects "
			       "and methods",
			       text(root_, "protocol")));
	policy.set_driver(text(root_, "name"));
	if (!base_.empty())
		add_objects(policy, base_.front());
	add_objects(policy, *this);
	return policy;
}

} // namespace

Policy Policy::of_file(const std::string &path)
{
	try {
		return Specification(path).policy();
	} catch (const YAML::Exception &error) {
		fail(Exit::data, path, "line {}: {}", error.mark.line + 1, error.msg);
	}
}

} // namespace cli
