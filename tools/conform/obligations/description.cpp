// SPDX-License-Identifier: MIT
// Obligations: what device.describe returns.
#include "conform/policy.hpp"
#include "conform/tests.hpp"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <map>
#include <set>

namespace accel::conform::tests {

void describe_is_whole(Test &test)
{
	Policy policy = read_policy(test, test.device());

	/* parse_policy() has checked offsets, terminators of names, parents and the sum of the sizes. */
	CHECK_EQ(policy.header.reserved, 0u);
	CHECK_EQ(policy.header.entry_size % 8, 0u);
	CHECK_GE(policy.lines.size(), 4u);
	CHECK_EQ(policy.driver, std::string(test.caps().driver));
}

void describe_is_stable(Test &test)
{
	test.need_uabi();
	auto first = describe(test.device());
	Device other = test.open();

	CHECK(describe(test.device()) == first, "two calls differ");
	CHECK(describe(other.get()) == first, "two open files differ");
	Space space = test.any_space();
	Queue queue = test.queue(space);

	CHECK(describe(test.device()) == first, "the description changes when objects exist");
}

void describe_hash(Test &test)
{
	test.need_uabi();
	auto bytes = describe(test.device());
	Policy policy = parse_policy(bytes);
	uint64_t hash = 0xcbf29ce484222325; /* FNV-1a, 64 bits */

	for (size_t i = policy.header.size; i < bytes.size(); i++)
		hash = (hash ^ bytes[i]) * 0x100000001b3;
	CHECK_EQ(hash, policy.header.hash);
}

namespace {

unsigned kind_of_parent(const Policy &policy, const PolicyLine &line)
{
	return line.entry.parent == UINT32_MAX ? 0 : policy.parent(line).entry.kind;
}

bool has_members(unsigned type)
{
	return type == ACCEL_ATTRIBUTE_TYPE_ENUM || type == ACCEL_ATTRIBUTE_TYPE_FLAGS;
}

void check_parent(const Policy &policy, const PolicyLine &line)
{
	unsigned parent = kind_of_parent(policy, line);
	bool good = false;

	switch (line.entry.kind) {
	case ACCEL_POLICY_KIND_OBJECT: good = parent == 0; break;
	case ACCEL_POLICY_KIND_METHOD: good = parent == ACCEL_POLICY_KIND_OBJECT; break;
	case ACCEL_POLICY_KIND_ATTRIBUTE: good = parent == ACCEL_POLICY_KIND_METHOD; break;
	case ACCEL_POLICY_KIND_MEMBER:
		good = parent == ACCEL_POLICY_KIND_ATTRIBUTE &&
		       has_members(policy.parent(line).entry.type);
		break;
	default: break; /* an unknown kind has no valid parent */
	}
	CHECK(good, "{} is of kind {} below one of kind {}", policy.path(line), line.entry.kind,
	      parent);
}

} // namespace

void describe_tree(Test &test)
{
	Policy policy = read_policy(test, test.device());

	for (uint32_t i = 0; i < policy.lines.size(); i++) {
		const PolicyLine &line = policy.lines[i];

		check_parent(policy, line);
		/* Tree order: each line is a child of the line before it, or of one of that line's ancestors. */
		if (i == 0 || line.entry.parent == UINT32_MAX)
			continue;
		uint32_t at = i - 1;

		while (at != UINT32_MAX && at != line.entry.parent)
			at = policy.lines[at].entry.parent;
		CHECK(at == line.entry.parent, "{} is separated from its parent",
		      policy.path(line));
	}
}

void describe_names(Test &test)
{
	Policy policy = read_policy(test, test.device());
	std::set<std::pair<uint32_t, std::string>> names;
	std::set<std::tuple<uint32_t, uint8_t, uint64_t>> numbers;
	constexpr const char *kLetters = "abcdefghijklmnopqrstuvwxyz0123456789-";

	for (const PolicyLine &line : policy.lines) {
		const accel_policy_entry &e = line.entry;
		bool member = e.kind == ACCEL_POLICY_KIND_MEMBER;

		CHECK(!line.name.empty() &&
			      line.name.find_first_not_of(kLetters) == std::string::npos,
		      "the name is \"{}\"", line.name);
		CHECK(names.emplace(e.parent, line.name).second, "{} occurs twice",
		      policy.path(line));
		CHECK(numbers.emplace(e.parent, e.kind, member ? e.minimum : e.id).second,
		      "{}: the number {} occurs twice", policy.path(line),
		      member ? e.minimum : e.id);
		CHECK(member || e.id != 0, "{} has number 0", policy.path(line));
	}
}

namespace {

/* The size of a value of @type, or 0 if it depends on the attribute. */
uint32_t fixed_size(unsigned type)
{
	switch (type) {
	case ACCEL_ATTRIBUTE_TYPE_U32:
	case ACCEL_ATTRIBUTE_TYPE_ENUM:
	case ACCEL_ATTRIBUTE_TYPE_FD: return 4;
	case ACCEL_ATTRIBUTE_TYPE_U64:
	case ACCEL_ATTRIBUTE_TYPE_FLAGS:
	case ACCEL_ATTRIBUTE_TYPE_HANDLE:
	case ACCEL_ATTRIBUTE_TYPE_DEADLINE:
	case ACCEL_ATTRIBUTE_TYPE_ADDRESS: return 8;
	default: return 0;
	}
}

void check_members(const Policy &policy, const PolicyLine &line)
{
	uint64_t all = 0;

	CHECK(!line.children.empty(), "{} has no members", policy.path(line));
	for (uint32_t child : line.children) {
		const PolicyLine &member = policy.lines[child];

		CHECK_EQ(member.entry.minimum, member.entry.maximum);
		all |= member.entry.minimum;
		if (line.entry.type == ACCEL_ATTRIBUTE_TYPE_FLAGS)
			CHECK(std::has_single_bit(member.entry.minimum), "{} is {:#x}",
			      policy.path(member), member.entry.minimum);
	}
	if (line.entry.type == ACCEL_ATTRIBUTE_TYPE_FLAGS)
		CHECK_EQ(all, line.entry.maximum);
}

} // namespace

void describe_types(Test &test)
{
	Policy policy = read_policy(test, test.device());

	for (const PolicyLine &line : policy.lines) {
		const accel_policy_entry &e = line.entry;

		if (e.kind != ACCEL_POLICY_KIND_ATTRIBUTE)
			continue;
		CHECK(e.flags & (ACCEL_POLICY_FLAGS_IN | ACCEL_POLICY_FLAGS_OUT),
		      "{} has no direction", policy.path(line));
		CHECK(!fixed_size(e.type) || e.size == fixed_size(e.type), "{}: size {}, type {}",
		      policy.path(line), e.size, e.type);
		CHECK(e.minimum <= e.maximum || fixed_size(e.type) == 0, "{}: {} to {}",
		      policy.path(line), e.minimum, e.maximum);
		if (has_members(e.type))
			check_members(policy, line);
		if (e.type != ACCEL_ATTRIBUTE_TYPE_HANDLE)
			continue;
		CHECK(std::ranges::any_of(policy.lines,
					  [&](const PolicyLine &o) {
						  return o.entry.kind == ACCEL_POLICY_KIND_OBJECT &&
							 o.entry.id == e.object;
					  }),
		      "{} is a handle of object {}, which is not described", policy.path(line),
		      e.object);
	}
}

namespace {

struct Known {
	uint16_t object, method, attribute;
	uint8_t type;
	uint16_t flags;
};

/* The part of the specification that every device must implement, from the header. */
constexpr Known kCore[] = {
	{ACCEL_OBJECT_DEVICE, ACCEL_DEVICE_DESCRIBE, ACCEL_DEVICE_DESCRIBE_POLICY,
	 ACCEL_ATTRIBUTE_TYPE_BYTES, ACCEL_POLICY_FLAGS_OUT | ACCEL_POLICY_FLAGS_REQUIRED},
	{ACCEL_OBJECT_DEVICE, ACCEL_DEVICE_QUERY, ACCEL_DEVICE_QUERY_DRIVER,
	 ACCEL_ATTRIBUTE_TYPE_STRING, ACCEL_POLICY_FLAGS_OUT},
	{ACCEL_OBJECT_DEVICE, ACCEL_DEVICE_QUERY, ACCEL_DEVICE_QUERY_FEATURES,
	 ACCEL_ATTRIBUTE_TYPE_FLAGS, ACCEL_POLICY_FLAGS_OUT},
	{ACCEL_OBJECT_ADDRESS_SPACE, ACCEL_ADDRESS_SPACE_CREATE, ACCEL_ADDRESS_SPACE_CREATE_HANDLE,
	 ACCEL_ATTRIBUTE_TYPE_HANDLE, ACCEL_POLICY_FLAGS_OUT | ACCEL_POLICY_FLAGS_REQUIRED},
	{ACCEL_OBJECT_ADDRESS_SPACE, ACCEL_ADDRESS_SPACE_CREATE, ACCEL_ADDRESS_SPACE_CREATE_MODE,
	 ACCEL_ATTRIBUTE_TYPE_ENUM, ACCEL_POLICY_FLAGS_IN | ACCEL_POLICY_FLAGS_REQUIRED},
	{ACCEL_OBJECT_QUEUE, ACCEL_QUEUE_CREATE, ACCEL_QUEUE_CREATE_ENTRIES,
	 ACCEL_ATTRIBUTE_TYPE_U32,
	 ACCEL_POLICY_FLAGS_IN | ACCEL_POLICY_FLAGS_REQUIRED | ACCEL_POLICY_FLAGS_POWER_OF_TWO},
	{ACCEL_OBJECT_QUEUE, ACCEL_QUEUE_CREATE, ACCEL_QUEUE_CREATE_LAYOUT,
	 ACCEL_ATTRIBUTE_TYPE_STRUCT, ACCEL_POLICY_FLAGS_OUT | ACCEL_POLICY_FLAGS_REQUIRED},
	{ACCEL_OBJECT_QUEUE, ACCEL_QUEUE_KICK, ACCEL_QUEUE_KICK_HANDLE, ACCEL_ATTRIBUTE_TYPE_HANDLE,
	 ACCEL_POLICY_FLAGS_IN | ACCEL_POLICY_FLAGS_REQUIRED},
	{ACCEL_OBJECT_QUEUE, ACCEL_QUEUE_DESTROY, ACCEL_QUEUE_DESTROY_HANDLE,
	 ACCEL_ATTRIBUTE_TYPE_HANDLE, ACCEL_POLICY_FLAGS_IN | ACCEL_POLICY_FLAGS_REQUIRED},
};

} // namespace

void describe_core(Test &test)
{
	Policy policy = read_policy(test, test.device());

	for (const Known &known : kCore) {
		const PolicyLine *method = policy.method(known.object, known.method);

		CHECK(method, "object {} method {} is not described", known.object, known.method);
		auto found = std::ranges::find_if(method->children, [&](uint32_t child) {
			return policy.lines[child].entry.id == known.attribute;
		});
		CHECK(found != method->children.end(), "{} has no attribute {}",
		      policy.path(*method), known.attribute);
		const PolicyLine &line = policy.lines[*found];

		CHECK(line.entry.type == known.type && line.entry.flags == known.flags,
		      "{}: type {} flags {:#x}; the specification has type {} flags {:#x}",
		      policy.path(line), line.entry.type, line.entry.flags, known.type,
		      known.flags);
	}
}

void describe_room(Test &test)
{
	test.need_uabi();
	auto whole = describe(test.device());
	auto bytes = static_cast<uint32_t>(whole.size());

	for (uint32_t room : {0u, 1u, 31u, 32u, bytes / 2, bytes - 1}) {
		std::vector<unsigned char> memory(bytes, 0xee);
		Raw raw(ACCEL_OBJECT_DEVICE, ACCEL_DEVICE_DESCRIBE);

		raw.memory(ACCEL_DEVICE_DESCRIBE_POLICY, memory.data(), room);
		RAW_ERRNO(raw, test.device(), EMSGSIZE, ACCEL_REASON_NO_ROOM,
			  ACCEL_DEVICE_DESCRIBE_POLICY);
		CHECK_EQ(raw.length(ACCEL_DEVICE_DESCRIBE_POLICY), bytes);
		CHECK(std::all_of(memory.begin() + room, memory.end(),
				  [](unsigned char c) { return c == 0xee; }),
		      "bytes after a room of {} were written", room);
	}
	std::vector<unsigned char> memory(bytes + 64, 0xee);
	Raw raw(ACCEL_OBJECT_DEVICE, ACCEL_DEVICE_DESCRIBE);

	raw.memory(ACCEL_DEVICE_DESCRIBE_POLICY, memory.data(), bytes + 64);
	RAW_OK(raw, test.device());
	CHECK_EQ(raw.length(ACCEL_DEVICE_DESCRIBE_POLICY), bytes);
	CHECK(std::equal(whole.begin(), whole.end(), memory.begin()),
	      "with more room the bytes differ");
}

void describe_equals_answers(Test &test)
{
	Policy policy = read_policy(test, test.device());
	std::map<uint16_t, uint16_t> highest;

	for_each_method(policy, [&](const PolicyLine &method) {
		Raw raw(policy.parent(method).entry.id, method.entry.id);
		int result = raw.call(test.device());

		CHECK(result != -ENOTTY, "{} is described, but ENOTTY", policy.path(method));
		uint16_t &most = highest[raw.header.object];

		most = std::max(most, method.entry.id);
	});
	for (auto [object, most] : highest) {
		Raw raw(object, static_cast<uint16_t>(most + 1));

		RAW_ERRNO(raw, test.device(), ENOTTY, ACCEL_REASON_UNKNOWN_METHOD, 0);
	}
}

} // namespace accel::conform::tests
