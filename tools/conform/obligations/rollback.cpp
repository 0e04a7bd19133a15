// SPDX-License-Identifier: MIT
// Obligations: a call that fails leaves nothing, and limits are exact.
#include "conform/files.hpp"
#include "conform/raw.hpp"
#include "conform/tests.hpp"
#include "conform/work.hpp"

#include <cerrno>
#include <vector>

namespace accel::conform::tests {

void failed_create_leaves_nothing(Test &test)
{
	test.need_uabi();
	accel_device *d = test.device();
	uint64_t space = raw_any_space(d);
	uint32_t queues = test.caps().queues;

	for (int i = 0; i < 200; i++) {
		RawQueue no_event(space, 8);

		no_event.u64(ACCEL_QUEUE_CREATE_EVENT, 0x7777777);
		RAW_ERRNO(no_event, d, ENOENT, ACCEL_REASON_NO_HANDLE, ACCEL_QUEUE_CREATE_EVENT);
		RawQueue no_room(space, 8);

		no_room.at(ACCEL_QUEUE_CREATE_HANDLE).length = 4;
		RAW_ERRNO(no_room, d, EMSGSIZE, ACCEL_REASON_NO_ROOM, ACCEL_QUEUE_CREATE_HANDLE);
		RawQueue null_layout(space, 8);

		null_layout.at(ACCEL_QUEUE_CREATE_LAYOUT).value = 0;
		RAW_ERRNO(null_layout, d, EFAULT, ACCEL_REASON_BAD_POINTER,
			  ACCEL_QUEUE_CREATE_LAYOUT);
	}
	CHECK_QUEUES(d, queues);
	CHECK_EQ(raw_destroy(d, ACCEL_OBJECT_ADDRESS_SPACE, ACCEL_ADDRESS_SPACE_DESTROY, space), 0);
}

void failed_map_leaves_nothing(Test &test)
{
	Space space = test.space(ACCEL_ADDRESS_MODE_MAPPED);
	Memory memory(space, 8192);
	accel_address_space_info before{.size = sizeof(before)}, after{.size = sizeof(after)};

	CHECK_OK(accel_address_space_query(space.get(), &before, err()));
	for (int i = 0; i < 50; i++) {
		uint64_t taken = memory.iova(), wraps = UINT64_MAX - 4095, any = 0;

		CHECK_ERRNO(accel_address_space_map(space.get(), memory.at(), 4096,
						    Memory::kReadWrite, &taken, err()),
			    EEXIST, ACCEL_REASON_OVERLAP);
		CHECK_ERRNO(accel_address_space_map(space.get(), memory.at(), 8192,
						    Memory::kReadWrite, &wraps, err()),
			    EOVERFLOW, ACCEL_REASON_WRAPS);
		CHECK_ERRNO(accel_address_space_map(space.get(), nullptr, 4096, Memory::kReadWrite,
						    &any, err()),
			    EFAULT, ACCEL_REASON_BAD_POINTER);
		CHECK_EQ(any, 0u);
	}
	CHECK_OK(accel_address_space_query(space.get(), &after, err()));
	CHECK_EQ(after.mappings, before.mappings);
	CHECK_EQ(after.mapped_bytes, before.mapped_bytes);
}

void queue_limit(Test &test)
{
	const accel_device_caps &caps = test.caps();
	Space space = test.any_space();
	std::vector<Queue> queues;
	accel_queue_options o = test.queue_options(kLeastEntries);
	accel_queue *made = nullptr;

	if (caps.max_queues > 4096)
		skip(fmt::format("{} queues are too many to create", caps.max_queues));
	while (queues.size() < caps.max_queues - caps.queues)
		queues.push_back(test.queue(space, kLeastEntries));
	CHECK_ERRNO(accel_queue_create(space.get(), &o, &made, err()), ENOSPC, ACCEL_REASON_LIMIT);
	CHECK_EQ(made, nullptr);
	CHECK_QUEUES(test.device(), caps.max_queues);
	queues.pop_back();
	queues.push_back(test.queue(space, kLeastEntries));
	queues.clear();
	CHECK_QUEUES(test.device(), caps.queues);
}

void out_of_files(Test &test)
{
	Space space = test.any_space();
	Buffer exported = test.buffer(4096);
	accel_event *event = nullptr;
	accel_device *device = nullptr;
	int file = -1;
	size_t files = open_files().size();
	{
		NoMoreFiles limit;

		CHECK_ERRNO(accel_event_create(test.device(), &event, err()), EMFILE,
			    ACCEL_REASON_FILES);
		int result = accel_buffer_export(exported.get(), &file, nullptr, err());

		CHECK(result == -EMFILE || result == -EOPNOTSUPP, "export: {}", code_text(result));
		result = accel_device_open(test.options().device.c_str(), &device, err());
		CHECK(result == 0 || result == -EMFILE, "open: {}", code_text(result));
		accel_device_close(device);
	}
	CHECK_EQ(event, nullptr);
	CHECK_EQ(file, -1);
	CHECK_EQ(open_files().size(), files);
	Event works = test.event();
	Queue queue = test.queue(space, 16, 0, &works);
}

void queue_out_of_files(Test &test)
{
	Space space = test.any_space();
	uint32_t queues = test.caps().queues;
	size_t files = open_files().size();
	std::vector<accel_queue *> made;
	accel_queue_options o = test.queue_options(8);
	{
		NoMoreFiles limit;

		/* A device that needs no file for a queue may create them; others must return EMFILE. */
		for (int i = 0; i < 4; i++) {
			accel_queue *queue = nullptr;
			int result = accel_queue_create(space.get(), &o, &queue, err());

			CHECK(result == 0 || result == -EMFILE, "{}: {}", code_text(result),
			      record_text(last_error()));
			CHECK_EQ(result == 0, queue != nullptr);
			if (queue)
				made.push_back(queue);
		}
	}
	CHECK_QUEUES(test.device(), queues + made.size());
	for (accel_queue *queue : made)
		CHECK_OK(accel_queue_destroy(queue, err()));
	CHECK_EQ(open_files().size(), files);
	Queue works = test.queue(space);
}

void churn_leaves_nothing(Test &test)
{
	const accel_device_caps before = test.caps();
	size_t files = 0;

	for (int i = 0; i < 60; i++) {
		Space space = test.any_space();
		Event event = test.event();
		Buffer buffer = test.buffer(test.pick(1, 1 << 20));
		Queue queue = test.queue(space, 1u << test.pick(1, 8), 0, &event);

		if (i == 5)
			files = open_files().size();
		else if (i > 5)
			CHECK_EQ(open_files().size(), files);
	}
	CHECK_QUEUES(test.device(), before.queues);
}

} // namespace accel::conform::tests
