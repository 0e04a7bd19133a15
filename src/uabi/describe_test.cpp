// SPDX-License-Identifier: MIT
// Descriptions: the current one, those of newer devices, and damaged ones.
#include "uabi/describe.hpp"

#include <accel/uabi/accel_policy.hpp>
#include <accel/uabi/soft_policy.hpp>
#include <cerrno>
#include <cstring>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace accel::core::uabi {
namespace {

using testing::HasSubstr;

/// A description in parts, which a test changes and joins again.
struct Parts {
	explicit Parts(const Policy &policy)
		: entries(policy.entries.begin(), policy.entries.end()), names(policy.names)
	{
		std::memcpy(&header, policy.description().data(), sizeof(header));
	}

	std::vector<std::byte> blob(size_t header_tail = 0, size_t entry_tail = 0) const
	{
		accel_policy_header head = header;
		std::vector<std::byte> all;
		auto append = [&all](const void *from, size_t bytes) {
			auto *begin = static_cast<const std::byte *>(from);
			all.insert(all.end(), begin, begin + bytes);
		};

		head.size += static_cast<uint32_t>(header_tail);
		head.entry_size += static_cast<uint32_t>(entry_tail);
		head.entry_count += static_cast<uint32_t>(entries.size() - head.entry_count);
		head.names_size = static_cast<uint32_t>(names.size());
		append(&head, sizeof(head));
		all.insert(all.end(), header_tail, std::byte{0xee});
		for (const accel_policy_entry &entry : entries) {
			append(&entry, sizeof(entry));
			all.insert(all.end(), entry_tail, std::byte{0xee});
		}
		append(names.data(), names.size());
		rehash(all, head.size);
		return all;
	}

	static void rehash(std::vector<std::byte> &all, size_t from)
	{
		uint64_t hash = 0xcbf29ce484222325;

		for (size_t i = from; i < all.size(); ++i)
			hash = (hash ^ std::to_integer<uint64_t>(all[i])) * 0x100000001b3;
		std::memcpy(all.data() + offsetof(accel_policy_header, hash), &hash, sizeof(hash));
	}

	accel_policy_header header;
	std::vector<accel_policy_entry> entries;
	std::string names;
};

std::string shown(const Policy &policy)
{
	std::string text;

	EXPECT_EQ(show_policy(policy, text), 0);
	return text;
}

std::string refusal(const std::vector<std::byte> &blob)
{
	Description description;
	const char *why = nullptr;

	EXPECT_EQ(description.parse(blob, &why), -EINVAL);
	EXPECT_TRUE(description.policy().entries.empty());
	return why ? why : "";
}

TEST(Describe, TheCurrentOneIsReadBack)
{
	for (const Policy *policy : {&kPolicy, &soft::kPolicy}) {
		Description first, second;
		ASSERT_EQ(first.parse(policy->description()), 0);
		second = std::move(first);
		const Policy &read = second.policy();
		ASSERT_EQ(read.entries.size(), policy->entries.size());
		EXPECT_EQ(std::memcmp(read.entries.data(), policy->entries.data(),
				      read.entries.size_bytes()),
			  0);
		EXPECT_EQ(read.names, policy->names);
		EXPECT_EQ(read.driver, policy->driver);
		EXPECT_EQ(read.hash, policy->hash);
		EXPECT_EQ(shown(read), shown(*policy));
	}
}

TEST(Describe, LongerHeaderAndEntries)
{
	Description description;
	Parts parts(soft::kPolicy);

	ASSERT_EQ(description.parse(parts.blob(16, 24)), 0);
	EXPECT_EQ(shown(description.policy()), shown(soft::kPolicy));
}

TEST(Describe, UnknownKindsAreSkippedWithAllBelow)
{
	Description description;
	Parts parts(soft::kPolicy);
	auto count = static_cast<uint32_t>(parts.entries.size());
	accel_policy_entry strange = {.kind = 9, .name = 5, .parent = kNoEntry};
	accel_policy_entry below = {.kind = ACCEL_POLICY_KIND_METHOD, .name = 5, .parent = count};
	accel_policy_entry object = {
		.kind = ACCEL_POLICY_KIND_OBJECT, .id = 50, .name = 5, .parent = kNoEntry};
	accel_policy_entry method = {
		.kind = ACCEL_POLICY_KIND_METHOD, .id = 1, .name = 5, .parent = count + 2};

	parts.entries.insert(parts.entries.end(), {strange, below, object, method});
	ASSERT_EQ(description.parse(parts.blob()), 0);
	const Policy &policy = description.policy();
	EXPECT_EQ(policy.entries.size(), count + 2);
	EXPECT_EQ(policy.find_method(policy.find_object(50), 1), count + 1);
}

TEST(Describe, UnknownTypeIsShownByNumber)
{
	Description description;
	Parts parts(soft::kPolicy);

	parts.entries[2].type = 77;
	parts.entries[2].object = 500;
	ASSERT_EQ(description.parse(parts.blob()), 0);
	EXPECT_NE(
		shown(description.policy()).find("attribute policy 1 type(77)(500) out required\n"),
		std::string::npos);
}

TEST(Describe, EveryTruncationIsRefused)
{
	std::vector<std::byte> blob = Parts(soft::kPolicy).blob();

	for (size_t size = 0; size < blob.size(); size += size < 100 ? 1 : 37) {
		Description description;
		// A copy of exactly that size: AddressSanitizer finds reads beyond it.
		std::vector<std::byte> part(blob.begin(), blob.begin() + static_cast<long>(size));
		EXPECT_EQ(description.parse(part), -EINVAL) << size;
	}
}

TEST(Describe, EveryDamageIsRefused)
{
	const std::vector<std::byte> good = Parts(soft::kPolicy).blob();

	for (size_t at = 0; at < good.size(); at += at < 32 ? 1 : 29) {
		// The hash does not cover the header; another name of the driver is also valid.
		if (at >= offsetof(accel_policy_header, driver) &&
		    at < offsetof(accel_policy_header, hash))
			continue;
		std::vector<std::byte> bad = good;
		Description description;
		bad[at] ^= std::byte{0x40};
		EXPECT_EQ(description.parse(bad), -EINVAL) << at;
	}
}

TEST(Describe, MalformedTrees)
{
	const Parts good(soft::kPolicy);
	const char *const order = "order", *const parent = "parent";
	Parts parts = good;
	parts.entries[1].parent = 1;
	EXPECT_THAT(refusal(parts.blob()), HasSubstr(order));
	parts.entries[1].parent = 5;
	EXPECT_THAT(refusal(parts.blob()), HasSubstr(order));
	parts = good;
	parts.entries.back().parent = 0; // of another object, which has ended
	EXPECT_THAT(refusal(parts.blob()), HasSubstr(order));
	parts = good;
	parts.entries[1].parent = kNoEntry; // a method without an object
	EXPECT_THAT(refusal(parts.blob()), HasSubstr(parent));
	parts = good;
	parts.entries[1].kind = ACCEL_POLICY_KIND_MEMBER;
	EXPECT_THAT(refusal(parts.blob()), HasSubstr(parent));
	parts = good;
	parts.entries[0].kind = ACCEL_POLICY_KIND_ATTRIBUTE;
	EXPECT_THAT(refusal(parts.blob()), HasSubstr(parent));
	parts = good;
	parts.entries[1].name = 0x7fffffff;
	EXPECT_THAT(refusal(parts.blob()), HasSubstr("no name"));
	parts = good;
	parts.entries[3].parent = 2; // an attribute inside an attribute
	ASSERT_EQ(parts.entries[2].kind, ACCEL_POLICY_KIND_ATTRIBUTE);
	parts.entries[3].kind = ACCEL_POLICY_KIND_ATTRIBUTE;
	EXPECT_THAT(refusal(parts.blob()), HasSubstr(parent));
	parts = good;
	for (uint32_t i = 0; i < 20; ++i)
		parts.entries.push_back(
			{.kind = ACCEL_POLICY_KIND_MEMBER +
				 1, // skipped, but with a limit of the depth
			 .name = 5,
			 .parent = static_cast<uint32_t>(parts.entries.size() - 1)});
	EXPECT_THAT(refusal(parts.blob()), HasSubstr("deep"));
}

TEST(Describe, MalformedNames)
{
	const char *const names = "names";
	Parts parts(soft::kPolicy);

	parts.names.back() = 'x';
	EXPECT_THAT(refusal(parts.blob()), HasSubstr(names));
	parts.names.back() = '\0';
	parts.names[6] = '\n';
	EXPECT_THAT(refusal(parts.blob()), HasSubstr(names));
	parts.names[6] = 'e';
	parts.header.driver = 100000;
	EXPECT_THAT(refusal(parts.blob()), HasSubstr(names));
}

TEST(Describe, HeaderLimits)
{
	std::vector<std::byte> blob = Parts(soft::kPolicy).blob();
	auto field = [&](size_t offset, uint32_t value) {
		std::vector<std::byte> bad = blob;
		std::memcpy(bad.data() + offset, &value, sizeof(value));
		return refusal(bad);
	};

	for (uint32_t bad : {0u, 31u, 0x7fffffffu, 0xffffffffu})
		EXPECT_THAT(field(offsetof(accel_policy_header, size), bad), HasSubstr("header"));
	for (uint32_t bad : {0u, 39u, 4097u, 0xffffffffu})
		EXPECT_THAT(field(offsetof(accel_policy_header, entry_size), bad),
			    HasSubstr("header"));
	for (uint32_t bad : {1000u, 0xffffffffu})
		EXPECT_THAT(field(offsetof(accel_policy_header, entry_count), bad),
			    HasSubstr("truncated"));
	EXPECT_THAT(field(offsetof(accel_policy_header, names_size), 0xffffffffu),
		    HasSubstr("truncated"));
	EXPECT_THAT(field(offsetof(accel_policy_header, entry_count), 3), HasSubstr("hash"));
}

} // namespace
} // namespace accel::core::uabi
