// SPDX-License-Identifier: MIT
// Obligations: the header of a message and the error record.
#include "conform/policy.hpp"
#include "conform/tests.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace accel::conform::tests {

namespace {

/* A call of an unknown method, which is refused. */
Raw refused()
{
	return Raw(ACCEL_OBJECT_DEVICE, 0x7ff0);
}

} // namespace

void header_size(Test &test)
{
	test.need_uabi();
	accel_device *d = test.device();
	Raw good = raw_query();

	RAW_OK(good, d);
	CHECK_GE(good.value(ACCEL_DEVICE_QUERY_CLIENTS), 1u);
	for (uint32_t size : {0u, 1u, 4u, 7u, 5000u, 0x7fffffffu, 0xffffffffu}) {
		Raw raw = raw_query();

		raw.header.size = size;
		int result = raw.call(d);

		CHECK(result == -EINVAL, "size {}: {}", size, code_text(result));
	}
}

void header_reserved(Test &test)
{
	test.need_uabi();
	Raw first = raw_query(), second = raw_query();

	first.header.reserved = 1;
	RAW_ERRNO(first, test.device(), EINVAL, ACCEL_REASON_MESSAGE_SHAPE, 0);
	second.header.reserved2 = 0x80000000;
	RAW_ERRNO(second, test.device(), EINVAL, ACCEL_REASON_MESSAGE_SHAPE, 0);
}

void attribute_count(Test &test)
{
	test.need_uabi();
	std::vector<accel_attribute> many(ACCEL_MAX_ATTRIBUTES + 1,
					  accel_attribute{0x7e00, 0, 8, 0});

	for (int64_t count :
	     {int64_t{ACCEL_MAX_ATTRIBUTES} + 1, int64_t{0x10000000}, int64_t{0xffffffff}}) {
		Raw raw(ACCEL_OBJECT_DEVICE, ACCEL_DEVICE_QUERY);

		raw.header.attributes = reinterpret_cast<uintptr_t>(many.data());
		raw.count = count;
		RAW_ERRNO(raw, test.device(), EINVAL, ACCEL_REASON_MESSAGE_SHAPE, 0);
	}
	/* The maximum number of attributes: unknown, optional, each with its own number. */
	for (size_t i = 0; i < many.size(); i++)
		many[i].id = static_cast<uint16_t>(0x7e00 + i);
	Raw most(ACCEL_OBJECT_DEVICE, ACCEL_DEVICE_QUERY);

	most.header.attributes = reinterpret_cast<uintptr_t>(many.data());
	most.count = ACCEL_MAX_ATTRIBUTES;
	RAW_OK(most, test.device());
}

void unknown_object(Test &test)
{
	Policy policy = read_policy(test, test.device());
	uint16_t highest = 0;

	for (const PolicyLine &line : policy.lines)
		if (line.entry.kind == ACCEL_POLICY_KIND_OBJECT &&
		    line.entry.id < ACCEL_DRIVER_NAMESPACE)
			highest = std::max(highest, line.entry.id);
	for (unsigned object : {0u, highest + 1u, 0x7fffu, 0xffffu}) {
		Raw raw(static_cast<uint16_t>(object), 1);

		RAW_ERRNO(raw, test.device(), ENOTTY, ACCEL_REASON_UNKNOWN_OBJECT, 0);
		CHECK_EQ(raw.record.value, object);
	}
}

void unknown_method(Test &test)
{
	test.need_uabi();
	for (unsigned method : {0u, 0x7fffu, 0x8000u, 0xffffu}) {
		Raw raw(ACCEL_OBJECT_DEVICE, static_cast<uint16_t>(method));

		RAW_ERRNO(raw, test.device(), ENOTTY, ACCEL_REASON_UNKNOWN_METHOD, 0);
		CHECK_EQ(raw.record.value, method);
	}
}

void null_attributes(Test &test)
{
	test.need_uabi();
	Raw raw(ACCEL_OBJECT_DEVICE, ACCEL_DEVICE_QUERY);

	raw.header.attributes = 0;
	raw.count = 1;
	RAW_ERRNO(raw, test.device(), EFAULT, ACCEL_REASON_BAD_POINTER, 0);
	Raw wraps(ACCEL_OBJECT_DEVICE, ACCEL_DEVICE_QUERY);

	wraps.header.attributes = UINT64_MAX - 7;
	wraps.count = 2;
	RAW_ERRNO(wraps, test.device(), EFAULT, ACCEL_REASON_BAD_POINTER, 0);
	Raw none(ACCEL_OBJECT_DEVICE, ACCEL_DEVICE_QUERY);

	none.header.attributes = 0;
	none.count = 0;
	RAW_OK(none, test.device());
}

void record_is_optional(Test &test)
{
	test.need_uabi();
	Raw raw = refused();

	raw.header.error = 0;
	CHECK_EQ(raw.call(test.device()), -ENOTTY);
	Raw unsized = refused();

	unsized.header.error_size = 0;
	CHECK_EQ(unsized.call(test.device()), -ENOTTY);
	CHECK_EQ(unsized.record.code, 0);
}

void record_sizes(Test &test)
{
	test.need_uabi();
	std::vector<unsigned char> memory(1024);

	for (uint32_t size : {4u, 12u, 40u, 41u, 60u, 191u, 192u, 193u, 512u}) {
		Raw raw = refused();
		accel_error_record seen{};

		std::ranges::fill(memory, 0xee);
		raw.header.error = reinterpret_cast<uintptr_t>(memory.data());
		raw.header.error_size = size;
		CHECK_EQ(raw.call(test.device()), -ENOTTY);
		std::memcpy(&seen, memory.data(), std::min<size_t>(size, sizeof(seen)));
		CHECK_EQ(seen.code, -ENOTTY);
		CHECK(std::all_of(memory.begin() + size, memory.end(),
				  [](unsigned char c) { return c == 0xee; }),
		      "bytes after a record of {} were written", size);
		/* The text of a shorter record is terminated, too. */
		if (size > offsetof(accel_error_record, text))
			CHECK(std::memchr(memory.data() + offsetof(accel_error_record, text), 0,
					  size - offsetof(accel_error_record, text)),
			      "with a record of {} bytes the text is not terminated", size);
		for (size_t i = sizeof(seen); i < size; i++)
			CHECK(memory[i] == 0, "unknown byte {} of the record is {}", i, memory[i]);
	}
}

void record_is_untouched_by_success(Test &test)
{
	test.need_uabi();
	Raw raw = raw_query();
	std::vector<unsigned char> memory(sizeof(accel_error_record), 0xee);

	raw.header.error = reinterpret_cast<uintptr_t>(memory.data());
	RAW_OK(raw, test.device());
	CHECK(std::ranges::all_of(memory, [](unsigned char c) { return c == 0xee; }),
	      "a call that succeeded wrote the error record");
}

void record_names_the_cause(Test &test)
{
	test.need_uabi();
	uint64_t space = raw_any_space(test.device());
	RawQueue queue(space, 3);

	/* After an unknown optional attribute, so that number and position differ. */
	queue.attributes.insert(queue.attributes.begin(), accel_attribute{0x7ff0, 0, 8, 0});
	RAW_ERRNO(queue, test.device(), EINVAL, ACCEL_REASON_NOT_POWER_OF_TWO,
		  ACCEL_QUEUE_CREATE_ENTRIES);
	CHECK_EQ(queue.record.object, ACCEL_OBJECT_QUEUE);
	CHECK_EQ(queue.record.method, ACCEL_QUEUE_CREATE);
	CHECK_EQ(queue.record.index, 3u);
	CHECK_EQ(queue.record.value, 3u);
	CHECK_EQ(queue.record.minimum, 2u);
	CHECK_GE(queue.record.maximum, test.caps().max_entries);
	std::string text = queue.record.text;

	CHECK(text.find("entries") != std::string::npos && text.find('3') != std::string::npos &&
		      text.find('2') != std::string::npos,
	      "the text names neither attribute, value nor range: \"{}\"", text);
}

void refusal_changes_nothing(Test &test)
{
	test.need_uabi();
	uint64_t space = raw_any_space(test.device());
	RawQueue queue(space, 8);

	queue.out64(0x7ff1); /* an unknown optional output */
	queue.at(ACCEL_QUEUE_CREATE_ENTRIES).value = 5;
	for (accel_attribute &attribute : queue.attributes)
		if (attribute.id == ACCEL_QUEUE_CREATE_HANDLE)
			attribute.value = 0x1122334455667788;
	auto before = queue.attributes;
	uint32_t queues = test.caps_of(test.device()).queues;

	RAW_ERRNO(queue, test.device(), EINVAL, 0, ACCEL_QUEUE_CREATE_ENTRIES);
	CHECK(!std::memcmp(before.data(), queue.attributes.data(),
			   before.size() * sizeof(before[0])),
	      "a refused call changed its attributes");
	CHECK_QUEUES(test.device(), queues);
}

} // namespace accel::conform::tests
