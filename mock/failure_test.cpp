// SPDX-License-Identifier: MIT
// The effects of the mock kernel on a program: selected failures, signals, removal; and the report of leaks.
#include "mock/kernel_fixture.hpp"

#include <poll.h>
#include <thread>
#include <unistd.h>

namespace accel::core::mock {
namespace {

/* Starts a thread in kWait, and returns when the thread sleeps. */
std::thread waiter(TestDevice &device, int fd, int *result)
{
	std::thread thread([fd, result] { *result = sys::ioctl(fd, kWait, nullptr); });

	while (!device.sleepers())
		std::this_thread::yield();
	return thread;
}

TEST_F(Kernel, NthCallFails)
{
	kernel.account().fail(Call::ioctl, 2, EIO);
	kernel.account().fail_ioctl(kAdd, 4, ENOMEM);
	kernel.account().fail(Call::open, 1, EMFILE);
	kernel.account().fail(Call::memfd_create, 1, ENFILE);

	EXPECT_EQ(sys::open("/dev/test/test0", O_RDWR), -EMFILE);
	int fd = open_device();
	uint32_t number = 0;

	EXPECT_EQ(sys::ioctl(fd, kAdd, &number), 0);
	EXPECT_EQ(sys::ioctl(fd, kAdd, &number), -EIO);
	EXPECT_EQ(sys::ioctl(fd, kAdd, &number), 0);
	EXPECT_EQ(sys::ioctl(fd, 99, &number), -ENOTTY);
	EXPECT_EQ(sys::ioctl(fd, kAdd, &number), -ENOMEM);
	EXPECT_EQ(sys::ioctl(fd, kAdd, &number), 0);
	EXPECT_EQ(number, 3u) << "a call that fails has no effect";
	EXPECT_EQ(sys::memfd_create("x", 0), -ENFILE);
	EXPECT_EQ(kernel.account().count(Call::ioctl), 6u);
	EXPECT_EQ(kernel.account().count_ioctl(kAdd), 5u);
	EXPECT_EQ(kernel.account().failed(), 4u);

	kernel.account().fail(Call::close, 1, EIO);
	EXPECT_EQ(sys::close(fd), -EIO);
	EXPECT_EQ(device->released, 1) << "a close() that fails closes the descriptor";
	kernel.account().reset_counts();
	EXPECT_EQ(kernel.account().count(Call::ioctl), 0u);
	EXPECT_EQ(kernel.account().count_ioctl(kAdd), 0u);
}

TEST_F(Kernel, FailureOfAnyKindIsReachable)
{
	void *at = nullptr;
	struct stat status;
	pollfd none{-1, 0, 0};
	uint32_t word = 0;
	char byte = 0;
	unsigned long thread;

	for (size_t kind = 0; kind < static_cast<size_t>(Call::kinds); kind++)
		kernel.account().fail(static_cast<Call>(kind), 1, ENXIO);
	EXPECT_EQ(sys::open("/", O_RDONLY), -ENXIO);
	EXPECT_EQ(sys::close(-1), -ENXIO);
	EXPECT_EQ(sys::ioctl(-1, 0, nullptr), -ENXIO);
	EXPECT_EQ(sys::mmap(&at, nullptr, kPage, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
		  -ENXIO);
	EXPECT_EQ(sys::munmap(nullptr, kPage), -ENXIO);
	EXPECT_EQ(sys::madvise(nullptr, 0, 0), -ENXIO);
	EXPECT_EQ(sys::futex_wait(&word, 1, 0), -ENXIO);
	EXPECT_EQ(sys::futex_wake(&word, 1), -ENXIO);
	EXPECT_EQ(sys::calls->membarrier(0), -ENXIO);
	EXPECT_EQ(sys::eventfd(0, 0), -ENXIO);
	EXPECT_EQ(sys::memfd_create("x", 0), -ENXIO);
	EXPECT_EQ(sys::ftruncate(-1, 0), -ENXIO);
	EXPECT_EQ(sys::fstat(-1, &status), -ENXIO);
	EXPECT_EQ(sys::dup(-1), -ENXIO);
	EXPECT_EQ(sys::add_seals(-1, 0), -ENXIO);
	EXPECT_EQ(sys::get_seals(-1), -ENXIO);
	EXPECT_EQ(sys::read(-1, &byte, 1), -ENXIO);
	EXPECT_EQ(sys::write(-1, &byte, 1), -ENXIO);
	EXPECT_EQ(sys::pwrite(-1, &byte, 1, 0), -ENXIO);
	EXPECT_EQ(sys::read_memory(&byte, 0, 1), -ENXIO);
	EXPECT_EQ(sys::poll(&none, 1, 0), -ENXIO);
	EXPECT_EQ(sys::access("/", F_OK), -ENXIO);
	EXPECT_EQ(sys::thread_create(
			  &thread, [](void *) -> void * { return nullptr; }, nullptr),
		  -ENXIO);
	EXPECT_EQ(sys::store64(&byte, &byte, sys::Store64::posted), -ENXIO) << "nothing is stored";
	EXPECT_EQ(kernel.account().failed(), static_cast<uint64_t>(Call::kinds));
}

TEST_F(Kernel, WaitEndsByEventTimeSignalAndRemoval)
{
	int fd = open_device();
	int result = 0;

	TestFile::deadline = sys::now_ns() + 3000000;
	const uint64_t before = sys::now_ns();
	EXPECT_EQ(sys::ioctl(fd, kWait, nullptr), -ETIMEDOUT);
	EXPECT_GE(sys::now_ns(), before + 3000000 - 1000000);

	TestFile::deadline = UINT64_MAX;
	std::thread thread = waiter(*device, fd, &result);
	kernel.interrupt();
	thread.join();
	EXPECT_EQ(result, -EINTR);

	thread = waiter(*device, fd, &result);
	device->wake();
	thread.join();
	EXPECT_EQ(result, 0);
	EXPECT_EQ(sys::close(fd), 0);
}

TEST_F(Kernel, RemovalEndsPathsAndWaits)
{
	int fd = open_device();
	auto *at = static_cast<char *>(map(fd));
	void *other = nullptr;
	uint32_t number = 0;
	char byte;
	int result = 0;
	int heard = 0;

	kernel.watch(
		[&](const NodeInfo &info, bool there) { heard += info.name == "test0" && !there; });
	std::thread thread = waiter(*device, fd, &result);
	kernel.remove(device);
	thread.join();
	EXPECT_EQ(result, -ENODEV);
	EXPECT_EQ(heard, 1);
	EXPECT_TRUE(kernel.nodes().empty());
	EXPECT_EQ(sys::open("/dev/test/test0", O_RDWR), -ENOENT);
	EXPECT_EQ(sys::access("/dev/test/test0", R_OK), -ENOENT);
	/* The driver of this device does not check for removal. */
	EXPECT_EQ(sys::ioctl(fd, kAdd, &number), 0);
	EXPECT_EQ(sys::read(fd, &byte, 1), 1);
	EXPECT_EQ(sys::write(fd, &byte, 1), 1);
	EXPECT_EQ(sys::mmap(&other, nullptr, kPage, PROT_READ, MAP_SHARED, fd, 0x10000), 0);
	EXPECT_EQ(sys::munmap(other, kPage), 0);
	at[0] = 'x';
	EXPECT_EQ(at[0], 'x');
	EXPECT_EQ(sys::munmap(at, kPage), 0);
	EXPECT_EQ(sys::close(fd), 0);
	EXPECT_TRUE(kernel.leaks().none());
}

TEST_F(Kernel, PathsAreGoneFromTheMomentOfRemoval)
{
	device->remove();
	device->remove();
	EXPECT_EQ(sys::open("/dev/test/test0", O_RDWR), -ENOENT);
	EXPECT_EQ(sys::open("/sys/devices/mock/test0/opens", O_RDONLY), -ENOENT);
	EXPECT_EQ(sys::access("/sys/devices/mock/test0/opens", R_OK), -ENOENT);
	EXPECT_TRUE(kernel.nodes().empty());
}

TEST_F(Kernel, LeaksAreNamed)
{
	int fd = open_device();

	EXPECT_EQ(kernel.leaks().files, 1u);
	EXPECT_EQ(kernel.leaks().handles, 3u);
	EXPECT_NE(kernel.leaks().text, "");
	EXPECT_EQ(sys::close(fd), 0);
	EXPECT_TRUE(kernel.leaks().none());
	EXPECT_EQ(kernel.leaks().text, "");
}

TEST_F(Kernel, CloseDuringCallsReleasesAfterTheLast)
{
	constexpr int kRounds = 500;

	for (int i = 0; i < kRounds; i++) {
		int fd = open_device();
		uint32_t number = 0;
		std::thread caller([&] {
			int r;
			do
				r = sys::ioctl(fd, kAdd, &number);
			while (r == 0);
			EXPECT_TRUE(r == -EBADF || r == -ENOTTY) << r;
		});
		EXPECT_EQ(sys::close(fd), 0);
		caller.join();
		EXPECT_EQ(device->released, i + 1);
	}
}

TEST(NullKernel, CountsNothingAndStillReleases)
{
	MockKernel kernel({.null_kernel = true});
	auto device = std::make_shared<TestDevice>();
	uint32_t number = 0;

	kernel.add(device);
	kernel.account().fail(Call::ioctl, 1, EIO);
	int fd = sys::open("/dev/test/test0", O_RDWR);
	ASSERT_GE(fd, 0);
	EXPECT_EQ(sys::ioctl(fd, kAdd, &number), 0);
	EXPECT_EQ(kernel.account().count(Call::ioctl), 0u);
	EXPECT_EQ(sys::close(fd), 0);
	EXPECT_EQ(device->released, 1);
	EXPECT_TRUE(kernel.leaks().none());
}

} // namespace
} // namespace accel::core::mock
