// SPDX-License-Identifier: MIT
// Computes the index of a policy from its lines, at compile time: included by generated tables only.
#pragma once

#include "uabi/policy.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace accel::core::uabi {

// Numbers in a message are little-endian, as is every machine that this codec is built for.
static_assert(std::endian::native == std::endian::little);

/// A describe answer with N lines and M bytes of names, as it is transferred.
template <size_t N, size_t M>
struct PolicyBlob {
	accel_policy_header header;
	accel_policy_entry entries[N];
	char names[M];

	static constexpr size_t kLines = N;
	static constexpr size_t kBytes = offsetof(PolicyBlob, names) + M; // without padding
};

namespace detail {

/// The ranges of the ids of the children of @parent.
template <size_t N>
constexpr IdTable id_range(const accel_policy_entry (&entries)[N], uint32_t parent)
{
	IdTable range;

	for (const accel_policy_entry &entry : entries) {
		if (entry.parent != parent || entry.kind == ACCEL_POLICY_KIND_MEMBER)
			continue;
		bool driver = entry.id & ACCEL_DRIVER_NAMESPACE;
		uint16_t &end = driver ? range.driver : range.core;
		end = std::max(end, static_cast<uint16_t>((entry.id & 0x7fff) + 1));
	}
	return range;
}

template <size_t N>
constexpr size_t id_places(const accel_policy_entry (&entries)[N])
{
	IdTable range = id_range(entries, kNoEntry);
	size_t places = range.core + range.driver;

	for (uint32_t line = 0; line < N; ++line) {
		range = id_range(entries, line);
		places += range.core + range.driver;
	}
	return places;
}

} // namespace detail

/// The arrays of a PolicyIndex.
template <size_t N, size_t Ids>
struct PolicyTables {
	IdTable objects{};
	std::array<IdTable, N> children{};
	std::array<Scope, N> scopes{};
	std::array<AttributeFacts, N> facts{};
	std::array<uint16_t, Ids> ids{};
	std::array<uint16_t, N> slots{};

	constexpr explicit PolicyTables(const accel_policy_entry (&entries)[N])
	{
		uint16_t next_id = 0, next_slot = 0, ordinal = 0;

		ids.fill(0xffff);
		objects = table(entries, kNoEntry, next_id);
		for (uint32_t line = 0; line < N; ++line) {
			children[line] = table(entries, line, next_id);
			scopes[line].first = next_slot;
			if (entries[line].kind == ACCEL_POLICY_KIND_METHOD)
				scopes[line].ordinal = ordinal++;
			next_slot = attributes(entries, line, next_slot);
		}
	}

	constexpr PolicyIndex index() const
	{
		return {objects,      children.data(), scopes.data(),
			facts.data(), ids.data(),      slots.data()};
	}

private:
	constexpr IdTable table(const accel_policy_entry (&entries)[N], uint32_t parent,
				uint16_t &next)
	{
		IdTable made = detail::id_range(entries, parent);

		made.first = next;
		next = static_cast<uint16_t>(next + made.core + made.driver);
		for (uint32_t line = 0; line < N; ++line) {
			const accel_policy_entry &entry = entries[line];
			if (entry.parent != parent || entry.kind == ACCEL_POLICY_KIND_MEMBER)
				continue;
			bool driver = entry.id & ACCEL_DRIVER_NAMESPACE;
			ids[made.first + (driver ? made.core : 0u) + (entry.id & 0x7fffu)] =
				static_cast<uint16_t>(line);
		}
		return made;
	}

	constexpr uint16_t attributes(const accel_policy_entry (&entries)[N], uint32_t parent,
				      uint16_t next)
	{
		Scope &scope = scopes[parent];

		for (uint32_t line = 0; line < N; ++line) {
			if (entries[line].parent != parent ||
			    entries[line].kind != ACCEL_POLICY_KIND_ATTRIBUTE)
				continue;
			facts[line] = {static_cast<uint8_t>(scope.count),
				       static_cast<uint8_t>(is_number(entries[line].type) ?
								    entries[line].size :
								    0),
				       (entries[line].flags & ACCEL_POLICY_FLAGS_IN) != 0};
			slots[next++] = static_cast<uint16_t>(line);
			if (entries[line].flags & ACCEL_POLICY_FLAGS_REQUIRED)
				scope.required |= uint64_t{1} << scope.count;
			++scope.count;
		}
		return next;
	}
};

/// The tables of a constant blob with static storage.
template <const auto &Blob>
constexpr auto policy_tables()
{
	constexpr size_t kLines = std::remove_cvref_t<decltype(Blob)>::kLines;
	static_assert(kLines < 0xffff, "the number of a line has 16 bits");

	return PolicyTables<kLines, detail::id_places(Blob.entries)>(Blob.entries);
}

/// Whether a Call with @arena bytes for structures and strings can hold every message of the policy, and whether the
/// parser supports each: at most 64 attributes, each of one direction.
template <const auto &Blob>
constexpr bool policy_fits(size_t arena)
{
	uint32_t attributes = 0;
	size_t bytes = 0;

	for (const accel_policy_entry &entry : Blob.entries) {
		constexpr unsigned kBoth = ACCEL_POLICY_FLAGS_IN | ACCEL_POLICY_FLAGS_OUT;
		const unsigned direction = entry.flags & kBoth;

		if (entry.kind == ACCEL_POLICY_KIND_METHOD)
			attributes = 0, bytes = 0;
		if (entry.kind != ACCEL_POLICY_KIND_ATTRIBUTE)
			continue;
		if (entry.type == ACCEL_ATTRIBUTE_TYPE_STRUCT)
			bytes += (entry.size + 7u) / 8 * 8;
		else if (entry.type == ACCEL_ATTRIBUTE_TYPE_STRING)
			bytes += (entry.length + 7u) / 8 * 8;
		if (++attributes > ACCEL_MAX_ATTRIBUTES || bytes > arena || !direction ||
		    direction == kBoth)
			return false;
	}
	return true;
}

} // namespace accel::core::uabi
