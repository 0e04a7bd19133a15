// SPDX-License-Identifier: MIT
// The lookups of a policy that are not part of every call.
#include "uabi/policy.hpp"

namespace accel::core::uabi {

std::string_view Policy::text(uint32_t offset) const
{
	if (offset >= names.size())
		return {};
	std::string_view rest = names.substr(offset);
	size_t end = rest.find('\0');
	return end == rest.npos ? std::string_view{} : rest.substr(0, end);
}

uint32_t Policy::next_child(uint32_t parent, unsigned kind, uint32_t from) const
{
	for (uint32_t line = from; line < entries.size(); ++line)
		if (entries[line].parent == parent && entries[line].kind == kind)
			return line;
	return kNoEntry;
}

uint32_t Policy::walk(uint32_t parent, unsigned kind, uint16_t id) const
{
	uint32_t line = next_child(parent, kind, 0);

	while (line != kNoEntry && entries[line].id != id)
		line = next_child(parent, kind, line + 1);
	return line;
}

uint32_t Policy::find_name(uint32_t parent, unsigned kind, std::string_view wanted) const
{
	uint32_t line = next_child(parent, kind, 0);

	while (line != kNoEntry && name(line) != wanted)
		line = next_child(parent, kind, line + 1);
	return line;
}

std::span<const accel_policy_entry> Policy::members(uint32_t attribute) const
{
	uint32_t end = attribute + 1;

	// The members directly follow their attribute.
	while (end < entries.size() && entries[end].kind == ACCEL_POLICY_KIND_MEMBER &&
	       entries[end].parent == attribute)
		++end;
	return entries.subspan(attribute + 1, end - attribute - 1);
}

} // namespace accel::core::uabi
