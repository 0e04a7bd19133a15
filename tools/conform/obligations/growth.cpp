// SPDX-License-Identifier: MIT
// Obligations: clients that know less or more than the device.
#include "conform/policy.hpp"
#include "conform/tests.hpp"
#include "conform/work.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace accel::conform::tests {

namespace {

constexpr uint16_t kUnknown[] = {0x7ff0, 0xfff0};

} // namespace

void unknown_optional(Test &test)
{
	test.need_uabi();
	uint64_t space = raw_any_space(test.device());
	RawQueue queue(space, 8);

	for (uint16_t id : kUnknown) {
		queue.u64(id, UINT64_MAX);
		/* Neither flags nor address of an unknown attribute are read. */
		queue.add({static_cast<uint16_t>(id + 1), ACCEL_ATTRIBUTE_FLAGS_INDIRECT,
			   0x7fffffff, 0x10});
		queue.add({static_cast<uint16_t>(id + 1), 0, 400, 0});
	}
	auto unknown = queue.attributes;

	RAW_OK(queue, test.device());
	for (size_t i = 5; i < unknown.size(); i++)
		CHECK(!std::memcmp(&unknown[i], &queue.attributes[i], sizeof(unknown[i])),
		      "unknown attribute {} was changed", unknown[i].id);
	CHECK_EQ(
		raw_destroy(test.device(), ACCEL_OBJECT_QUEUE, ACCEL_QUEUE_DESTROY, queue.handle()),
		0);
}

void unknown_mandatory(Test &test)
{
	test.need_uabi();
	uint64_t space = raw_any_space(test.device());
	uint32_t queues = test.caps().queues;

	for (uint16_t id : kUnknown) {
		RawQueue queue(space, 8);

		queue.add({id, ACCEL_ATTRIBUTE_FLAGS_MANDATORY, 8, 0});
		RAW_ERRNO(queue, test.device(), EPROTONOSUPPORT, ACCEL_REASON_UNKNOWN_ATTRIBUTE,
			  id);
		CHECK_EQ(queue.record.index, 5u);
	}
	CHECK_QUEUES(test.device(), queues);
}

void known_mandatory(Test &test)
{
	test.need_uabi();
	RawQueue queue(raw_any_space(test.device()), 8);

	for (accel_attribute &attribute : queue.attributes)
		attribute.flags |= ACCEL_ATTRIBUTE_FLAGS_MANDATORY;
	RAW_OK(queue, test.device());
}

void any_order(Test &test)
{
	test.need_uabi();
	uint64_t space = raw_any_space(test.device());

	for (int i = 0; i < 20; i++) {
		RawQueue queue(space, 8);

		std::ranges::shuffle(queue.attributes, test.random());
		RAW_OK(queue, test.device());
		CHECK_EQ(queue.layout().entry_count, 8u);
		CHECK_EQ(raw_destroy(test.device(), ACCEL_OBJECT_QUEUE, ACCEL_QUEUE_DESTROY,
				     queue.handle()),
			 0);
	}
}

namespace {

/* Sends a header of @bytes bytes that starts with that of @raw and continues with @tail. Returns the result. */
int call_with_header(accel_device *device, Raw &raw, uint32_t bytes, unsigned char tail)
{
	std::vector<unsigned char> memory(std::max<size_t>(bytes, sizeof(accel_call)), tail);
	accel_call header = raw.header;

	header.size = bytes;
	header.attribute_count = static_cast<uint32_t>(raw.attributes.size());
	header.attributes = reinterpret_cast<uintptr_t>(raw.attributes.data());
	std::memcpy(memory.data(), &header, sizeof(header));
	if (bytes < sizeof(header))
		std::memset(memory.data() + bytes, 0xee, sizeof(header) - bytes);
	return accel_device_call(device, reinterpret_cast<accel_call *>(memory.data()));
}

} // namespace

void longer_header(Test &test)
{
	test.need_uabi();
	for (uint32_t bytes : {41u, 48u, 64u, 512u}) {
		Raw good = raw_query();

		CHECK_EQ(call_with_header(test.device(), good, bytes, 0), 0);
		CHECK_GE(good.value(ACCEL_DEVICE_QUERY_CLIENTS), 1u);
		Raw bad = raw_query();

		CHECK_EQ(call_with_header(test.device(), bad, bytes, 1), -E2BIG);
		CHECK_EQ(bad.record.reason, ACCEL_REASON_NONZERO_TAIL);
	}
}

void shorter_header(Test &test)
{
	test.need_uabi();
	/* Up to and including `attributes`, without the word of the error record. */
	Raw raw = raw_query();

	CHECK_EQ(call_with_header(test.device(), raw, offsetof(accel_call, error), 0), 0);
	CHECK_GE(raw.value(ACCEL_DEVICE_QUERY_CLIENTS), 1u);
	Raw refused(ACCEL_OBJECT_DEVICE, 0x7ff0);

	CHECK_EQ(call_with_header(test.device(), refused, offsetof(accel_call, error), 0), -ENOTTY);
	CHECK_EQ(refused.record.code, 0);
}

void longer_number(Test &test)
{
	test.need_uabi();
	uint64_t space = raw_any_space(test.device());
	std::array<uint64_t, 3> words{8, 0, 0};

	for (uint32_t length : {8u, 24u}) {
		for (bool good : {true, false}) {
			RawQueue queue(space, 8);
			accel_attribute &entries = queue.at(ACCEL_QUEUE_CREATE_ENTRIES);

			words[1] = 0;
			words[0] = 8;
			(length == 8 ? words[0] : words[1]) |= good ? 0 : uint64_t{1} << 63;
			entries.length = length;
			entries.flags = ACCEL_ATTRIBUTE_FLAGS_INDIRECT;
			entries.value = reinterpret_cast<uintptr_t>(words.data());
			if (good)
				RAW_OK(queue, test.device());
			else
				RAW_ERRNO(queue, test.device(), E2BIG, ACCEL_REASON_NONZERO_TAIL,
					  ACCEL_QUEUE_CREATE_ENTRIES);
		}
	}
	RawQueue inline_tail(space, 8);

	inline_tail.at(ACCEL_QUEUE_CREATE_ENTRIES).length = 8;
	inline_tail.at(ACCEL_QUEUE_CREATE_ENTRIES).value |= uint64_t{1} << 40;
	RAW_ERRNO(inline_tail, test.device(), E2BIG, ACCEL_REASON_NONZERO_TAIL,
		  ACCEL_QUEUE_CREATE_ENTRIES);
}

void shorter_number(Test &test)
{
	test.need_uabi();
	uint64_t space = raw_any_space(test.device());

	for (uint32_t length : {1u, 2u, 3u, 4u}) {
		RawQueue queue(space, 8);
		accel_attribute &entries = queue.at(ACCEL_QUEUE_CREATE_ENTRIES);

		entries.length = length;
		/* The word after the value contains bits that must not be read. */
		entries.value = 8 | (UINT64_MAX << (8 * length));
		RAW_OK(queue, test.device());
		CHECK_EQ(queue.layout().entry_count, 8u);
	}
}

void indirect_number(Test &test)
{
	test.need_uabi();
	uint64_t space = raw_any_space(test.device());
	uint32_t entries = 16;
	uint64_t handle = 0;
	RawQueue queue(space, 8);

	queue.at(ACCEL_QUEUE_CREATE_ENTRIES) = {ACCEL_QUEUE_CREATE_ENTRIES,
						ACCEL_ATTRIBUTE_FLAGS_INDIRECT, 4,
						reinterpret_cast<uintptr_t>(&entries)};
	queue.at(ACCEL_QUEUE_CREATE_HANDLE) = {ACCEL_QUEUE_CREATE_HANDLE,
					       ACCEL_ATTRIBUTE_FLAGS_INDIRECT, 8,
					       reinterpret_cast<uintptr_t>(&handle)};
	RAW_OK(queue, test.device());
	CHECK_EQ(queue.layout().entry_count, 16u);
	CHECK_EQ(raw_destroy(test.device(), ACCEL_OBJECT_QUEUE, ACCEL_QUEUE_DESTROY, handle), 0);
}

} // namespace accel::conform::tests
