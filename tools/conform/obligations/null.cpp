// SPDX-License-Identifier: MIT
// Obligations: null pointers are errors, never crashes.
#include "conform/test.hpp"
#include "conform/tests.hpp"

#include <cerrno>

namespace accel::conform::tests {

namespace {

#define CHECK_FAULT(call) CHECK_ERRNO(call, EFAULT, ACCEL_REASON_BAD_POINTER)

void null_objects()
{
	accel_address_space *space = nullptr;
	accel_buffer *buffer = nullptr;
	accel_event *event = nullptr;
	accel_command *command = nullptr;
	accel_device_caps caps{.size = sizeof(caps)};
	accel_call call{};
	int memfd = -1;

	CHECK_FAULT(accel_device_query(nullptr, &caps, err()));
	CHECK_EQ(accel_device_call(nullptr, &call), -EFAULT);
	CHECK_EQ(accel_device_trace(nullptr, nullptr, nullptr), -EFAULT);
	CHECK_FAULT(accel_address_space_create(nullptr, ACCEL_ADDRESS_MODE_SHARED, &space, err()));
	CHECK_FAULT(create_buffer(nullptr, 4096, &buffer, err()));
	CHECK_FAULT(accel_buffer_register(nullptr, &caps, 8, ACCEL_ACCESS_READ, &buffer, err()));
	CHECK_FAULT(accel_buffer_import(nullptr, 0, &buffer, err()));
	CHECK_FAULT(accel_buffer_export(nullptr, &memfd, nullptr, err()));
	CHECK_FAULT(accel_event_create(nullptr, &event, err()));
	CHECK_FAULT(accel_command_create(nullptr, ACCEL_SCOPE_CONFIGURATION, &command, err()));
}

void null_objects_of_queues_and_spaces()
{
	accel_address_space_info space_info{.size = sizeof(space_info)};
	accel_queue_info queue_info{.size = sizeof(queue_info)};
	accel_queue_options options{};
	accel_queue *queue = nullptr;
	uint64_t iova = 0;
	size_t size = 0;
	char byte = 0;

	options.size = sizeof(options);
	CHECK_FAULT(accel_address_space_map(nullptr, &byte, 1, ACCEL_ACCESS_READ, &iova, err()));
	CHECK_FAULT(accel_address_space_map_buffer(nullptr, nullptr, 0, 1, ACCEL_ACCESS_READ, &iova,
						   err()));
	CHECK_FAULT(accel_address_space_unmap(nullptr, 0, 1, err()));
	CHECK_FAULT(accel_address_space_query(nullptr, &space_info, err()));
	CHECK_FAULT(accel_queue_create(nullptr, &options, &queue, err()));
	CHECK_FAULT(accel_queue_wait(nullptr, 0, err()));
	CHECK_FAULT(accel_queue_arm(nullptr, err()));
	CHECK_FAULT(accel_queue_resume(nullptr, err()));
	CHECK_FAULT(accel_queue_query(nullptr, &queue_info, err()));
	CHECK_FAULT(accel_command_execute(nullptr, &byte, 1, &byte, &size, err()));
}

void null_is_allowed()
{
	accel_device_close(nullptr);
	accel_device_list_free(nullptr);
	CHECK_OK(accel_address_space_destroy(nullptr, err()));
	CHECK_OK(accel_buffer_destroy(nullptr, err()));
	CHECK_OK(accel_event_destroy(nullptr, err()));
	CHECK_OK(accel_queue_destroy(nullptr, err()));
	CHECK_OK(accel_command_destroy(nullptr, err()));
	CHECK_EQ(accel_buffer_address(nullptr), nullptr);
	CHECK_EQ(accel_buffer_size(nullptr), 0u);
	CHECK_EQ(accel_event_fd(nullptr), -1);
	CHECK_EQ(accel_queue_ring(nullptr), nullptr);
}

} // namespace

void null_pointers(Test &test)
{
	const char *name = test.options().device.c_str();
	accel_device *d = test.device();
	accel_device *made = nullptr;

	CHECK_FAULT(accel_device_open(nullptr, &made, err()));
	CHECK_FAULT(accel_device_open(name, nullptr, err()));
	CHECK_FAULT(accel_device_query(d, nullptr, err()));
	CHECK_EQ(accel_device_call(d, nullptr), -EFAULT);
	CHECK_FAULT(accel_device_list_get(nullptr, err()));
	CHECK_FAULT(accel_address_space_create(d, ACCEL_ADDRESS_MODE_SHARED, nullptr, err()));
	CHECK_FAULT(create_buffer(d, 4096, nullptr, err()));
	CHECK_FAULT(accel_buffer_import(d, 0, nullptr, err()));
	CHECK_FAULT(accel_event_create(d, nullptr, err()));
	CHECK_FAULT(accel_command_create(d, ACCEL_SCOPE_CONFIGURATION, nullptr, err()));
	null_objects();
	null_objects_of_queues_and_spaces();
	null_is_allowed();
	/* Without an error record the result is the same. */
	CHECK_EQ(accel_device_query(d, nullptr, nullptr), -EFAULT);
}

void null_outputs(Test &test)
{
	Space space = test.any_space();
	Queue queue = test.queue(space);
	accel_queue_options options = test.queue_options(8);
	accel_queue *made = nullptr;
	char byte = 0;

	CHECK_FAULT(accel_queue_create(space.get(), nullptr, &made, err()));
	CHECK_FAULT(accel_queue_create(space.get(), &options, nullptr, err()));
	CHECK_FAULT(accel_address_space_query(space.get(), nullptr, err()));
	CHECK_FAULT(accel_queue_query(queue.get(), nullptr, err()));
	CHECK_FAULT(
		accel_address_space_map(space.get(), &byte, 1, ACCEL_ACCESS_READ, nullptr, err()));
	CHECK_EQ(made, nullptr);
}

#undef CHECK_FAULT

} // namespace accel::conform::tests
