// SPDX-License-Identifier: MIT
// Lifetimes of objects of the public interface on soft0: parents and children, fork, many threads.
#include "capi/api_test.hpp"
#include "support/child.hpp"

#include <accel/soft.hpp>
#include <atomic>
#include <pthread.h>
#include <thread>
#include <vector>

using namespace accel;
using accel::support::in_child;
using accel::test::Api;
using accel::test::must;

namespace {

TEST_F(Api, ChildrenKeepTheirParents)
{
	auto queue = [] {
		Device device = must(Device::open("soft1"));
		AddressSpace space = must(AddressSpace::create(device, AddressMode::shared));
		Event event = must(Event::create(device));

		return must(Queue::create(space, {.entries = 4, .event = &event}));
	}();

	queue.submit(soft::nop());
	EXPECT_EQ(must(queue.wait_one()).status, ACCEL_RING_STATUS_SUCCESS);
	EXPECT_TRUE(queue.destroy());
	EXPECT_EQ(queue.query().error().name(), "EFAULT") << "destroyed";
}

TEST_F(Api, ClosingAlsoClosesTheChildren)
{
	Device device = must(Device::open("soft0"));
	AddressSpace space = must(AddressSpace::create(device, AddressMode::shared));
	Queue queue = must(Queue::create(space, {.entries = 64}));
	Buffer buffer = must(Buffer::create(device, 4096));
	soft::Stream stream = must(soft::Stream::create(device));

	for (int i = 0; i < 64; i++)
		queue.submit(soft::nop());
	device.close();
	EXPECT_EQ(device.get(), nullptr);
	EXPECT_EQ(device.name(), "");
	EXPECT_EQ(device.query().error().name(), "EFAULT");
	EXPECT_EQ(space.query().error().name(), "ENODEV");
	EXPECT_EQ(queue.query().error().name(), "ENODEV");
	EXPECT_EQ(queue.wait().error().name(), "ENODEV");
	EXPECT_EQ(Buffer::create(device, 1).error().name(), "EFAULT");
	buffer.bytes()[0] = std::byte{1};
	queue.submit(soft::nop());
	EXPECT_TRUE(queue.destroy());
}

#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr bool kSanitizer = true; // it may not support new threads in a forked child
#else
constexpr bool kSanitizer = false;
#endif

/// Returns whether a process that opens the device itself can use it.
bool works_after_open()
{
	auto device = Device::open("soft0");

	if (!device || !device->query())
		return false;
	auto space = AddressSpace::create(*device, AddressMode::shared);
	auto queue = Queue::create(*space, {.entries = 4});
	return queue && queue->submit(soft::nop()) && queue->wait_one();
}

TEST_F(Api, AForkedChildIsRefusedAndTheParentIsNotAffected)
{
	Queue queue = must(Queue::create(space_, {.entries = 64}));
	Buffer buffer = must(Buffer::create(device_, 4096));
	accel_completion done;

	for (int i = 0; i < 8; i++)
		queue.submit(soft::nop());
	const int failed = in_child([&] {
		accel_call call{.size = sizeof(call)};

		if (device_.query().error().name() != "ESTALE")
			return 1;
		if (queue.submit(soft::nop()) || queue.poll({&done, 1}))
			return 2;
		if (queue.wait().error().name() != "ESTALE")
			return 3;
		if (space_.query().error().name() != "ESTALE")
			return 4;
		if (device_.call(call) != -ESTALE)
			return 5;
		if (!kSanitizer && !works_after_open())
			return 6;
		/* Inherited objects can be destroyed in any order. */
		device_.close();
		if (!queue.destroy() || !buffer.destroy() || !space_.destroy())
			return 7;
		return 0;
	});
	EXPECT_EQ(failed, 0) << "the number of the expectation that failed";
	for (int i = 0; i < 8; i++)
		EXPECT_EQ(must(queue.wait_one()).sequence, static_cast<uint64_t>(i));
	EXPECT_TRUE(queue.submit(soft::nop()));
	must(queue.wait_one());
}

TEST(Cancellation, WaitsUntilTheCallReturns)
{
	static std::atomic<int> done;
	pthread_t thread;
	void *result = nullptr;

	done = 0;
	ASSERT_EQ(pthread_create(
			  &thread, nullptr,
			  [](void *) -> void * {
				  accel_device_list *list = nullptr;
				  accel_device *device = nullptr;

				  pthread_cancel(pthread_self());
				  done += accel_device_list_get(&list, nullptr) == 0;
				  accel_device_list_free(list);
				  done += accel_device_open("soft0", &device, nullptr) == 0;
				  accel_device_close(device);
				  done++;
				  pthread_testcancel();
				  done++;
				  return nullptr;
			  },
			  nullptr),
		  0);
	ASSERT_EQ(pthread_join(thread, &result), 0);
	EXPECT_EQ(result, PTHREAD_CANCELED);
	EXPECT_EQ(done, 3);
}

TEST_F(Api, ManyThreadsMayUseOneDeviceAndOneSpace)
{
	std::atomic<int> failures = 0;
	std::vector<std::thread> threads;

	for (int t = 0; t < 4; t++)
		threads.emplace_back([&] {
			for (int i = 0; i < 25; i++) {
				auto queue = Queue::create(space_, {.entries = 4});
				auto buffer = Buffer::create(device_, 4096);

				if (!queue || !buffer) {
					failures++;
					continue;
				}
				queue->submit(soft::fill(buffer->bytes(), 0x0101010101010101));
				auto done = queue->wait_one();
				failures += !done || done->status != ACCEL_RING_STATUS_SUCCESS ||
					    buffer->bytes()[4095] != std::byte{1};
			}
		});
	for (std::thread &thread : threads)
		thread.join();
	EXPECT_EQ(failures, 0);
}

TEST_F(Api, ManyClientsAreSeparate)
{
	std::vector<Device> clients;

	for (int i = 0; i < 8; i++)
		clients.push_back(must(Device::open("soft0")));
	EXPECT_EQ(must(device_.query()).clients, 9u);
	clients[3].close();
	EXPECT_TRUE(clients[4].query());
	clients.clear();
	EXPECT_EQ(must(device_.query()).clients, 1u);
}

} // namespace
