// SPDX-License-Identifier: MIT
// Reads a description and derives messages from it.
#include "conform/policy.hpp"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>

namespace accel::conform {

namespace {

constexpr uint32_t kRoom = 4096;

std::string name_at(const std::vector<unsigned char> &bytes, size_t names, size_t offset)
{
	CHECK(offset < bytes.size() - names, "name at {} of {}", offset, bytes.size() - names);
	const auto *begin = reinterpret_cast<const char *>(bytes.data() + names + offset);
	const void *end = std::memchr(begin, 0, bytes.size() - names - offset);

	CHECK(end, "the name at {} is not terminated", offset);
	return begin;
}

bool is_number(unsigned type)
{
	return type >= ACCEL_ATTRIBUTE_TYPE_U32 && type <= ACCEL_ATTRIBUTE_TYPE_ADDRESS;
}

} // namespace

std::string Policy::path(const PolicyLine &line) const
{
	std::string text = line.name;

	for (uint32_t at = line.entry.parent; at != UINT32_MAX; at = lines[at].entry.parent)
		text = lines[at].name + "." + text;
	return text;
}

const PolicyLine *Policy::method(uint16_t object, uint16_t id) const
{
	for (const PolicyLine &line : lines)
		if (line.entry.kind == ACCEL_POLICY_KIND_METHOD && line.entry.id == id &&
		    parent(line).entry.id == object)
			return &line;
	return nullptr;
}

std::vector<unsigned char> describe(accel_device *device)
{
	std::vector<unsigned char> bytes(1);

	for (int round = 0; round < 3; round++) {
		Raw raw(ACCEL_OBJECT_DEVICE, ACCEL_DEVICE_DESCRIBE);

		raw.memory(ACCEL_DEVICE_DESCRIBE_POLICY, bytes.data(),
			   static_cast<uint32_t>(bytes.size()));
		int result = raw.call(device);
		uint32_t length = raw.length(ACCEL_DEVICE_DESCRIBE_POLICY);

		if (result == -EOPNOTSUPP)
			skip(raw.record.text);
		if (result == -EMSGSIZE) {
			CHECK_LT(bytes.size(), length);
			bytes.resize(length);
			continue;
		}
		check_raw_ok(raw, result, "device.describe", CONFORM_HERE);
		CHECK_LE(length, bytes.size());
		bytes.resize(length);
		return bytes;
	}
	fail(CONFORM_HERE, "device.describe returns a larger size on every call");
}

Policy parse_policy(const std::vector<unsigned char> &bytes)
{
	Policy policy{};
	accel_policy_header &h = policy.header;

	CHECK_GE(bytes.size(), sizeof(h));
	std::memcpy(&h, bytes.data(), sizeof(h));
	CHECK_GE(h.size, sizeof(h));
	CHECK_GE(h.entry_size, sizeof(accel_policy_entry));
	CHECK_EQ(bytes.size(),
		 size_t{h.size} + size_t{h.entry_size} * h.entry_count + h.names_size);
	size_t names = h.size + size_t{h.entry_size} * h.entry_count;

	policy.driver = name_at(bytes, names, h.driver);
	for (uint32_t i = 0; i < h.entry_count; i++) {
		PolicyLine line{};

		std::memcpy(&line.entry, bytes.data() + h.size + size_t{h.entry_size} * i,
			    sizeof(line.entry));
		line.name = name_at(bytes, names, line.entry.name);
		if (line.entry.kind == ACCEL_POLICY_KIND_OBJECT) {
			CHECK_EQ(line.entry.parent, UINT32_MAX);
		} else {
			CHECK_LT(line.entry.parent, i);
			policy.lines[line.entry.parent].children.push_back(i);
		}
		policy.lines.push_back(std::move(line));
	}
	return policy;
}

Policy read_policy(Test &test, accel_device *device)
{
	test.need_uabi();
	return parse_policy(describe(device));
}

uint64_t good_number(const Policy &policy, const PolicyLine &line)
{
	const accel_policy_entry &e = line.entry;

	switch (e.type) {
	case ACCEL_ATTRIBUTE_TYPE_ENUM:
		return line.children.empty() ? 0 : policy.lines[line.children[0]].entry.minimum;
	case ACCEL_ATTRIBUTE_TYPE_FLAGS: return e.maximum & -e.maximum;
	case ACCEL_ATTRIBUTE_TYPE_FD: return UINT32_MAX;
	case ACCEL_ATTRIBUTE_TYPE_HANDLE: return 0;
	default:
		return e.flags & ACCEL_POLICY_FLAGS_POWER_OF_TWO ? std::bit_ceil(e.minimum) :
								   e.minimum;
	}
}

PolicyMessage::PolicyMessage(const Policy &policy, const PolicyLine &method)
	: Raw(policy.parent(method).entry.id, method.entry.id), policy_(policy)
{
	for (uint32_t child : method.children)
		if (policy.lines[child].entry.flags & ACCEL_POLICY_FLAGS_REQUIRED)
			set_good(policy.lines[child]);
}

void PolicyMessage::set_good(const PolicyLine &line)
{
	const accel_policy_entry &e = line.entry;
	accel_attribute good{e.id, 0, e.size, 0};

	if (is_number(e.type)) {
		if (e.flags & ACCEL_POLICY_FLAGS_IN)
			good.value = good_number(policy_, line);
	} else {
		/* A description needs more room, so EMSGSIZE is an expected answer. */
		rooms_.emplace_back(kRoom, e.type == ACCEL_ATTRIBUTE_TYPE_STRING ? 'x' : 0);
		good.flags = ACCEL_ATTRIBUTE_FLAGS_INDIRECT;
		good.value = reinterpret_cast<uintptr_t>(rooms_.back().data());
		good.length = e.size;
		if (!good.length || e.flags & ACCEL_POLICY_FLAGS_OUT)
			good.length = std::min(e.length ? e.length : kRoom, kRoom);
	}
	for (accel_attribute &attribute : attributes)
		if (attribute.id == e.id) {
			attribute = good;
			return;
		}
	add(good);
}

void for_each_method(const Policy &policy,
		     const std::function<void(const PolicyLine &method)> &visit)
{
	for (const PolicyLine &line : policy.lines)
		if (line.entry.kind == ACCEL_POLICY_KIND_METHOD &&
		    policy.parent(line).entry.id < ACCEL_DRIVER_NAMESPACE)
			visit(line);
}

void for_each_attribute(
	const Policy &policy,
	const std::function<void(const PolicyLine &method, const PolicyLine &attribute)> &visit)
{
	for_each_method(policy, [&](const PolicyLine &method) {
		for (uint32_t child : method.children)
			visit(method, policy.lines[child]);
	});
}

} // namespace accel::conform
