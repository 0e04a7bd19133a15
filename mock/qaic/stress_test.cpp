// SPDX-License-Identifier: MIT
// The mock qaic driver under load: concurrent clients, removal at random moments, every system call failing once, and
// the null kernel. The seed is printed; ACCEL_SEED repeats a run as far as the scheduling of threads allows.
#include "mock/qaic/fixture.hpp"
#include "support/seed.hpp"

#include <atomic>
#include <cerrno>
#include <random>
#include <thread>

namespace accel::core::mock {
namespace {

class Stress : public QaicDevices {};

/* The work of one thread on its own channel: copies through the device, and checks the result. */
void copy_loop(QaicClient &client, int rounds, uint64_t address)
{
	const uint32_t channel = client.make_channel(8);
	const uint32_t in = client.make_sliced(channel, address, kToDevice);
	const uint32_t out = client.make_sliced(channel, address, kFromDevice);
	auto *from = static_cast<uint32_t *>(client.map(in));
	auto *to = static_cast<uint32_t *>(client.map(out));

	for (int i = 0; i < rounds; i++) {
		from[1000] = static_cast<uint32_t>(i) + static_cast<uint32_t>(address);
		ASSERT_EQ(client.execute(channel, {in, out}), 0);
		ASSERT_EQ(client.wait(channel, out, 1000), 0);
		ASSERT_EQ(to[1000], from[1000]);
	}
	EXPECT_EQ(sys::munmap(from, kPage), 0);
	EXPECT_EQ(sys::munmap(to, kPage), 0);
	EXPECT_EQ(client.deactivate(channel), 0);
	EXPECT_EQ(client.free(in), 0);
	EXPECT_EQ(client.free(out), 0);
}

TEST_F(Stress, ClientsOfTheirOwnFiles)
{
	auto device = add({.buffer_ns = 1000});
	std::vector<std::thread> threads;

	for (uint64_t i = 0; i < 4; i++)
		threads.emplace_back([i] {
			QaicClient client;
			copy_loop(client, 100, i << 20);
		});
	for (std::thread &thread : threads)
		thread.join();
	EXPECT_EQ(device->channels_in_use(), 0u);
}

TEST_F(Stress, ThreadsOfOneFile)
{
	auto device = add({.buffer_ns = 1000});
	QaicClient client;
	std::vector<std::thread> threads;

	for (uint64_t i = 0; i < 4; i++)
		threads.emplace_back([&, i] { copy_loop(client, 100, i << 20); });
	for (std::thread &thread : threads)
		thread.join();
	EXPECT_EQ(kernel.leaks().handles, 0u);
}

TEST_F(Stress, HandlesAreFreedOnce)
{
	auto device = add();
	QaicClient client;
	std::atomic<int> freed = 0;
	constexpr int kRounds = 200;

	for (int i = 0; i < kRounds; i++) {
		const uint32_t handle = client.make_buffer();
		std::thread other([&] { freed += client.free(handle) == 0; });
		freed += client.free(handle) == 0;
		other.join();
	}
	EXPECT_EQ(freed, kRounds);
	EXPECT_EQ(kernel.leaks().handles, 0u);
}

/* The results that a call may have after the device may have been removed. */
bool expected(int r)
{
	return r == 0 || r == -ENODEV || r == -EPERM || r == -EIO || r == -ENOENT || r == -EAGAIN ||
	       r == -EINTR || r == -EINVAL || r == -ETIMEDOUT;
}

TEST_F(Stress, RemovalAtRandomMoments)
{
	std::mt19937_64 random(support::seed());
	constexpr int kRounds = 300;

	for (int round = 0; round < kRounds; round++) {
		auto device = add({.buffer_ns = 50'000});
		std::vector<std::thread> threads;
		std::atomic<bool> open = false;

		for (int i = 0; i < 2; i++)
			threads.emplace_back([&, i] {
				QaicClient client;
				uint32_t channel, buffer = 0;
				accel_qaic_slice slice = {};
				int r = client.fd < 0 ? client.fd : client.activate(8, &channel);

				open = true;
				if (r == 0)
					r = client.create(kPage, &buffer);
				slice.size = kPage;
				slice.dev_addr = static_cast<uint64_t>(i) << 20;
				if (r == 0)
					r = client.attach(buffer, channel, kToDevice, {&slice, 1});
				while (r == 0) {
					r = client.execute(channel, {buffer});
					if (r == 0)
						r = client.wait(channel, buffer, UINT32_MAX);
				}
				EXPECT_TRUE(expected(r)) << r;
				if (client.fd >= 0) {
					EXPECT_EQ(client.create(kPage, &buffer), -ENODEV);
				}
			});
		if (random() % 2)
			while (!open)
				std::this_thread::yield();
		std::this_thread::sleep_for(std::chrono::microseconds(random() % 400));
		kernel.remove(device);
		for (std::thread &thread : threads)
			thread.join();
		ASSERT_TRUE(kernel.leaks().none()) << kernel.leaks().text;
	}
}

/* One session of a careful program: it stops at the first failure, and closes everything that it has. */
int session()
{
	QaicClient client;
	accel_qaic_mmap_bo map = {};
	accel_qaic_slice slice = {};
	uint32_t channel, buffer;
	void *at = nullptr;
	int r = client.fd;

	slice.size = kPage;
	if (r >= 0)
		r = client.activate(8, &channel);
	if (r >= 0)
		r = client.create(kPage, &buffer);
	if (r >= 0)
		r = client.attach(buffer, channel, kToDevice, {&slice, 1});
	if (r >= 0) {
		map.handle = buffer;
		r = client.call(ACCEL_QAIC_IOCTL_MMAP_BO, map);
	}
	if (r >= 0)
		r = sys::mmap(&at, nullptr, kPage, PROT_READ, MAP_SHARED, client.fd,
			      static_cast<off_t>(map.offset));
	if (r >= 0)
		r = client.execute(channel, {buffer});
	if (r >= 0)
		r = client.wait(channel, buffer, 100);
	if (at)
		while (sys::munmap(at, kPage) < 0)
			continue;
	const int closed = client.close();
	return r < 0 ? r : closed;
}

TEST_F(Stress, EveryCallFailsOnce)
{
	auto device = add({.buffer_ns = 0});

	ASSERT_EQ(session(), 0);
	for (Call kind : {Call::open, Call::ioctl, Call::mmap, Call::munmap, Call::close}) {
		for (int error : {ENOMEM, EINTR}) {
			kernel.account().reset_counts();
			ASSERT_EQ(session(), 0);
			const uint64_t calls = kernel.account().count(kind);
			ASSERT_GT(calls, 0u);
			for (uint64_t n = 1; n <= calls; n++) {
				kernel.account().fail(kind, n, error);
				EXPECT_EQ(session(), kind == Call::munmap ? 0 : -error)
					<< "kind " << static_cast<int>(kind) << ", call " << n;
				EXPECT_TRUE(kernel.leaks().none()) << kernel.leaks().text;
				EXPECT_EQ(device->channels_in_use(), 0u);
			}
		}
	}
	EXPECT_EQ(session(), 0);
}

TEST(NullQaic, SubmitsWithoutExecuting)
{
	MockKernel kernel({.null_kernel = true});
	auto device = std::make_shared<QaicDevice>(QaicOptions{.null_execute = true});
	kernel.add(device);
	QaicClient client;
	std::vector<std::thread> threads;

	for (int i = 0; i < 2; i++)
		threads.emplace_back([&] {
			const uint32_t channel = client.make_channel();
			const uint32_t buffer = client.make_sliced(channel);
			accel_qaic_perf_stats_entry entry;

			for (int j = 0; j < 10000; j++)
				ASSERT_EQ(client.execute(channel, {buffer}), 0);
			EXPECT_EQ(client.stats(channel, buffer, &entry), 0);
			EXPECT_EQ(entry.device_latency_us, 1u);
			EXPECT_EQ(client.wait(channel, buffer, 0), 0);
		});
	for (std::thread &thread : threads)
		thread.join();
	EXPECT_EQ(device->queued(), 0u);
	EXPECT_EQ(kernel.account().count(Call::ioctl), 0u);
}

} // namespace
} // namespace accel::core::mock
