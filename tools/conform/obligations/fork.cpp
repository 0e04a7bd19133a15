// SPDX-License-Identifier: MIT
// Obligations: a process that forks with an open device.
#include "conform/apart.hpp"
#include "conform/raw.hpp"
#include "conform/tests.hpp"
#include "conform/work.hpp"

#include <atomic>
#include <cerrno>
#include <thread>

namespace accel::conform::tests {

void child_objects_are_refused(Test &test)
{
	Space space = test.any_space();
	Queue queue = test.queue(space);

	in_child([&] {
		accel_device_caps caps{.size = sizeof(caps)};
		accel_address_space_info info{.size = sizeof(info)};
		accel_queue_info queue_info{.size = sizeof(queue_info)};
		accel_address_space *made = nullptr;

		CHECK_ERRNO(accel_device_query(test.device(), &caps, err()), ESTALE,
			    ACCEL_REASON_FORKED);
		CHECK_ERRNO(accel_address_space_create(test.device(), space.mode, &made, err()),
			    ESTALE, ACCEL_REASON_FORKED);
		CHECK_ERRNO(accel_address_space_query(space.get(), &info, err()), ESTALE,
			    ACCEL_REASON_FORKED);
		CHECK_ERRNO(accel_queue_query(queue.get(), &queue_info, err()), ESTALE,
			    ACCEL_REASON_FORKED);
		CHECK_ERRNO(accel_queue_wait(queue.get(), after_ms(kPatienceMs), err()), ESTALE,
			    ACCEL_REASON_FORKED);
		accel_call call{.size = sizeof(call),
				.object = ACCEL_OBJECT_DEVICE,
				.method = ACCEL_DEVICE_QUERY};
		CHECK_EQ(accel_device_call(test.device(), &call), -ESTALE);
	});
}

void child_is_refused(Test &test)
{
	accel_device *d = test.device();

	in_child([&] {
		accel_device_caps caps{.size = sizeof(caps)};
		accel_buffer *buffer = nullptr;

		CHECK_ERRNO(accel_device_query(d, &caps, err()), ESTALE, ACCEL_REASON_FORKED);
		CHECK_ERRNO(create_buffer(d, 4096, &buffer, err()), ESTALE, ACCEL_REASON_FORKED);
		accel_device_close(d);
	});
	/* The parent is not refused: the operation works, or the device lacks it. */
	accel_device_caps caps{.size = sizeof(caps)};
	int result = accel_device_query(d, &caps, err());

	CHECK(result == 0 || result == -EOPNOTSUPP, "{}", code_text(result));
}

void ring_of_child_is_shut(Test &test)
{
	Space space = test.any_space();
	Runner runner(test, space, 8);

	runner.post_nop();
	in_child([&] {
		accel_completion done;
		uint64_t at;

		CHECK(!accel_ring_reserve(runner.ring(), 1, &at), "the child could reserve");
		CHECK_EQ(accel_ring_poll(runner.ring(), &done, 1), 0u);
	});
	CHECK_STATUS(runner.take(), ACCEL_RING_STATUS_SUCCESS);
	CHECK_STATUS(runner.run_nop(), ACCEL_RING_STATUS_SUCCESS);
}

void parent_goes_on(Test &test)
{
	constexpr size_t kBytes = 1 << 20;
	Space space = test.any_space();
	Memory memory(space, 2 * kBytes);
	Runner runner(test, space, 32);

	for (int i = 0; i < 20; i++) {
		memory.randomize(test);
		for (int k = 0; k < 10; k++)
			runner.post_copy(memory.iova(kBytes), memory.iova(), kBytes, k > 0);
		in_child([] {});
		runner.finish();
		CHECK_SAME(memory.at(kBytes), memory.at(), kBytes);
	}
}

void child_cleans_up(Test &test)
{
	const accel_device_caps before = test.caps();
	Device device = test.open();
	Space space = test.any_space(&device);
	Event event = test.event(&device);
	Buffer buffer = test.buffer(4096, &device);
	Runner runner(test, space, 8, 0, &event);

	runner.post_nop();
	for (int i = 0; i < 5; i++)
		in_child([&] {
			/* The queue and the buffer are destroyed before close, the event and the address space after it. */
			runner.destroy();
			CHECK_OK(buffer.destroy());
			device.close();
			CHECK_OK(event.destroy());
			CHECK_OK(space.owner.destroy());
		});
	CHECK_QUEUES(test.device(), before.queues + 1);
	CHECK_CLIENTS(test.device(), before.clients + 1);
	static_cast<unsigned char *>(accel_buffer_address(buffer.get()))[0] = 1;
	runner.run_nop();
	CHECK_ERRNO(accel_event_destroy(event.get(), err()), EBUSY, ACCEL_REASON_IN_USE);
}

void child_exits_normally(Test &test)
{
	Space space = test.any_space();
	Runner runner(test, space, 8);

	for (int i = 0; i < 3; i++) {
		for (int k = 0; k < 4; k++)
			runner.post_nop();
		/* exit() runs the destructors of the library, whose threads do not exist in the child. */
		in_child([] {}, 40, true);
		runner.finish();
	}
}

void child_opens_its_own(Test &test)
{
	need_threads_in_child();
	Space space = test.any_space();
	Memory memory(space, 4096);
	Runner runner(test, space);

	memory.clear(1);
	for (int i = 0; i < 3; i++) {
		in_child([&] {
			Device device = test.open();
			Space mine = test.any_space(&device);
			Memory my_memory(mine, 8192);
			Runner my_runner(test, mine);

			my_memory.randomize(test);
			CHECK_STATUS(
				my_runner.run_copy(my_memory.iova(4096), my_memory.iova(), 4096),
				ACCEL_RING_STATUS_SUCCESS);
			CHECK_SAME(my_memory.at(4096), my_memory.at(), 4096);
		});
		CHECK_STATUS(runner.run_copy(memory.iova(64), memory.iova(), 64),
			     ACCEL_RING_STATUS_SUCCESS);
	}
}

void grandchild_is_refused(Test &test)
{
	Space space = test.any_space();

	in_child([&] {
		in_child([&] {
			accel_device_caps caps{.size = sizeof(caps)};

			CHECK_ERRNO(accel_device_query(test.device(), &caps, err()), ESTALE,
				    ACCEL_REASON_FORKED);
		});
		Device mine = test.open();

		in_child([&] {
			accel_device_caps caps{.size = sizeof(caps)};

			CHECK_ERRNO(accel_device_query(mine.get(), &caps, err()), ESTALE,
				    ACCEL_REASON_FORKED);
		});
		test.caps_of(mine.get());
	});
}

void fork_in_the_middle_of_calls(Test &test)
{
	Device device = test.open();
	std::atomic<bool> end{false};
	/* This thread may hold any lock of the library when the main thread forks. */
	std::jthread churn([&] {
		while (!end) {
			accel_address_space *space = nullptr;

			accel_address_space_create(device.get(), ACCEL_ADDRESS_MODE_MAPPED, &space,
						   nullptr);
			accel_address_space_destroy(space, nullptr);
		}
	});
	struct Stop {
		std::atomic<bool> &flag;
		~Stop() { flag = true; }
	} stop{end};

	test.caps();
	for (int i = 0; i < 40; i++)
		in_child([&] {
			accel_device_caps caps{.size = sizeof(caps)};

			CHECK_ERRNO(accel_device_query(device.get(), &caps, err()), ESTALE,
				    ACCEL_REASON_FORKED);
			Device mine = test.open();

			test.caps_of(mine.get());
		});
	test.caps_of(test.device());
}

} // namespace accel::conform::tests
