// SPDX-License-Identifier: MIT
// Tests of fork() with open devices.
#include "soft/tests/test_child.hpp"
#include "support/seed.hpp"

#include <atomic>
#include <pthread.h>
#include <thread>
#include <unistd.h>

namespace accel::core::softdev::test {
namespace {

void expect_stale(Client &client)
{
	DeviceQuery query;
	AddressSpaceCreate create;
	void *memory;

	EXPECT_EQ(client.send(query), -ESTALE);
	EXPECT_EQ(query.error().reason, ACCEL_REASON_FORKED);
	EXPECT_EQ(client.send(create.mode(ACCEL_ADDRESS_MODE_SHARED)), -ESTALE);
	EXPECT_EQ(client.send(create.mode(99)), -ESTALE) << "also for a malformed message";
	EXPECT_EQ(Client::entry().map(client.file(), 0, 4096, &memory), -ESTALE);
}

/// A client that the child opens works as in any process.
void expect_fresh_device_works()
{
	if (kSanitizer)
		return;
	Client client;
	uint8_t memory[128] = {1, 2, 3};
	const accel_soft_health health = client.health();

	EXPECT_EQ(health.clients, 1u);
	EXPECT_EQ(health.queues, 0u);
	TestQueue queue(client, client.shared());
	EXPECT_EQ(queue.run(copy(address_of(memory + 64), address_of(memory), 64)).status,
		  ACCEL_RING_STATUS_SUCCESS);
	EXPECT_EQ(memory[66], 3);
}

TEST(Fork, TheChildCannotUseWhatItInheritsAndTheParentGoesOn)
{
	auto client = std::make_unique<Client>();
	BufferCreate buffer;
	client->good(buffer.size(4096));
	void *memory;
	ASSERT_EQ(Client::entry().map(client->file(), buffer.map_offset(), 4096, &memory), 0);
	TestQueue queue(*client, client->shared());
	LongWork work;

	queue.post(work.descriptor());
	EXPECT_TRUE(in_child([&] {
		uint64_t at;
		EXPECT_FALSE(accel_ring_reserve(queue.ring(), 1, &at));
		expect_stale(*client);
		client->close();
		/* The child inherits the buffer, but not the ring. */
		static_cast<char *>(memory)[0] = 1;
		EXPECT_EQ(Client::entry().unmap(nullptr, memory, 4096), -EINVAL);
		static_cast<char *>(memory)[0] = 1;
		expect_fresh_device_works();
	}));
	EXPECT_EQ(queue.take().status, ACCEL_RING_STATUS_SUCCESS);
	EXPECT_EQ(queue.run(nop()).status, ACCEL_RING_STATUS_SUCCESS);
	EXPECT_EQ(static_cast<char *>(memory)[0], 1) << "a shared file is shared";
	EXPECT_EQ(Client::entry().unmap(nullptr, memory, 4096), 0);
}

TEST(Fork, WhileTheFirstMatricesAreMultiplied)
{
	std::vector<float> memory, other;
	std::vector<pid_t> children;
	Client client;
	TestQueue queue(client, client.shared());

	/* The engine takes 20 to 40 ms to compile its kernels. A child forked meanwhile must not wait for that. */
	queue.post(multiply(memory, 64));
	for (int i = 0; i < 15; i++) {
		std::this_thread::sleep_for(std::chrono::milliseconds(1));
		children.push_back(start_child([&] {
			alarm(60);
			client.close();
			if (kSanitizer)
				return;
			Client own;
			TestQueue fresh(own, own.shared());
			EXPECT_EQ(fresh.run(multiply(other, 64)).status, ACCEL_RING_STATUS_SUCCESS);
			EXPECT_EQ(other.back(), 64);
		}));
	}
	for (const pid_t child : children)
		EXPECT_TRUE(went_well(child));
	EXPECT_EQ(queue.take().status, ACCEL_RING_STATUS_SUCCESS);
	EXPECT_EQ(memory.back(), 64);
}

TEST(Fork, InTheMiddleOfEverything)
{
#ifdef __SANITIZE_ADDRESS__
	GTEST_SKIP() << "threads of the parent allocate, and the sanitizer's locks stay held "
			"in the child";
#endif
	std::minstd_rand random(static_cast<unsigned>(support::seed()));
	std::atomic<bool> over{false};
	Client client;
	const uint64_t space = client.mapped();
	std::vector<std::thread> busy;

	for (int t = 0; t < 3; t++)
		busy.emplace_back([&] {
			std::vector<uint8_t> memory(10000);
			while (!over) {
				const uint64_t iova = client.map(space, memory.data(), 10000);
				TestQueue queue(client, space, {.entries = 4});
				EXPECT_EQ(queue.run(fill(iova, 10000, 7)).status,
					  ACCEL_RING_STATUS_SUCCESS);
				EXPECT_EQ(client.unmap(space, iova, 10000), 0);
				EXPECT_EQ(client.destroy_stream(client.stream()), 0);
			}
		});
	for (int i = 0; i < 20; i++) {
		std::this_thread::sleep_for(std::chrono::microseconds(random() % 3000));
		EXPECT_TRUE(in_child([&] {
			expect_stale(client);
			client.close();
			expect_fresh_device_works();
		}));
	}
	over = true;
	for (auto &thread : busy)
		thread.join();
}

/* Handlers of fork() have no argument. */
Client *client_of_handlers;

void query_in_parent()
{
	client_of_handlers->health();
}

void use_in_child()
{
	expect_stale(*client_of_handlers);
	client_of_handlers->close();
	expect_fresh_device_works();
}

TEST(Fork, HandlersOfForkMayUseTheDevice)
{
	if (kSanitizer)
		GTEST_SKIP() << "the child's device needs threads, which the sanitizer cannot "
				"follow there";
	EXPECT_TRUE(in_child([] {
		alarm(60);
		Client client;
		client_of_handlers = &client;
		EXPECT_EQ(pthread_atfork(query_in_parent, query_in_parent, use_in_child), 0);
		EXPECT_TRUE(in_child([] {}));
		client.health();
		client_of_handlers = nullptr;
		_exit(testing::Test::HasFailure() ? 1 : 0); // the fork handlers cannot be removed
	}));
}

TEST(Fork, AChildWhoseHandlersDidNotRunIsRefused)
{
	Client client;
	TestQueue queue(client, client.shared());
	const pid_t child = _Fork();

	if (child == 0) {
		alarm(60);
		expect_stale(client);
		client.close();
		_exit(testing::Test::HasFailure() ? 1 : 0);
	}
	EXPECT_TRUE(went_well(child));
	EXPECT_EQ(queue.run(nop()).status, ACCEL_RING_STATUS_SUCCESS);
}

} // namespace
} // namespace accel::core::softdev::test
