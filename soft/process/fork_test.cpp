// SPDX-License-Identifier: MIT
// Tests of fork() with open devices and of exit() with running entries.
#include "soft/tests/test_client.hpp"

#include "ring/user_ring.hpp"

#include <array>
#include <atomic>
#include <cstdlib>
#include <pthread.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace accel::core::softdev::test {
namespace {

/* In a child ThreadSanitizer confuses new threads with the parent's of the same id. AddressSanitizer (gcc 12) does not
 * release its own locks in a child, which another thread may have held at fork(). */
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr bool kSanitizer = true;
#else
constexpr bool kSanitizer = false;
#endif

template <class Body>
pid_t start_child(Body body)
{
	fflush(nullptr);
	const pid_t child = fork();

	if (child == 0) {
		body();
		fflush(nullptr);
		_exit(testing::Test::HasFailure() ? 1 : 0);
	}
	return child;
}

/// Waits for a child; true if it exited with status 0.
bool went_well(pid_t child)
{
	int status = -1;

	EXPECT_EQ(waitpid(child, &status, 0), child);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/// Runs @body in a forked child.
template <class Body>
bool in_child(Body body)
{
	return went_well(start_child(body));
}

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

/// A product of two matrices of ones, of @n rows and columns; @memory holds all three.
Descriptor multiply(std::vector<float> &memory, uint32_t n)
{
	Descriptor d{};

	memory.assign(3 * size_t{n} * n, 1);
	d.op = ACCEL_SOFT_OP_MATMUL;
	d.param = ACCEL_SOFT_MATRIX_TYPE_F32;
	d.matmul = {.a = address_of(memory.data()),
		    .b = address_of(memory.data() + size_t{n} * n),
		    .c = address_of(memory.data() + 2 * size_t{n} * n),
		    .m = n,
		    .n = n,
		    .k = n,
		    .lda = n,
		    .ldb = n,
		    .ldc = n};
	return d;
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
	std::minstd_rand random(static_cast<unsigned>(seed()));
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

struct WaitsAtExit {
	TestQueue *queue = nullptr;

	~WaitsAtExit()
	{
		if (!queue)
			return;
		accel_completion done;
		int r;

		while ((r = ring::wait(queue->ring(), UINT64_MAX)) >= 0)
			accel_ring_poll(queue->ring(), &done, 1);
		if (r != -ENODEV)
			_exit(9);
	}
};

/* Created before main(), so that its destructor runs after the library's handler of exit(). */
WaitsAtExit waits_at_exit;

TEST(Exit, AStaticDestructorThatWaitsIsToldThatTheDeviceIsGone)
{
	if (kSanitizer)
		GTEST_SKIP() << "the child's device needs threads, which the sanitizer cannot "
				"follow there";
	fflush(nullptr);
	const pid_t child = fork();

	if (child == 0) {
		alarm(60);
		static auto *client = new Client;
		static auto *queue = new TestQueue(*client, client->shared());
		static auto *work = new LongWork;

		for (int i = 0; i < 20; i++)
			queue->post(work->descriptor());
		waits_at_exit.queue = queue;
		std::exit(0);
	}
	EXPECT_TRUE(went_well(child));
}

TEST(Exit, WhileAnotherThreadDestroysQueues)
{
	if (kSanitizer)
		GTEST_SKIP() << "the child would start a thread";
	std::minstd_rand random(static_cast<unsigned>(seed()));

	for (int i = 0; i < 40; i++) {
		const auto wait = std::chrono::microseconds(random() % 1000);
		fflush(nullptr);
		const pid_t child = fork();

		if (child == 0) {
			alarm(60);
			static auto *client = new Client;
			static auto *queues = new std::array<std::unique_ptr<TestQueue>, 64>;
			const uint64_t space = client->shared();
			for (auto &queue : *queues)
				queue = std::make_unique<TestQueue>(*client, space,
								    QueueOptions{.entries = 4});
			std::thread([] {
				for (auto &queue : *queues)
					EXPECT_EQ(client->destroy_queue(queue->handle()), 0);
				for (;;)
					pause();
			}).detach();
			std::this_thread::sleep_for(wait);
			std::exit(0);
		}
		ASSERT_TRUE(went_well(child)) << i;
	}
}

TEST(Exit, WithWorkInFlight)
{
	for (bool matmul : {false, true}) {
		fflush(nullptr);
		const pid_t child = fork();

		if (child == 0) {
			/* Not destroyed on purpose. Static, so that LeakSanitizer does not report it. */
			static auto *client = new Client;
			static auto *queue = new TestQueue(*client, client->shared());
			static auto *work = new LongWork;
			static auto *matrix = new std::vector<float>;
			const Descriptor d = multiply(*matrix, 512);

			for (int i = 0; i < 20; i++)
				queue->post(matmul ? d : work->descriptor());
			if (matmul)
				queue->take();
			std::exit(0); // with handlers and destructors
		}
		int status = -1;
		EXPECT_EQ(waitpid(child, &status, 0), child);
		EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
	}
}

} // namespace
} // namespace accel::core::softdev::test
