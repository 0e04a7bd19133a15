// SPDX-License-Identifier: MIT
// Obligations: values and room that are smaller or larger than the device expects.
#include "conform/policy.hpp"
#include "conform/tests.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>

namespace accel::conform::tests {

void output_struct_sizes(Test &test)
{
	test.need_uabi();
	uint64_t space = raw_any_space(test.device());

	for (uint32_t room : {16u, 32u, 63u, 64u, 65u, 200u}) {
		std::vector<unsigned char> memory(256, 0xee);
		RawQueue queue(space, 8);
		accel_attribute &layout = queue.at(ACCEL_QUEUE_CREATE_LAYOUT);
		accel_ring_layout seen{};

		layout.value = reinterpret_cast<uintptr_t>(memory.data());
		layout.length = room;
		RAW_OK(queue, test.device());
		std::memcpy(&seen, memory.data(), std::min<size_t>(room, sizeof(seen)));
		CHECK_EQ(seen.entry_count, 8u);
		CHECK_EQ(layout.length, std::min<size_t>(room, sizeof(seen)));
		for (size_t i = sizeof(seen); i < room; i++)
			CHECK(memory[i] == 0, "unknown byte {} of the layout is {:#x}", i,
			      memory[i]);
		CHECK(std::all_of(memory.begin() + room, memory.end(),
				  [](unsigned char c) { return c == 0xee; }),
		      "bytes after a room of {} were written", room);
		CHECK_EQ(raw_destroy(test.device(), ACCEL_OBJECT_QUEUE, ACCEL_QUEUE_DESTROY,
				     queue.handle()),
			 0);
	}
}

void input_struct_sizes(Test &test)
{
	test.need_uabi();
	uint64_t space = raw_space(test.device(), ACCEL_ADDRESS_MODE_MAPPED);
	Raw create(ACCEL_OBJECT_BUFFER, ACCEL_BUFFER_CREATE);

	create.out64(ACCEL_BUFFER_CREATE_HANDLE).u64(ACCEL_BUFFER_CREATE_SIZE, 4096);
	create.out64(ACCEL_BUFFER_CREATE_MAP_OFFSET);
	RAW_OK(create, test.device());
	struct {
		accel_buffer_range range;
		unsigned char tail[40];
	} given{{create.value(ACCEL_BUFFER_CREATE_HANDLE), 0, 4096}, {}};
	auto map = [&](uint32_t length) {
		Raw raw(ACCEL_OBJECT_ADDRESS_SPACE, ACCEL_ADDRESS_SPACE_MAP);

		raw.u64(ACCEL_ADDRESS_SPACE_MAP_HANDLE, space);
		raw.memory(ACCEL_ADDRESS_SPACE_MAP_RANGE, &given, length);
		raw.u64(ACCEL_ADDRESS_SPACE_MAP_ACCESS, ACCEL_ACCESS_READ);
		raw.out64(ACCEL_ADDRESS_SPACE_MAP_IOVA);
		return raw;
	};

	for (uint32_t length : {24u, 25u, 32u, 64u}) {
		Raw raw = map(length);

		RAW_OK(raw, test.device());
	}
	given.tail[39] = 1;
	Raw bad = map(64);

	RAW_ERRNO(bad, test.device(), E2BIG, ACCEL_REASON_NONZERO_TAIL,
		  ACCEL_ADDRESS_SPACE_MAP_RANGE);
	/* The shorter structure has length 0, which is not a valid range. */
	Raw shorter = map(16);

	RAW_ERRNO(shorter, test.device(), EINVAL, 0, ACCEL_ADDRESS_SPACE_MAP_RANGE);
}

void output_room(Test &test)
{
	test.need_uabi();
	uint64_t space = raw_any_space(test.device());
	uint32_t queues = test.caps().queues;

	for (uint16_t id : {ACCEL_QUEUE_CREATE_HANDLE, ACCEL_QUEUE_CREATE_MAP_OFFSET}) {
		for (uint32_t room : {0u, 4u, 7u}) {
			RawQueue queue(space, 8);

			queue.at(id).length = room;
			RAW_ERRNO(queue, test.device(), EMSGSIZE, ACCEL_REASON_NO_ROOM, id);
			CHECK_EQ(queue.length(id), 8u);
		}
	}
	Raw model(ACCEL_OBJECT_DEVICE, ACCEL_DEVICE_QUERY);
	std::string expected = test.caps().model, room(expected.size(), 'x');

	model.memory(ACCEL_DEVICE_QUERY_MODEL, room.data(), 1);
	RAW_ERRNO(model, test.device(), EMSGSIZE, ACCEL_REASON_NO_ROOM, ACCEL_DEVICE_QUERY_MODEL);
	CHECK_EQ(model.length(ACCEL_DEVICE_QUERY_MODEL), expected.size());
	/* The length that was returned is sufficient. */
	RAW_OK(model, test.device());
	CHECK_EQ(std::string_view(room), std::string_view(expected));
	CHECK_QUEUES(test.device(), queues);
}

void only_what_was_asked(Test &test)
{
	test.need_uabi();
	Raw raw(ACCEL_OBJECT_DEVICE, ACCEL_DEVICE_QUERY);

	raw.out32(ACCEL_DEVICE_QUERY_MAX_QUEUES).out64(ACCEL_DEVICE_QUERY_MAX_TRANSFER);
	RAW_OK(raw, test.device());
	CHECK(raw.written(ACCEL_DEVICE_QUERY_MAX_QUEUES) &&
		      raw.written(ACCEL_DEVICE_QUERY_MAX_TRANSFER),
	      "an output was not marked as written");
	CHECK_EQ(raw.value(ACCEL_DEVICE_QUERY_MAX_QUEUES), test.caps().max_queues);
	CHECK_EQ(raw.value(ACCEL_DEVICE_QUERY_MAX_TRANSFER), test.caps().max_transfer);
	/* An input is never marked, and is returned unchanged. */
	RawQueue queue(raw_any_space(test.device()), 8);

	RAW_OK(queue, test.device());
	CHECK(!queue.written(ACCEL_QUEUE_CREATE_ENTRIES), "an input is marked as written");
	CHECK_EQ(queue.value(ACCEL_QUEUE_CREATE_ENTRIES), 8u);
	CHECK(queue.written(ACCEL_QUEUE_CREATE_HANDLE), "the handle is not marked as written");
}

} // namespace accel::conform::tests
