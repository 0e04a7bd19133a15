// SPDX-License-Identifier: MIT
// Obligations: references between objects, and handles that are freed, unknown or of another file.
#include "conform/files.hpp"
#include "conform/raw.hpp"
#include "conform/tests.hpp"
#include "conform/work.hpp"

#include <cerrno>
#include <sys/eventfd.h>

namespace accel::conform::tests {

void space_in_use(Test &test)
{
	Space space = test.any_space();
	Queue queue = test.queue(space);

	CHECK_ERRNO(accel_address_space_destroy(space.get(), err()), EBUSY, ACCEL_REASON_IN_USE);
	/* Neither the object nor the queue is changed. */
	Queue second = test.queue(space);

	(void)queue.destroy();
	CHECK_ERRNO(accel_address_space_destroy(space.get(), err()), EBUSY, ACCEL_REASON_IN_USE);
	(void)second.destroy();
	CHECK_OK(space.owner.destroy());
}

void event_in_use(Test &test)
{
	Space space = test.any_space();
	Event event = test.event();
	Queue queue = test.queue(space, 16, 0, &event);

	CHECK_ERRNO(accel_event_destroy(event.get(), err()), EBUSY, ACCEL_REASON_IN_USE);
	CHECK_GE(accel_event_fd(event.get()), 0);
	(void)queue.destroy();
	CHECK_OK(event.destroy());
}

void buffer_in_use(Test &test)
{
	Space space = test.space(ACCEL_ADDRESS_MODE_MAPPED);
	Buffer buffer = test.buffer(8192);
	uint64_t iova[2] = {};

	for (uint64_t &at : iova)
		CHECK_OK(accel_address_space_map_buffer(space.get(), buffer.get(), 4096, 4096,
							ACCEL_ACCESS_READ, &at, err()));
	for (uint64_t at : iova) {
		CHECK_ERRNO(accel_buffer_destroy(buffer.get(), err()), EBUSY, ACCEL_REASON_IN_USE);
		CHECK_EQ(accel_buffer_size(buffer.get()), 8192u);
		static_cast<unsigned char *>(accel_buffer_address(buffer.get()))[0] = 1;
		CHECK_OK(accel_address_space_unmap(space.get(), at, 4096, err()));
	}
	CHECK_OK(buffer.destroy());
}

void space_takes_its_mappings_along(Test &test)
{
	Space space = test.space(ACCEL_ADDRESS_MODE_MAPPED);
	Buffer buffer = test.buffer(4096);
	uint64_t iova = 0;

	CHECK_OK(accel_address_space_map_buffer(space.get(), buffer.get(), 0, 4096,
						ACCEL_ACCESS_READ, &iova, err()));
	CHECK_OK(space.owner.destroy());
	CHECK_OK(buffer.destroy());
}

namespace {

/* The handles of one object of each type that depends on no other. */
struct Made {
	uint16_t object, destroy;
	uint64_t handle;
};

std::vector<Made> make_some(accel_device *device, int event_fd)
{
	uint64_t space = raw_any_space(device);
	RawQueue queue(space, 8);
	Raw event(ACCEL_OBJECT_EVENT, ACCEL_EVENT_CREATE);

	check_raw_ok(queue, queue.call(device), "queue.create", CONFORM_HERE);
	std::vector<Made> made{{ACCEL_OBJECT_QUEUE, ACCEL_QUEUE_DESTROY, queue.handle()},
			       {ACCEL_OBJECT_ADDRESS_SPACE, ACCEL_ADDRESS_SPACE_DESTROY, space}};

	event.out64(ACCEL_EVENT_CREATE_HANDLE)
		.u32(ACCEL_EVENT_CREATE_FD, static_cast<uint32_t>(event_fd));
	if (event.call(device) == 0)
		made.push_back({ACCEL_OBJECT_EVENT, ACCEL_EVENT_DESTROY,
				event.value(ACCEL_EVENT_CREATE_HANDLE)});
	Raw buffer(ACCEL_OBJECT_BUFFER, ACCEL_BUFFER_CREATE);

	buffer.out64(ACCEL_BUFFER_CREATE_HANDLE).u64(ACCEL_BUFFER_CREATE_SIZE, 4096);
	buffer.out64(ACCEL_BUFFER_CREATE_MAP_OFFSET);
	if (buffer.call(device) == 0)
		made.push_back({ACCEL_OBJECT_BUFFER, ACCEL_BUFFER_DESTROY,
				buffer.value(ACCEL_BUFFER_CREATE_HANDLE)});
	return made;
}

Raw destroy_of(const Made &made)
{
	Raw raw(made.object, made.destroy);

	raw.u64(1, made.handle);
	return raw;
}

void destroy_all(accel_device *device, const std::vector<Made> &made)
{
	for (const Made &one : made) {
		Raw raw = destroy_of(one);

		RAW_OK(raw, device);
	}
}

} // namespace

void destroyed_twice(Test &test)
{
	test.need_uabi();
	UniqueFd file(eventfd(0, EFD_CLOEXEC));
	auto made = make_some(test.device(), file.get());

	for (const Made &one : made) {
		Raw first = destroy_of(one), second = destroy_of(one);

		RAW_OK(first, test.device());
		RAW_ERRNO(second, test.device(), ENOENT, ACCEL_REASON_NO_HANDLE, 1);
		CHECK_EQ(second.record.value, one.handle);
	}
}

void handle_after_destroy(Test &test)
{
	test.need_uabi();
	uint64_t space = raw_any_space(test.device());

	CHECK_EQ(raw_destroy(test.device(), ACCEL_OBJECT_ADDRESS_SPACE, ACCEL_ADDRESS_SPACE_DESTROY,
			     space),
		 0);
	RawQueue queue(space, 8);

	RAW_ERRNO(queue, test.device(), ENOENT, ACCEL_REASON_NO_HANDLE,
		  ACCEL_QUEUE_CREATE_ADDRESS_SPACE);
	Raw query(ACCEL_OBJECT_ADDRESS_SPACE, ACCEL_ADDRESS_SPACE_QUERY);

	query.u64(ACCEL_ADDRESS_SPACE_QUERY_HANDLE, space);
	RAW_ERRNO(query, test.device(), ENOENT, ACCEL_REASON_NO_HANDLE,
		  ACCEL_ADDRESS_SPACE_QUERY_HANDLE);
}

void handle_of_another_type(Test &test)
{
	test.need_uabi();
	UniqueFd file(eventfd(0, EFD_CLOEXEC));
	auto made = make_some(test.device(), file.get());

	for (const Made &one : made) {
		for (const Made &other : made) {
			if (&one == &other)
				continue;
			Made wrong = one;

			wrong.handle = other.handle;
			Raw raw = destroy_of(wrong);

			RAW_ERRNO(raw, test.device(), ENOENT, ACCEL_REASON_HANDLE_TYPE, 1);
		}
	}
	destroy_all(test.device(), made);
}

void handle_of_another_file(Test &test)
{
	test.need_uabi();
	UniqueFd file(eventfd(0, EFD_CLOEXEC));
	Device other = test.open();
	auto made = make_some(other.get(), file.get());

	for (const Made &one : made) {
		Raw raw = destroy_of(one);

		RAW_ERRNO(raw, test.device(), ENOENT, ACCEL_REASON_NO_HANDLE, 1);
	}
	destroy_all(other.get(), made);
}

void object_of_another_open(Test &test)
{
	Device other = test.open();
	Space space = test.any_space(), foreign_space = test.any_space(&other);
	Event event = test.event(&other);
	accel_queue_options o = test.queue_options(8);
	accel_queue *queue = nullptr;

	o.event = event.get();
	CHECK_ERRNO(accel_queue_create(space.get(), &o, &queue, err()), ENOENT,
		    ACCEL_REASON_NO_HANDLE);
	CHECK_OK(accel_queue_create(foreign_space.get(), &o, &queue, err()));
	CHECK_OK(accel_queue_destroy(queue, err()));
}

void close_frees_everything(Test &test)
{
	const accel_device_caps before = test.caps();

	for (int i = 0; i < 5; i++) {
		Device device = test.open();
		Space space = test.any_space(&device);
		Event event = test.event(&device);
		Buffer buffer = test.buffer(1 << 16, &device);
		Queue first = test.queue(space, 16, 0, &event), second = test.queue(space);

		CHECK_QUEUES(test.device(), before.queues + 2);
		CHECK_CLIENTS(test.device(), before.clients + 1);
		/* Not in an order that destroy would allow. */
		device.close();
		CHECK_QUEUES(test.device(), before.queues);
		CHECK_CLIENTS(test.device(), before.clients);
	}
}

void close_frees_raw_objects(Test &test)
{
	test.need_uabi();
	const accel_device_caps before = test.caps();
	UniqueFd file(eventfd(0, EFD_CLOEXEC));

	for (int i = 0; i < 5; i++) {
		Device device = test.open();
		size_t files = open_files().size();

		for (int j = 0; j < 3; j++)
			make_some(device.get(), file.get());
		CHECK_QUEUES(test.device(), before.queues + 3);
		device.close();
		CHECK_QUEUES(test.device(), before.queues);
		CHECK_LE(open_files().size(), files);
	}
}

void use_after_close(Test &test)
{
	Device device = test.open();
	Space space = test.any_space(&device);
	Event event = test.event(&device);
	Buffer buffer = test.buffer(8192, &device);
	Queue queue = test.queue(space);
	accel_address_space_info space_info{.size = sizeof(space_info)};
	accel_queue_info queue_info{.size = sizeof(queue_info)};
	uint64_t iova = 0;

	device.close();
	CHECK_ERRNO(accel_address_space_query(space.get(), &space_info, err()), ENODEV,
		    ACCEL_REASON_UNPLUGGED);
	CHECK_ERRNO(accel_queue_query(queue.get(), &queue_info, err()), ENODEV,
		    ACCEL_REASON_UNPLUGGED);
	CHECK_ERRNO(accel_queue_wait(queue.get(), after_ms(kPatienceMs), err()), ENODEV,
		    ACCEL_REASON_UNPLUGGED);
	CHECK_ERRNO(accel_address_space_map_buffer(space.get(), buffer.get(), 0, 4096,
						   ACCEL_ACCESS_READ, &iova, err()),
		    ENODEV, ACCEL_REASON_UNPLUGGED);
	/* The memory belongs to the process until the object is destroyed. */
	static_cast<unsigned char *>(accel_buffer_address(buffer.get()))[8191] = 7;
	CHECK_OK(queue.destroy());
	CHECK_OK(buffer.destroy());
	CHECK_OK(event.destroy());
	CHECK_OK(space.owner.destroy());
}

} // namespace accel::conform::tests
