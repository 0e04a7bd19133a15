// SPDX-License-Identifier: MIT
// Finds structures and enums of the specification by name.
#include "uabi/layout.hpp"

namespace accel::core::uabi {
namespace {

/// Whether @wanted is "uabi.name" or "name".
bool is_named(std::string_view wanted, std::string_view uabi, std::string_view name)
{
	if (wanted == name)
		return true;
	return wanted.size() == uabi.size() + 1 + name.size() && wanted.starts_with(uabi) &&
	       wanted[uabi.size()] == '.' && wanted.ends_with(name);
}

} // namespace

const StructInfo *find_struct(std::string_view name)
{
	for (const StructInfo &info : all_structs())
		if (is_named(name, info.uabi, info.name))
			return &info;
	return nullptr;
}

const EnumInfo *find_enum(std::string_view name)
{
	for (const EnumInfo &info : all_enums())
		if (is_named(name, info.uabi, info.name))
			return &info;
	return nullptr;
}

const StructInfo *find_attribute_struct(std::string_view path)
{
	for (const AttributeStruct &typed : all_attribute_structs())
		if (path == typed.path)
			return typed.structure;
	return nullptr;
}

} // namespace accel::core::uabi
