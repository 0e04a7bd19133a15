// SPDX-License-Identifier: MIT
// Work queues that are disabled or removed at any time, and a device that works on after its file was closed.
#include "providers/idxd/idxd_test.hpp"
#include "support/seed.hpp"

#include <poll.h>
#include <random>
#include <string_view>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <thread>
#include <utility>

namespace accel::core::idxd {

namespace {

TEST_F(Idxd, disabled_queue_ends_every_wait)
{
	start();
	Client client("dsa/wq0.0");
	ASSERT_TRUE(client.queue) << client.text();

	machine.shared->engine().lie(IdxdLie::silence, 1);
	client.post([](auto *d) { accel_idxd_nop(d, 0); });
	std::thread administrator([&] {
		std::this_thread::sleep_for(std::chrono::milliseconds(5));
		machine.shared->disable();
	});
	EXPECT_EQ(client.wait(kForever), -ENODEV);
	administrator.join();
	Client late("dsa/wq0.0");
	EXPECT_FALSE(late.device);
	EXPECT_EQ(late.error.record.code, -ENODEV);
}

/* While it exists, the administrator disables a work queue just before the library reads its state. */
class DisabledAtRead {
public:
	explicit DisabledAtRead(std::shared_ptr<IdxdDevice> device)
		: calls_(*sys::calls), before_(sys::calls)
	{
		device_ = std::move(device);
		previous_ = before_;
		calls_.open = [](const char *path, int flags) {
			if (device_ && std::string_view(path).ends_with("/state"))
				std::exchange(device_, nullptr)->disable();
			return previous_->open(path, flags);
		};
		sys::calls = &calls_;
	}
	~DisabledAtRead()
	{
		sys::calls = before_;
		device_.reset();
	}

private:
	static inline std::shared_ptr<IdxdDevice> device_;
	static inline const sys::Calls *previous_;
	sys::Calls calls_;
	const sys::Calls *before_;
};

/* Waits until the queue is gone; returns the completions until then. */
std::vector<accel_completion> rest_of(Client &client)
{
	std::vector<accel_completion> all, some(16);
	int r;

	do {
		r = client.wait(kForever);
		some.resize(16);
		some.resize(accel_ring_poll(client.ring, some.data(), 16));
		all.insert(all.end(), some.begin(), some.end());
	} while (r == 0);
	EXPECT_EQ(r, -ENODEV) << client.text();
	return all;
}

TEST_F(Idxd, what_the_driver_drains_while_it_disables_is_delivered)
{
	start();
	Client client("dsa/wq0.0");
	ASSERT_TRUE(client.queue) << client.text();
	DisabledAtRead at_read(machine.shared);

	machine.shared->pause();
	for (int i = 0; i < 3; i++)
		client.post([](auto *d) { accel_idxd_nop(d, 0); });
	auto done = rest_of(client);
	ASSERT_EQ(done.size(), 3u);
	for (const accel_completion &one : done)
		EXPECT_EQ(one.status, ACCEL_RING_STATUS_SUCCESS);
}

TEST_F(Idxd, page_fault_of_a_disabled_queue_is_not_resumed)
{
	start();
	Client client("dsa/wq0.0");
	ASSERT_TRUE(client.queue) << client.text();
	DisabledAtRead at_read(machine.shared);
	auto from = some_bytes(100), to = some_bytes(100, 4);

	machine.shared->pause();
	machine.shared->engine().fault(reinterpret_cast<uint64_t>(to.data()), 1);
	client.post([&](auto *d) { accel_idxd_memmove(d, to.data(), from.data(), 100, 0); });
	client.post([](auto *d) { accel_idxd_nop(d, 0); });
	auto done = rest_of(client);
	ASSERT_EQ(done.size(), 2u);
	EXPECT_EQ(done[0].status, ACCEL_RING_STATUS_SUBMIT_ERROR);
	EXPECT_EQ(done[0].detail, uint64_t{ENODEV});
	EXPECT_EQ(done[0].result, 0u);
	EXPECT_EQ(done[1].status, ACCEL_RING_STATUS_SUCCESS);
	EXPECT_EQ(machine.shared->executed(), 2u);
	EXPECT_EQ(machine.shared->hazards(), 0u);
}

/* The kernel does not check for this case, and the write would be a fault in it. */
TEST_F(Idxd, no_queue_of_a_device_writes_after_one_has_seen_that_it_is_disabled)
{
	start();
	Client client("dsa/wq0.0");
	ASSERT_TRUE(client.queue) << client.text();
	accel_queue *other = client.make_queue(ACCEL_IDXD_PATH_WRITE);
	accel_ring *second = accel_queue_ring(other);
	uint64_t at;

	machine.shared->disable();
	EXPECT_EQ(client.wait(kForever), -ENODEV);
	client.post([](auto *d) { accel_idxd_nop(d, 0); });
	ASSERT_TRUE(accel_ring_reserve(second, 1, &at));
	accel_idxd_nop(static_cast<accel_idxd_dsa_descriptor *>(accel_ring_entry(second, at)), 0);
	accel_ring_publish(second, at, 1);
	EXPECT_EQ(accel_queue_wait(other, kForever, nullptr), -ENODEV);
	EXPECT_EQ(machine.shared->hazards(), 0u);
	EXPECT_EQ(accel_queue_destroy(other, nullptr), 0);
}

TEST_F(Idxd, query_that_finds_a_disabled_queue_ends_its_writes)
{
	start();
	Client client("dsa/wq0.0");
	ASSERT_TRUE(client.queue) << client.text();
	accel_device_caps caps{.size = sizeof(caps)};

	machine.shared->disable();
	EXPECT_EQ(accel_device_query(client.device, &caps, nullptr), -ENODEV);
	client.post([](auto *d) { accel_idxd_nop(d, 0); });
	EXPECT_EQ(client.wait(kForever), -ENODEV);
	EXPECT_EQ(machine.shared->hazards(), 0u);
}

/* A duplicate of the open file of @device, as in a forked child. */
int copy_of_file(const IdxdDevice &device)
{
	for (int fd = 0; fd < 1024; fd++) {
		struct stat status;

		if (sys::fstat(fd, &status) == 0 && S_ISCHR(status.st_mode) &&
		    status.st_rdev == makedev(device.info().major, device.info().minor))
			return sys::dup(fd);
	}
	return -EBADF;
}

TEST_F(Idxd, records_stay_while_a_copy_of_the_file_keeps_the_device_working)
{
	start();
	Client client("dsa/wq0.0");
	ASSERT_TRUE(client.queue) << client.text();
	const int copy = copy_of_file(*machine.shared);

	ASSERT_GE(copy, 0);
	machine.shared->pause();
	client.post([](auto *d) { accel_idxd_nop(d, 0); });
	accel_device_close(std::exchange(client.device, nullptr));
	EXPECT_EQ(accel_queue_destroy(std::exchange(client.queue, nullptr), nullptr), 0);
	machine.shared->resume();
	while (machine.shared->executed() < 1)
		std::this_thread::yield();
	pollfd readable{.fd = copy, .events = POLLIN, .revents = 0};
	EXPECT_EQ(sys::poll(&readable, 1, 0), 0) << "the device could not write the record";
	EXPECT_EQ(sys::close(copy), 0);
}

TEST_F(Idxd, removed_queue_is_gone)
{
	start({.privileged = true});
	for (uint32_t path : {ACCEL_IDXD_PATH_WRITE, ACCEL_IDXD_PATH_PORTAL}) {
		auto device = path == ACCEL_IDXD_PATH_WRITE ? machine.shared : machine.dedicated;
		Client client(device->info().name, path);
		ASSERT_TRUE(client.queue) << client.text();
		accel_device_caps caps{.size = sizeof(caps)};

		device->pause();
		client.post([](auto *d) { accel_idxd_nop(d, 0); });
		kernel.remove(device);
		EXPECT_EQ(rest_of(client).size(), 1u);
		client.post([](auto *d) { accel_idxd_nop(d, 0); });
		EXPECT_EQ(client.wait(kForever), -ENODEV);
		EXPECT_EQ(accel_device_query(client.device, &caps, nullptr), -ENODEV);
		EXPECT_EQ(client.make_queue(path), nullptr);
	}
}

/* One thread posts, one polls and waits, and the queue is removed at a random moment. */
void lose(mock::MockKernel &kernel, std::mt19937_64 &random, uint32_t path)
{
	IdxdOptions options{.privileged = true, .seed = random()};
	IdxdMachine machine = mock::add_idxd(kernel, options);
	auto device = random() % 2 ? machine.shared : machine.dedicated;
	const auto delay = std::chrono::microseconds(random() % 1500);
	const bool close_first = random() % 4 == 0;
	Pages memory(64 * kPage);
	{
		Client client(device->info().name, path);
		ASSERT_TRUE(client.queue) << client.text();
		std::atomic<bool> over = false;
		std::thread producer([&] {
			for (unsigned i = 0; !over; i++) {
				uint64_t at;
				if (!accel_ring_reserve(client.ring, 1, &at)) {
					std::this_thread::yield();
					continue;
				}
				auto *d = static_cast<accel_idxd_dsa_descriptor *>(
					accel_ring_entry(client.ring, at));
				accel_idxd_memmove(d, memory.at(i % 32 * kPage),
						   memory.at((32 + i % 32) * kPage), kPage, 0);
				accel_ring_publish(client.ring, at, 1);
			}
		});
		std::thread remover([&] {
			std::this_thread::sleep_for(delay);
			kernel.remove(device);
		});
		uint64_t next = 0;
		int r;
		while ((r = client.wait(kForever)) == 0) {
			accel_completion done[16];
			const uint32_t n = accel_ring_poll(client.ring, done, 16);

			for (uint32_t i = 0; i < n; i++) {
				EXPECT_EQ(done[i].sequence, next++);
				/* The library cannot detect a removal just before the write, and resumes nothing after
				 * it. */
				EXPECT_TRUE(done[i].status == ACCEL_RING_STATUS_SUCCESS ||
					    (done[i].status == ACCEL_RING_STATUS_SUBMIT_ERROR &&
					     (done[i].detail == ENODEV ||
					      (path == ACCEL_IDXD_PATH_WRITE &&
					       done[i].detail == EFAULT))))
					<< done[i].detail;
			}
		}
		EXPECT_EQ(r, -ENODEV) << client.text();
		over = true;
		producer.join();
		if (close_first)
			client.end();
		remover.join();
	}
	kernel.remove(machine.shared == device ? machine.dedicated : machine.shared);
	EXPECT_EQ(device->lost(), 0u);
}

TEST_F(Idxd, removal_at_any_moment_ends_every_wait)
{
	std::mt19937_64 random(support::seed());

	for (int round = 0; round < 300 && !HasFailure(); round++) {
		lose(kernel, random, round % 2 ? ACCEL_IDXD_PATH_WRITE : ACCEL_IDXD_PATH_PORTAL);
		EXPECT_TRUE(kernel.leaks().none()) << kernel.leaks().text;
	}
}

} // namespace

} // namespace accel::core::idxd
