// SPDX-License-Identifier: MIT
// Each system call fails once.
#include "providers/idxd/idxd_test.hpp"

#include <thread>

namespace accel::core::idxd {

namespace {

/* Opens, uses and closes everything. Returns 0 or the first errno. */
int whole_life(uint32_t path)
{
	std::vector<unsigned char> from = some_bytes(10'000), to(10'000);
	Client client("dsa/wq0.0", path);

	if (!client.queue)
		return client.error.record.code;
	client.post([&](auto *d) { accel_idxd_memmove(d, to.data(), from.data(), 10'000, 0); });
	accel_completion done{};
	if (int r = client.wait(after_ms(20'000)); r < 0)
		return r;
	EXPECT_EQ(accel_ring_poll(client.ring, &done, 1), 1u);
	if (done.status != ACCEL_RING_STATUS_SUCCESS) {
		EXPECT_EQ(done.status, ACCEL_RING_STATUS_SUBMIT_ERROR);
		return -static_cast<int>(done.detail);
	}
	EXPECT_EQ(to, from);
	return 0;
}

TEST_F(Idxd, each_call_that_fails_is_told_and_leaks_nothing)
{
	start({.privileged = true});
	struct {
		mock::Call call;
		int error;
	} const kinds[] = {
		{mock::Call::open, EMFILE}, {mock::Call::read, EIO},
		{mock::Call::mmap, ENOMEM}, {mock::Call::write, ENOMEM},
		{mock::Call::close, EIO},   {mock::Call::memfd_create, EMFILE},
	};

	for (uint32_t path : {ACCEL_IDXD_PATH_WRITE, ACCEL_IDXD_PATH_PORTAL}) {
		for (const auto &kind : kinds) {
			unsigned failures = 0;
			uint64_t nth = 1;

			for (;; nth++) {
				kernel.account().clear();
				kernel.account().reset_counts();
				kernel.account().fail(kind.call, nth, kind.error);
				const int r = whole_life(path);

				EXPECT_TRUE(kernel.leaks().none()) << kernel.leaks().text;
				if (!kernel.account().failed())
					break;
				failures += r < 0;
			}
			/* A failing close(), and a failing read of sysfs during work, have no effect. */
			const bool all = kind.call == mock::Call::mmap ||
					 kind.call == mock::Call::memfd_create;
			const bool some =
				kind.call == mock::Call::open || kind.call == mock::Call::read ||
				(kind.call == mock::Call::write && path == ACCEL_IDXD_PATH_WRITE);
			EXPECT_TRUE(!some || failures > 1) << static_cast<int>(kind.call);
			EXPECT_TRUE(!all || failures == nth - 1) << failures << " of " << nth - 1;
		}
	}
	kernel.account().clear();
	EXPECT_EQ(whole_life(ACCEL_IDXD_PATH_WRITE), 0);
}

TEST_F(Idxd, write_that_fails_later_does_not_lose_the_rest)
{
	start();
	Client client("dsa/wq0.0");
	ASSERT_TRUE(client.queue) << client.text();

	kernel.account().clear();
	kernel.account().fail(mock::Call::write, 1, EINVAL);
	kernel.account().fail(mock::Call::write, 2, EINVAL);
	kernel.account().fail(mock::Call::write, 3, EINVAL);
	client.post_nops(4);
	/* Runs of 4, 2 and 1 failed, so the first entry is bad and the others are valid. */
	for (unsigned i = 0; i < 4; i++)
		EXPECT_EQ(client.take().status,
			  i ? ACCEL_RING_STATUS_SUCCESS : ACCEL_RING_STATUS_SUBMIT_ERROR);
}

/* Resumption of a copy that a page fault has interrupted: taking its completion resumes it. */
class IdxdResume : public Idxd {
protected:
	void SetUp() override { start(); }
	void interrupt_copy(Client &client)
	{
		machine.shared->engine().fault(reinterpret_cast<uint64_t>(to.data()), 1);
		client.post(
			[&](auto *d) { accel_idxd_memmove(d, to.data(), from.data(), 100, 0); });
		while (machine.shared->executed() < 1)
			std::this_thread::yield();
	}

	std::vector<unsigned char> from = some_bytes(100), to = some_bytes(100, 4);
};

TEST_F(IdxdResume, waits_for_room)
{
	Client client("dsa/wq0.0");
	ASSERT_TRUE(client.queue) << client.text();
	interrupt_copy(client);
	kernel.account().clear();
	/* Another client has filled the queue in the meantime. */
	kernel.account().fail(mock::Call::write, 1, EAGAIN);
	kernel.account().fail(mock::Call::write, 2, EAGAIN);
	EXPECT_EQ(client.take().status, ACCEL_RING_STATUS_SUCCESS);
	EXPECT_EQ(kernel.account().failed(), 2u);
	EXPECT_EQ(to, from);
}

TEST_F(IdxdResume, is_reported_if_it_is_refused)
{
	Client client("dsa/wq0.0");
	ASSERT_TRUE(client.queue) << client.text();
	interrupt_copy(client);
	kernel.account().fail(mock::Call::write, 1, ENOMEM);
	const accel_completion done = client.take();
	EXPECT_EQ(done.status, ACCEL_RING_STATUS_SUBMIT_ERROR);
	EXPECT_EQ(done.detail, uint64_t{ENOMEM});
}

} // namespace

} // namespace accel::core::idxd
