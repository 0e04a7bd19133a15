// SPDX-License-Identifier: MIT
// The policy of an attribute uABI as a device describes it: query, validation, search.
#include "uabi/policy.hpp"

#include "device/library.hpp"
#include "terminal/fail.hpp"

#include <cstring>

namespace cli {

namespace {

struct Type {
	unsigned number;
	const char *name;
	uint64_t maximum;
};

constexpr Type kTypes[] = {
	{ACCEL_ATTRIBUTE_TYPE_U32, "u32", UINT32_MAX},
	{ACCEL_ATTRIBUTE_TYPE_U64, "u64", UINT64_MAX},
	{ACCEL_ATTRIBUTE_TYPE_ENUM, "enum", 0},
	{ACCEL_ATTRIBUTE_TYPE_FLAGS, "flags", 0},
	{ACCEL_ATTRIBUTE_TYPE_HANDLE, "handle", UINT64_MAX},
	{ACCEL_ATTRIBUTE_TYPE_FD, "fd", UINT32_MAX},
	{ACCEL_ATTRIBUTE_TYPE_DEADLINE, "deadline", UINT64_MAX},
	{ACCEL_ATTRIBUTE_TYPE_ADDRESS, "address", UINT64_MAX},
	{ACCEL_ATTRIBUTE_TYPE_STRING, "string", 0},
	{ACCEL_ATTRIBUTE_TYPE_BYTES, "bytes", 0},
	{ACCEL_ATTRIBUTE_TYPE_STRUCT, "struct", 0},
};

/// Reads the zero-terminated text at @offset of the names; returns false if there is none.
bool name_at(std::string_view names, uint32_t offset, std::string &name)
{
	if (offset >= names.size())
		return false;
	size_t end = names.find('\0', offset);

	if (end == std::string_view::npos)
		return false;
	name = names.substr(offset, end - offset);
	return true;
}

} // namespace

std::string type_name(unsigned type)
{
	for (const Type &known : kTypes)
		if (known.number == type)
			return known.name;
	return fmt::format("type({})", type);
}

unsigned type_number(std::string_view name)
{
	for (const Type &known : kTypes)
		if (name == known.name)
			return known.number;
	return 0;
}

uint64_t type_maximum(unsigned type)
{
	for (const Type &known : kTypes)
		if (known.number == type)
			return known.maximum;
	return 0;
}

Policy Policy::of_device(const accel::Device &device, const std::string &name)
{
	// If the answer does not fit, the device reports the size that it needs.
	std::string answer(64 << 10, '\0');

	for (;;) {
		std::vector<accel_attribute> attributes = {
			{ACCEL_DEVICE_DESCRIBE_POLICY, ACCEL_ATTRIBUTE_FLAGS_INDIRECT,
			 static_cast<uint32_t>(answer.size()),
			 reinterpret_cast<uintptr_t>(answer.data())},
		};

		try {
			call(device, name, ACCEL_OBJECT_DEVICE, ACCEL_DEVICE_DESCRIBE, attributes);
		} catch (const Failure &failure) {
			bool too_small = failure.record &&
					 failure.record->reason == ACCEL_REASON_NO_ROOM &&
					 attributes[0].length > answer.size();
			if (!too_small)
				throw;
			answer.resize(attributes[0].length);
			continue;
		}
		answer.resize(std::min<size_t>(answer.size(), attributes[0].length));
		return parse(answer, name);
	}
}

Policy Policy::parse(std::string_view answer, const std::string &name)
{
	auto refuse = [&](const char *why) {
		fail(Exit::device, name, "invalid description: {}", why);
	};
	accel_policy_header header;
	Policy policy;

	if (answer.size() < sizeof(header))
		refuse("it is shorter than its header");
	memcpy(&header, answer.data(), sizeof(header));
	uint64_t entries = uint64_t(header.entry_size) * header.entry_count;

	if (header.size < sizeof(header) || header.entry_size < sizeof(accel_policy_entry))
		refuse("its header or entries are shorter than in the first version");
	if (header.size + entries + header.names_size > answer.size())
		refuse("it is shorter than its header states");
	std::string_view names = answer.substr(header.size + entries, header.names_size);

	if (!name_at(names, header.driver, policy.driver_))
		refuse("the driver has no name");
	for (uint32_t i = 0; i < header.entry_count; ++i) {
		Line line;

		memcpy(&line.entry, answer.data() + header.size + uint64_t(i) * header.entry_size,
		       sizeof(line.entry));
		if (!name_at(names, line.entry.name, line.name))
			refuse("an entry has no name");
		if (line.entry.parent != kNoLine && line.entry.parent >= i)
			refuse("an entry precedes its parent");
		policy.lines_.push_back(std::move(line));
	}
	return policy;
}

std::vector<uint32_t> Policy::children(uint32_t parent, unsigned kind) const
{
	std::vector<uint32_t> found;

	for (uint32_t i = 0; i < lines_.size(); ++i)
		if (lines_[i].entry.parent == parent && lines_[i].is(kind))
			found.push_back(i);
	return found;
}

uint32_t Policy::find(uint32_t parent, unsigned kind, std::string_view name) const
{
	for (uint32_t i : children(parent, kind))
		if (lines_[i].name == name)
			return i;
	return kNoLine;
}

uint32_t Policy::find_id(uint32_t parent, unsigned kind, uint16_t id) const
{
	for (uint32_t i : children(parent, kind))
		if (lines_[i].entry.id == id)
			return i;
	return kNoLine;
}

std::string Policy::names(uint32_t parent, unsigned kind) const
{
	std::string text;

	for (uint32_t i : children(parent, kind))
		text += (text.empty() ? "" : ", ") + lines_[i].name;
	return text;
}

uint32_t Policy::add(Line line)
{
	lines_.push_back(std::move(line));
	return static_cast<uint32_t>(lines_.size() - 1);
}

} // namespace cli
