// SPDX-License-Identifier: MIT
// Tests of exit() with running entries.
#include "ring/user_ring.hpp"
#include "soft/tests/test_child.hpp"
#include "support/seed.hpp"

#include <array>
#include <chrono>
#include <cstdlib>
#include <thread>

namespace accel::core::softdev::test {
namespace {

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
	std::minstd_rand random(static_cast<unsigned>(support::seed()));

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
