// SPDX-License-Identifier: MIT
// The generated tables: lookups with and without the index agree, and the contract is complete.
#include "uabi/layout.hpp"
#include "uabi/policy.hpp"

#include <accel/uabi/accel_policy.hpp>
#include <accel/uabi/errors.hpp>
#include <accel/uabi/soft_policy.hpp>
#include <climits>
#include <gtest/gtest.h>

namespace accel::core::uabi {
namespace {

TEST(PolicyIndex, AgreesWithALinearSearch)
{
	for (const Policy *policy : {&kPolicy, &soft::kPolicy}) {
		Policy plain = *policy;
		plain.index = nullptr;
		std::vector<uint32_t> parents = {kNoEntry};
		for (uint32_t id = 0; id < 0x10000; ++id) {
			auto number = static_cast<uint16_t>(id);
			ASSERT_EQ(policy->find_object(number), plain.find_object(number)) << id;
		}
		for (uint32_t line = 0; line < policy->entries.size(); ++line) {
			unsigned kind = policy->entries[line].kind;
			for (uint32_t id = 0; id < 0x10000; id += id == 100 ? 0x7f00 : 1) {
				auto number = static_cast<uint16_t>(id);
				if (kind == ACCEL_POLICY_KIND_OBJECT) {
					ASSERT_EQ(policy->find_method(line, number),
						  plain.find_method(line, number));
				}
				if (kind == ACCEL_POLICY_KIND_METHOD) {
					ASSERT_EQ(policy->find_attribute(line, number),
						  plain.find_attribute(line, number));
				}
				if (id > 0x8100)
					break;
			}
		}
	}
}

TEST(PolicyIndex, SlotsFollowTheLines)
{
	const Policy &policy = soft::kPolicy;
	unsigned methods = 0;

	for (uint32_t line = 0; line < policy.entries.size(); ++line) {
		if (policy.entries[line].kind != ACCEL_POLICY_KIND_METHOD)
			continue;
		const Scope &scope = policy.index->scopes[line];
		EXPECT_EQ(scope.ordinal, methods++);
		unsigned slot = 0;
		for (uint32_t at = policy.next_child(line, ACCEL_POLICY_KIND_ATTRIBUTE, line);
		     at != kNoEntry;
		     at = policy.next_child(line, ACCEL_POLICY_KIND_ATTRIBUTE, at + 1)) {
			EXPECT_EQ(policy.index->slots[scope.first + slot], at);
			const AttributeFacts &facts = policy.index->facts[at];
			const accel_policy_entry &entry = policy.entries[at];
			EXPECT_EQ(facts.slot, slot);
			EXPECT_EQ(facts.number, is_number(entry.type) ? entry.size : 0);
			EXPECT_EQ(facts.input, (entry.flags & ACCEL_POLICY_FLAGS_IN) != 0);
			bool required = entry.flags & ACCEL_POLICY_FLAGS_REQUIRED;
			EXPECT_EQ(scope.required >> slot & 1, required);
			++slot;
		}
		EXPECT_EQ(scope.count, slot);
	}
	EXPECT_EQ(methods, soft::kMethods);
}

TEST(Policy, Names)
{
	const Policy &policy = soft::kPolicy;
	uint32_t queue = policy.find_name(kNoEntry, ACCEL_POLICY_KIND_OBJECT, "queue");
	uint32_t create = policy.find_name(queue, ACCEL_POLICY_KIND_METHOD, "create");

	EXPECT_EQ(policy.driver, "soft");
	EXPECT_EQ(kPolicy.driver, "accel");
	EXPECT_NE(policy.hash, kPolicy.hash);
	EXPECT_EQ(queue, policy.find_object(ACCEL_OBJECT_QUEUE));
	EXPECT_EQ(create, policy.find_method(queue, ACCEL_QUEUE_CREATE));
	EXPECT_EQ(policy.name(create), "create");
	EXPECT_EQ(policy.find_name(queue, ACCEL_POLICY_KIND_METHOD, "crea"), kNoEntry);
	EXPECT_EQ(policy.name(kNoEntry), "");
	EXPECT_EQ(policy.text(0xffffffff), "");
	uint32_t flags = policy.find_name(create, ACCEL_POLICY_KIND_ATTRIBUTE, "flags");
	ASSERT_EQ(policy.members(flags).size(), 3u);
	EXPECT_EQ(policy.name(policy.members(flags)[1]), "stop-on-fault");
	EXPECT_TRUE(policy.members(create).empty());
}

TEST(Errors, EveryReasonHasAnErrnoOfTheContract)
{
	for (const ReasonInfo &reason : kReasons) {
		EXPECT_EQ(find_reason(reason.value), &reason);
		const ErrnoInfo *info = find_errno(-reason.number);
		ASSERT_NE(info, nullptr) << reason.name;
		EXPECT_STREQ(info->name, reason.errno_name);
		EXPECT_EQ(reason_errno(reason.value), reason.number);
	}
	EXPECT_EQ(find_reason(9999), nullptr);
	EXPECT_EQ(reason_errno(9999), EINVAL);
	EXPECT_EQ(find_errno(9999), nullptr);
	EXPECT_EQ(find_errno(INT_MIN), nullptr);
	EXPECT_EQ(find_errno(EBUSY), find_errno(-EBUSY));
	EXPECT_STREQ(find_errno(0)->name, "OK");
}

TEST(Layout, StructuresAndEnumsByName)
{
	ASSERT_NE(find_struct("soft.descriptor"), nullptr);
	EXPECT_EQ(find_struct("soft.descriptor"), find_struct("descriptor"));
	EXPECT_EQ(find_struct("descriptor")->size, 64u);
	EXPECT_EQ(find_struct("ring.descriptor"), nullptr);
	EXPECT_EQ(find_struct("soft-descriptor"), nullptr);
	EXPECT_EQ(find_struct(""), nullptr);
	EXPECT_STREQ(find_enum("ring.status")->find(4)->name, "read-fault");
	EXPECT_EQ(find_enum("ring.status")->find(99), nullptr);
	EXPECT_EQ(find_enum("no.such"), nullptr);
	EXPECT_EQ(find_attribute_struct("queue.create.layout"), find_struct("ring.layout"));
	EXPECT_EQ(find_attribute_struct("queue.create.entries"), nullptr);
}

TEST(Layout, FieldsLieInTheirStructure)
{
	for (const StructInfo &info : all_structs()) {
		for (const FieldInfo &field : info.fields) {
			EXPECT_LE(field.offset + field.size * std::max(field.count, 1u), info.size)
				<< info.name << "." << field.name;
			for (const VariantInfo &variant : field.variants)
				for (const FieldInfo &inner : variant.fields)
					EXPECT_LE(inner.offset + inner.size, info.size)
						<< inner.name;
		}
	}
}

} // namespace
} // namespace accel::core::uabi
