// SPDX-License-Identifier: MIT
// Work queues: one write for a publication, credits, versions of the hardware, threads, fork, and reported properties.
#include "providers/idxd/idxd_test.hpp"

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

namespace accel::core::idxd {

namespace {

TEST_F(Idxd, one_write_hands_over_all_that_was_published)
{
	start();
	Client client("dsa/wq0.0");
	ASSERT_TRUE(client.queue) << client.text();

	machine.shared->pause();
	kernel.account().reset_counts();
	client.post_nops(12);
	EXPECT_EQ(kernel.account().count(mock::Call::write), 1u);
	EXPECT_EQ(machine.shared->taken(), 12u);
	machine.shared->resume();
	for (int i = 0; i < 12; i++)
		EXPECT_EQ(client.take().status, ACCEL_RING_STATUS_SUCCESS);
}

TEST_F(Idxd, two_queues_share_the_credits_of_a_dedicated_one)
{
	start({.size = 4});
	Client client("dsa/wq0.1");
	ASSERT_TRUE(client.queue) << client.text();
	accel_queue *other = client.make_queue(ACCEL_IDXD_PATH_WRITE);
	accel_ring *second = accel_queue_ring(other);
	uint64_t at;

	machine.dedicated->pause();
	for (int i = 0; i < 4; i++)
		client.post([](auto *d) { accel_idxd_nop(d, 0); });
	ASSERT_TRUE(accel_ring_reserve(second, 1, &at));
	accel_idxd_nop(static_cast<accel_idxd_dsa_descriptor *>(accel_ring_entry(second, at)), 0);
	accel_ring_publish(second, at, 1);
	EXPECT_EQ(machine.dedicated->taken(), 4u);
	EXPECT_EQ(accel_queue_wait(other, after_ms(5), nullptr), -ETIMEDOUT);
	machine.dedicated->resume();
	for (int i = 0; i < 4; i++)
		EXPECT_EQ(client.take().status, ACCEL_RING_STATUS_SUCCESS);
	EXPECT_EQ(accel_queue_wait(other, after_ms(20'000), nullptr), 0);
	EXPECT_EQ(machine.dedicated->lost(), 0u);
	EXPECT_EQ(accel_queue_destroy(other, nullptr), 0);
}

TEST_F(Idxd, second_opening_of_a_dedicated_queue_is_refused)
{
	start();
	Client first("dsa/wq0.1"), second("dsa/wq0.1");

	EXPECT_TRUE(first.queue);
	EXPECT_FALSE(second.device);
	EXPECT_EQ(second.error.record.code, -EBUSY);
	EXPECT_EQ(second.error.record.reason, ACCEL_REASON_IN_USE);
}

TEST_F(Idxd, batch_by_write_on_the_first_version_is_refused_alone)
{
	start({.version = 1});
	Client client("dsa/wq0.0");
	ASSERT_TRUE(client.queue) << client.text();
	alignas(64) accel_idxd_dsa_descriptor list[2];
	uint64_t at;

	accel_idxd_nop(&list[0], 0);
	accel_idxd_nop(&list[1], 0);
	ASSERT_TRUE(accel_ring_reserve(client.ring, 8, &at));
	for (unsigned i = 0; i < 8; i++) {
		auto *d = static_cast<accel_idxd_dsa_descriptor *>(
			accel_ring_entry(client.ring, at + i));

		if (i == 3)
			accel_idxd_batch(d, list, 2, 0);
		else
			accel_idxd_nop(d, 0);
	}
	accel_ring_publish(client.ring, at, 8);
	for (unsigned i = 0; i < 8; i++) {
		const accel_completion done = client.take();

		EXPECT_EQ(done.sequence, i);
		EXPECT_EQ(done.status,
			  i == 3 ? ACCEL_RING_STATUS_SUBMIT_ERROR : ACCEL_RING_STATUS_SUCCESS);
		EXPECT_EQ(done.detail, i == 3 ? uint64_t{EINVAL} : 0u);
	}
}

TEST_F(Idxd, portal_takes_what_write_refuses)
{
	start({.version = 1, .privileged = true});
	Client client("dsa/wq0.0", ACCEL_IDXD_PATH_AUTOMATIC);
	ASSERT_TRUE(client.queue) << client.text();
	alignas(64) accel_idxd_dsa_descriptor list[2];

	accel_idxd_nop(&list[0], 0);
	accel_idxd_nop(&list[1], 0);
	auto done = client.run([&](auto *d) { accel_idxd_batch(d, list, 2, 0); });
	EXPECT_EQ(done.status, ACCEL_RING_STATUS_SUCCESS);
	EXPECT_EQ(done.result, 2u);
	EXPECT_EQ(kernel.account().count(mock::Call::store64), 1u);
}

TEST_F(Idxd, iax_records_have_64_bytes)
{
	start({.iax = true});
	Client client("iax/wq0.0");
	ASSERT_TRUE(client.queue) << client.text();
	Pages to(kPage), from(kPage);

	memset(from.at(), 0x5a, kPage);
	auto done =
		client.run([&](auto *d) { accel_idxd_memmove(d, to.at(), from.at(), kPage, 0); });
	EXPECT_EQ(done.status, ACCEL_RING_STATUS_SUCCESS);
	EXPECT_EQ(memcmp(to.at(), from.at(), kPage), 0);
	done = client.run(
		[&](auto *d) { accel_idxd_begin(d, ACCEL_IDXD_IAX_OPCODE_DECOMPRESS, 0); });
	EXPECT_EQ(done.status, ACCEL_RING_STATUS_BAD_OPCODE);
}

TEST_F(Idxd, blocking_on_faults_needs_no_resume)
{
	start({.block_on_fault = true});
	Client client("dsa/wq0.0");
	ASSERT_TRUE(client.queue) << client.text();
	Pages to(8 * kPage);

	auto done = client.run([&](auto *d) {
		accel_idxd_memfill(d, to.at(), 8 * kPage, 0x0101010101010101,
				   ACCEL_IDXD_DESCRIPTOR_FLAGS_BLOCK_ON_FAULT);
	});
	EXPECT_EQ(done.status, ACCEL_RING_STATUS_SUCCESS);
	EXPECT_EQ(to.at()[8 * kPage - 1], 1);
	EXPECT_EQ(machine.shared->executed(), 1u);
}

TEST_F(Idxd, what_it_is_and_has_is_told)
{
	start({.size = 24});
	Client client("dsa/wq0.1");
	ASSERT_TRUE(client.queue) << client.text();
	accel_device_caps caps{.size = sizeof(caps)};
	accel_address_space_info space{.size = sizeof(space)};
	accel_buffer_options options{};
	accel_buffer *buffer = nullptr, *own = nullptr;
	accel_buffer_info info{.size = sizeof(info)};
	auto memory = some_bytes(100);

	ASSERT_EQ(accel_device_query(client.device, &caps, &client.error), 0) << client.text();
	EXPECT_STREQ(caps.driver, "idxd");
	EXPECT_STREQ(caps.model, "DSA 1.0 dedicated work queue of 24 entries");
	EXPECT_EQ(caps.max_transfer, 2u << 20);
	EXPECT_EQ(caps.clients, 1u);
	EXPECT_EQ(caps.queues, 1u);
	EXPECT_EQ(caps.max_queues, 64u);
	EXPECT_TRUE(caps.given & ACCEL_DEVICE_CAPS_GIVEN_MAX_QUEUES);
	EXPECT_EQ(caps.poll_ns, 0u);
	ASSERT_EQ(accel_address_space_query(client.space, &space, nullptr), 0);
	EXPECT_FALSE(space.given & ACCEL_ADDRESS_SPACE_INFO_GIVEN_PASID);
	EXPECT_STRNE(space.pasid_reason, "");
	EXPECT_EQ(accel_queue_poll_fd(client.queue, &client.error), -EOPNOTSUPP);
	EXPECT_EQ(client.error.record.reason, ACCEL_REASON_UNSUPPORTED);
	options.size = sizeof(options);
	options.length = 5000;
	ASSERT_EQ(accel_buffer_create(client.device, &options, &buffer, &client.error), 0)
		<< client.text();
	EXPECT_EQ(accel_buffer_size(buffer), 2 * kPage);
	auto done = client.run([&](auto *d) {
		accel_idxd_memfill(d, accel_buffer_address(buffer), 2 * kPage, 0x0202020202020202,
				   0);
	});
	EXPECT_EQ(done.status, ACCEL_RING_STATUS_SUCCESS);
	EXPECT_EQ(static_cast<unsigned char *>(accel_buffer_address(buffer))[8191], 2);
	EXPECT_EQ(accel_buffer_sync(buffer, ACCEL_SYNC_PHASE_BEGIN, ACCEL_ACCESS_READ, kForever,
				    nullptr),
		  0);
	ASSERT_EQ(accel_buffer_register(client.device, memory.data(), 100, ACCEL_ACCESS_READ, &own,
					nullptr),
		  0);
	ASSERT_EQ(accel_buffer_query(own, &info, nullptr), 0);
	EXPECT_EQ(info.device_address, reinterpret_cast<uint64_t>(memory.data()));
	EXPECT_EQ(accel_buffer_destroy(own, nullptr), 0);
	EXPECT_EQ(accel_buffer_destroy(buffer, nullptr), 0);
	EXPECT_EQ(accel_address_space_destroy(client.space, &client.error), -EBUSY);
}

TEST_F(Idxd, several_threads_post_to_one_queue)
{
	start({.privileged = true});
	for (uint32_t path : {ACCEL_IDXD_PATH_WRITE, ACCEL_IDXD_PATH_PORTAL}) {
		Client client("dsa/wq0.1", path, 64, ACCEL_QUEUE_FLAGS_MULTI_PRODUCER);
		ASSERT_TRUE(client.queue) << client.text();
		constexpr unsigned kThreads = 3, kEach = 400;
		std::vector<std::thread> threads;
		std::atomic<uint64_t> good = 0;

		for (unsigned t = 0; t < kThreads; t++)
			threads.emplace_back([&] {
				for (unsigned i = 0; i < kEach; i++) {
					uint64_t at;
					while (!accel_ring_reserve(client.ring, 1, &at))
						std::this_thread::yield();
					accel_idxd_nop(static_cast<accel_idxd_dsa_descriptor *>(
							       accel_ring_entry(client.ring, at)),
						       0);
					accel_ring_publish(client.ring, at, 1);
				}
			});
		while (good < kThreads * kEach)
			good += client.take().status == ACCEL_RING_STATUS_SUCCESS;
		for (std::thread &thread : threads)
			thread.join();
	}
	EXPECT_EQ(machine.dedicated->lost(), 0u);
}

TEST_F(Idxd, forked_child_is_refused_and_disturbs_nothing)
{
	start({.privileged = true});
	Client client("dsa/wq0.0", ACCEL_IDXD_PATH_PORTAL);
	ASSERT_TRUE(client.queue) << client.text();
	machine.shared->pause();
	client.post([](auto *d) { accel_idxd_nop(d, 0); });
	const pid_t child = fork();

	if (!child) {
		accel_device_caps caps{.size = sizeof(caps)};
		uint64_t at;
		int failures = 0;

		failures += accel_device_query(client.device, &caps, nullptr) != -ESTALE;
		failures += accel_ring_reserve(client.ring, 1, &at);
		failures += accel_queue_wait(client.queue, kForever, nullptr) != -ESTALE;
		failures += accel_queue_destroy(client.queue, nullptr) != 0;
		failures += accel_address_space_destroy(client.space, nullptr) != 0;
		accel_device_close(client.device);
		_exit(failures);
	}
	int status = 0;
	ASSERT_EQ(waitpid(child, &status, 0), child);
	EXPECT_EQ(status, 0);
	machine.shared->resume();
	EXPECT_EQ(client.take().status, ACCEL_RING_STATUS_SUCCESS);
}

} // namespace

} // namespace accel::core::idxd
