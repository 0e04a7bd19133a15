// SPDX-License-Identifier: MIT
// Makes the index of a policy from its lines, at compile time: included by generated tables only.
#pragma once

#include "uabi/policy.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace accel::core::uabi {

// Numbers in a message are little-endian, and so is every machine that this codec is built for.
static_assert(std::endian::native == std::endian::little);

/// A describe answer with N lines and M bytes of names, as it goes over the wire.
template <size_t N, size_t M>
struct PolicyBlob {
	accel_policy_header header;
	accel_policy_entry entries[N];
	char names[M];

	static constexpr size_t kLines = N;
	static constexpr size_t kBytes = offsetof(PolicyBlob, names) + M; // without padding
};

namespace detail {

/// How far the ids of the children of @parent go.
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

/// The arrays behind a PolicyIndex.
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
	static_assert(kLines < 0xffff, "a line's number is kept in 16 bits");

	return PolicyTables<kLines, detail::id_places(Blob.entries)>(Blob.entries);
}

/// Bytes of a Call that the values of one method can need: structures and strings are kept there. A string
/// that goes in and out has two of them.
constexpr size_t arena_bytes(const accel_policy_entry *entries, size_t count, uint32_t parent)
{
	size_t bytes = 0;

	for (uint32_t line = 0; line < count; ++line) {
		const accel_policy_entry &entry = entries[line];
		if (entry.parent != parent || entry.kind != ACCEL_POLICY_KIND_ATTRIBUTE)
			continue;
		constexpr unsigned kBoth = ACCEL_POLICY_FLAGS_IN | ACCEL_POLICY_FLAGS_OUT;
		if (entry.type == ACCEL_ATTRIBUTE_TYPE_STRUCT)
			bytes += (entry.size + 7u) / 8 * 8;
		else if (entry.type == ACCEL_ATTRIBUTE_TYPE_STRING)
			bytes += (entry.length + 7u) / 8 * 8 *
				 ((entry.flags & kBoth) == kBoth ? 2 : 1);
		else if (entry.type == ACCEL_ATTRIBUTE_TYPE_NEST)
			bytes += arena_bytes(entries, count, line);
	}
	return bytes;
}

/// Nests of one method, and in nests.
constexpr unsigned nests(const accel_policy_entry *entries, size_t count, uint32_t parent)
{
	unsigned found = 0;

	for (uint32_t line = 0; line < count; ++line)
		if (entries[line].parent == parent &&
		    entries[line].type == ACCEL_ATTRIBUTE_TYPE_NEST)
			found += 1 + nests(entries, count, line);
	return found;
}

/// Whether a Call with @arena bytes and @groups groups can hold every message of the policy, and
/// whether each is one that the parser can take: at most 64 attributes in all, nests of inputs only.
template <const auto &Blob>
constexpr bool policy_fits(size_t arena, unsigned groups)
{
	constexpr uint32_t kLines = std::remove_cvref_t<decltype(Blob)>::kLines;
	uint32_t attributes = 0;

	for (uint32_t line = 0; line < kLines; ++line) {
		const accel_policy_entry &entry = Blob.entries[line];
		bool nested = entry.parent != kNoEntry &&
			      Blob.entries[entry.parent].kind == ACCEL_POLICY_KIND_ATTRIBUTE;

		if (entry.kind == ACCEL_POLICY_KIND_METHOD) {
			attributes = 0;
			if (arena_bytes(Blob.entries, kLines, line) > arena ||
			    nests(Blob.entries, kLines, line) >= groups)
				return false;
		} else if (entry.kind == ACCEL_POLICY_KIND_ATTRIBUTE) {
			if (++attributes > ACCEL_MAX_ATTRIBUTES)
				return false;
			if ((entry.flags & ACCEL_POLICY_FLAGS_OUT) &&
			    (nested || entry.type == ACCEL_ATTRIBUTE_TYPE_NEST))
				return false;
		}
	}
	return true;
}

} // namespace accel::core::uabi
