// SPDX-License-Identifier: MIT
// Structures and enums of the specification as tables: for decoding and for names of numbers.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace accel::core::uabi {

/// One member of an enum, or one bit of a set of flags.
struct MemberInfo {
	uint64_t value;
	const char *name;
	const char *meaning; ///< one sentence
};

struct EnumInfo {
	const char *uabi; ///< "soft"
	const char *name; ///< "op"
	bool flags;
	std::span<const MemberInfo> members;

	/// The member with that number, nullptr if there is none.
	constexpr const MemberInfo *find(uint64_t value) const
	{
		for (const MemberInfo &member : members)
			if (member.value == value)
				return &member;
		return nullptr;
	}
};

enum class FieldKind : uint8_t {
	number,	   ///< unsigned
	negative,  ///< signed
	text,	   ///< chars, terminated by a zero byte or by the end of the field
	address,   ///< of memory
	structure, ///< see FieldInfo::structure
	variants,  ///< a union, see FieldInfo::variants
};

struct StructInfo;
struct VariantInfo;

struct FieldInfo {
	const char *name;
	uint32_t offset;    ///< from the start of the whole structure, also inside of a union
	uint32_t size;	    ///< bytes of one element; of the whole union
	uint32_t count = 0; ///< elements; 0 if it is not an array
	FieldKind kind;
	const EnumInfo *enumeration = nullptr;
	const StructInfo *structure = nullptr;
	std::span<const VariantInfo> variants = {};
	const char *selector = nullptr; ///< field whose value chooses the variant
};

/// One form of a union.
struct VariantInfo {
	const char *name;
	std::span<const uint64_t> when; ///< values of the selector that choose it
	std::span<const FieldInfo> fields;
};

struct StructInfo {
	const char *uabi; ///< "ring"
	const char *name; ///< "layout"
	uint32_t size;	  ///< bytes
	std::span<const FieldInfo> fields;
};

/// The structure in an attribute.
struct AttributeStruct {
	const char *path; ///< "queue.create.layout"
	const StructInfo *structure;
};

std::span<const EnumInfo> all_enums();
std::span<const StructInfo> all_structs();
std::span<const AttributeStruct> all_attribute_structs();

/// Finds "soft.descriptor", or "descriptor" for the first of that name; nullptr if there is none.
const StructInfo *find_struct(std::string_view name);

/// Finds "ring.status", or "status" for the first of that name; nullptr if there is none.
const EnumInfo *find_enum(std::string_view name);

/// Returns the structure in an attribute of that path; nullptr if it has none or is unknown.
const StructInfo *find_attribute_struct(std::string_view path);

} // namespace accel::core::uabi
