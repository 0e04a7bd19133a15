// SPDX-License-Identifier: MIT
// The policy of a uABI: the lines that device.describe returns, and a fast lookup of a line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <uapi/accel/accel.h>

namespace accel::core::uabi {

/// No line of the policy.
inline constexpr uint32_t kNoEntry = 0xffffffff;

/// The index of the children of one line by their id. Core ids count from 0, ids of a driver from
/// ACCEL_DRIVER_NAMESPACE; both are dense, so a lookup is one comparison and one load.
struct IdTable {
	uint16_t first = 0;  // index in PolicyIndex::ids
	uint16_t core = 0;   // number of core ids, which come first
	uint16_t driver = 0; // number of the driver's ids, which follow
};

/// The attributes of one method: "slot" k is the k-th attribute in the order of the policy.
struct Scope {
	uint16_t first = 0;    // index in PolicyIndex::slots
	uint16_t count = 0;    // attributes, at most ACCEL_MAX_ATTRIBUTES
	uint16_t ordinal = 0;  // number of methods before it
	uint64_t required = 0; // bit of each slot without which the call is refused
};

/// The properties of an attribute that every call needs, in one place.
struct AttributeFacts {
	uint8_t slot = 0;
	uint8_t number = 0; // bytes, if the value is one number; else 0
	bool input = false;
};

/// Whether a value of that type is one number of 4 or 8 bytes: these types come first in the list.
constexpr bool is_number(unsigned type)
{
	static_assert(ACCEL_ATTRIBUTE_TYPE_U32 == 1 && ACCEL_ATTRIBUTE_TYPE_ADDRESS == 8);
	return type - 1u < ACCEL_ATTRIBUTE_TYPE_ADDRESS;
}

/// Computed from the lines by policy_index.hpp, at compile time.
struct PolicyIndex {
	IdTable objects;
	const IdTable *children;     // by line: methods of an object, attributes of a method
	const Scope *scopes;	     // by line, of a method
	const AttributeFacts *facts; // by line, of an attribute
	const uint16_t *ids;	     // line, or 0xffff
	const uint16_t *slots;	     // line

	/// Line of the child with that id, kNoEntry if there is none.
	uint32_t find(const IdTable &table, uint16_t id) const
	{
		uint32_t position = id;

		if (id & ACCEL_DRIVER_NAMESPACE) {
			position = id & (ACCEL_DRIVER_NAMESPACE - 1u);
			if (position >= table.driver)
				return kNoEntry;
			position += table.core;
		} else if (position >= table.core) {
			return kNoEntry;
		}
		uint16_t line = ids[table.first + position];
		return line == 0xffff ? kNoEntry : line;
	}
};

/// The whole policy of one uABI. Constant and shared by all threads; does not own what its members refer to.
struct Policy {
	std::span<const accel_policy_entry> entries; // in tree order
	std::string_view names;			     // each ended by a zero byte
	std::string_view driver;		     // name of the driver namespace
	uint64_t hash = 0;
	const PolicyIndex *index = nullptr; // null: a lookup searches the lines
	const void *blob = nullptr;	    // header, lines and names in one block, if they are
	size_t blob_bytes = 0;

	/// The answer of device.describe.
	std::span<const std::byte> description() const
	{
		return {static_cast<const std::byte *>(blob), blob_bytes};
	}

	/// Line of the object type, kNoEntry if there is none.
	uint32_t find_object(uint16_t id) const
	{
		return index ? index->find(index->objects, id) :
			       walk(kNoEntry, ACCEL_POLICY_KIND_OBJECT, id);
	}

	/// Line of the method of the object type at line @object.
	uint32_t find_method(uint32_t object, uint16_t id) const
	{
		return index ? index->find(index->children[object], id) :
			       walk(object, ACCEL_POLICY_KIND_METHOD, id);
	}

	/// Line of the attribute of the method at line @method.
	uint32_t find_attribute(uint32_t method, uint16_t id) const
	{
		return index ? index->find(index->children[method], id) :
			       walk(method, ACCEL_POLICY_KIND_ATTRIBUTE, id);
	}

	/// The same by name: for tools. @parent is kNoEntry for object types.
	uint32_t find_name(uint32_t parent, unsigned kind, std::string_view name) const;

	/// Line of the first child of @parent with that kind, at or after line @from; kNoEntry at the end.
	uint32_t next_child(uint32_t parent, unsigned kind, uint32_t from) const;

	/// The members of the enum or flags attribute at line @attribute.
	std::span<const accel_policy_entry> members(uint32_t attribute) const;

	/// Name of a line, empty if the offset is invalid. The byte after it is zero.
	std::string_view name(const accel_policy_entry &entry) const { return text(entry.name); }
	std::string_view name(uint32_t line) const
	{
		return line < entries.size() ? name(entries[line]) : std::string_view{};
	}

	/// The text at an offset of the names.
	std::string_view text(uint32_t offset) const;

private:
	uint32_t walk(uint32_t parent, unsigned kind, uint16_t id) const;
};

} // namespace accel::core::uabi
