// SPDX-License-Identifier: MIT
// The mock kernel itself, on a device made for it: paths, descriptors, mappings, chosen failures,
// signals, removal, and what it says is not freed.
#include "mock/kernel.hpp"
#include "mock/user.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <thread>
#include <unistd.h>

namespace accel::core::mock {
namespace {

constexpr size_t kPage = 4096;
constexpr unsigned long kAdd = 0x7001;	// adds one to the number that the argument points to
constexpr unsigned long kWait = 0x7002; // sleeps until the device is woken
constexpr int kForever = -1;

/* A device with a page of memory, a number that grows, and a sleep. */
class TestDevice : public MockDevice {
public:
	TestDevice()
		: MockDevice({.subsystem = "test",
			      .name = "test0",
			      .node = "/dev/test/test0",
			      .syspath = "/sys/devices/mock/test0",
			      .driver = "test",
			      .major = 261,
			      .minor = 7}),
		  memory_(Memory::create("test", kPage))
	{
		add_attribute("device/vendor", "0x17cb\n");
		add_attribute("opens", [this] { return std::to_string(opens) + "\n"; });
	}
	std::expected<std::unique_ptr<MockFile>, int> open(int flags) override;
	void wake()
	{
		Lock lock(mutex_);

		woken_ = true;
		changed();
	}
	void set_ready(short events) { ready = events; }

	std::atomic<int> opens = 0, released = 0;
	std::atomic<short> ready = 0;

private:
	friend class TestFile;

	std::shared_ptr<Memory> memory_;
	bool woken_ = false;
};

class TestFile : public MockFile {
public:
	explicit TestFile(TestDevice &device) : device_(device) {}
	~TestFile() override { device_.released++; }

	int ioctl(unsigned long request, void *argument) override
	{
		const auto address = reinterpret_cast<uint64_t>(argument);
		uint32_t number = 0;

		if (request == kWait) {
			MockDevice::Lock lock(device_.mutex_);
			return device_.wait(lock, deadline.load(), [&] { return device_.woken_; });
		}
		if (request != kAdd)
			return -ENOTTY;
		if (int r = copy_from_user(&number, address, sizeof(number)); r < 0)
			return r;
		number++;
		return copy_to_user(address, &number, sizeof(number));
	}
	ssize_t read(void *to, size_t length) override
	{
		const std::string text = "hello";
		const size_t size = std::min(length, text.size());
		int r = copy_to_user(reinterpret_cast<uint64_t>(to), text.data(), size);

		return r < 0 ? r : static_cast<ssize_t>(size);
	}
	ssize_t write(const void *from, size_t length) override
	{
		std::array<char, 64> copy;
		const size_t size = std::min(length, copy.size());

		if (int r = copy_from_user(copy.data(), reinterpret_cast<uint64_t>(from), size);
		    r < 0)
			return r;
		return static_cast<ssize_t>(size);
	}
	int map(const MapRequest &request, MapTarget *target) override
	{
		if (request.offset != 0x10000 || request.length > kPage)
			return -EINVAL;
		*target = {device_.memory_, 0};
		return 0;
	}
	short poll(short events) override
	{
		return static_cast<short>(device_.ready.load() & events);
	}
	size_t live_handles() const override { return 3; }

	static inline std::atomic<uint64_t> deadline = UINT64_MAX;

private:
	TestDevice &device_;
};

std::expected<std::unique_ptr<MockFile>, int> TestDevice::open(int)
{
	if (removed())
		return std::unexpected(-ENODEV);
	opens++;
	return std::make_unique<TestFile>(*this);
}

class Kernel : public testing::Test {
protected:
	void SetUp() override { kernel.add(device); }
	void TearDown() override { TestFile::deadline = UINT64_MAX; }
	int open_device()
	{
		int fd = sys::open("/dev/test/test0", O_RDWR);

		EXPECT_GE(fd, 0) << strerror(-fd);
		return fd;
	}
	void *map(int fd, size_t length = kPage)
	{
		void *at = nullptr;

		EXPECT_EQ(sys::mmap(&at, nullptr, length, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
				    0x10000),
			  0);
		return at;
	}

	MockKernel kernel;
	std::shared_ptr<TestDevice> device = std::make_shared<TestDevice>();
};

TEST_F(Kernel, PutsTheTableBack)
{
	const sys::Calls *mine = sys::calls;
	{
		MockKernel inner;
		EXPECT_NE(mine, &sys::kRealCalls);
		EXPECT_NE(sys::calls, nullptr);
	}
	EXPECT_EQ(sys::calls, mine);
}

TEST_F(Kernel, NodeIsOpenedByItsPathAndNobodyElses)
{
	int fd = open_device();
	struct stat status;

	EXPECT_EQ(device->opens, 1);
	EXPECT_EQ(sys::fstat(fd, &status), 0);
	EXPECT_TRUE(S_ISCHR(status.st_mode));
	EXPECT_EQ(status.st_rdev, makedev(261, 7));
	EXPECT_EQ(sys::close(fd), 0);
	EXPECT_EQ(device->released, 1);
	EXPECT_EQ(sys::close(fd), -EBADF);
	EXPECT_EQ(sys::open("/dev/test/test1", O_RDWR), -ENOENT);
	int null = sys::open("/dev/null", O_RDWR);
	EXPECT_GE(null, 0);
	EXPECT_EQ(sys::ioctl(null, kAdd, nullptr), -ENOTTY);
	EXPECT_EQ(sys::close(null), 0);
}

TEST_F(Kernel, PathOnlyDescriptorOpensNoDevice)
{
	int fd = sys::open("/dev/test/test0", O_PATH);
	struct stat status;
	char byte;

	ASSERT_GE(fd, 0);
	EXPECT_EQ(device->opens, 0);
	EXPECT_EQ(sys::fstat(fd, &status), 0);
	EXPECT_TRUE(S_ISCHR(status.st_mode));
	EXPECT_EQ(sys::ioctl(fd, kAdd, nullptr), -EBADF);
	EXPECT_EQ(sys::read(fd, &byte, 1), -EBADF);
	EXPECT_EQ(sys::close(fd), 0);
	EXPECT_TRUE(kernel.leaks().none());
}

TEST_F(Kernel, SysfsFilesAreRead)
{
	int fd = sys::open("/sys/devices/mock/test0/device/vendor", O_RDONLY);
	char text[16] = {};

	ASSERT_GE(fd, 0);
	EXPECT_EQ(sys::read(fd, text, sizeof(text)), 7);
	EXPECT_STREQ(text, "0x17cb\n");
	EXPECT_EQ(sys::close(fd), 0);
	EXPECT_EQ(sys::open("/sys/devices/mock/test0/device/vendor", O_RDWR), -EACCES);
	EXPECT_EQ(sys::open("/sys/devices/mock/test0/nothing", O_RDONLY), -ENOENT);
	EXPECT_EQ(sys::access("/sys/devices/mock/test0/nothing", F_OK), -ENOENT);
	EXPECT_EQ(sys::access("/sys/devices/mock/test0/opens", R_OK), 0);
	EXPECT_EQ(sys::access("/sys/devices/mock/test0/opens", W_OK), -EACCES);
	EXPECT_EQ(device->opens, 0);
}

TEST_F(Kernel, BadPointersAreFaults)
{
	int fd = open_device();
	uint32_t number = 41;

	EXPECT_EQ(sys::ioctl(fd, kAdd, &number), 0);
	EXPECT_EQ(number, 42u);
	EXPECT_EQ(sys::ioctl(fd, kAdd, nullptr), -EFAULT);
	EXPECT_EQ(sys::ioctl(fd, kAdd, reinterpret_cast<void *>(0xdead000)), -EFAULT);
	EXPECT_EQ(sys::read(fd, nullptr, 5), -EFAULT);
	EXPECT_EQ(sys::write(fd, nullptr, 5), -EFAULT);
	char text[8] = {};
	EXPECT_EQ(sys::read(fd, text, sizeof(text)), 5);
	EXPECT_STREQ(text, "hello");
	/* What can be read and not written is a fault on the way back. */
	void *page = mmap(nullptr, kPage, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(page, MAP_FAILED);
	EXPECT_EQ(sys::ioctl(fd, kAdd, page), -EFAULT);
	munmap(page, kPage);
	EXPECT_EQ(sys::close(fd), 0);
}

TEST_F(Kernel, DuplicateKeepsTheFileOpen)
{
	int fd = open_device();
	int copy = sys::dup(fd);
	uint32_t number = 0;

	ASSERT_GE(copy, 0);
	EXPECT_EQ(sys::close(fd), 0);
	EXPECT_EQ(device->released, 0);
	EXPECT_EQ(sys::ioctl(copy, kAdd, &number), 0);
	EXPECT_EQ(sys::close(copy), 0);
	EXPECT_EQ(device->released, 1);
}

TEST_F(Kernel, MappingKeepsTheFileAndIsCutLikeMemory)
{
	int fd = open_device();
	void *room = mmap(nullptr, 2 * kPage, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	void *other = nullptr;

	ASSERT_EQ(sys::mmap(&other, room, kPage, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd,
			    0x10000),
		  0);
	auto *at = static_cast<char *>(other);
	strcpy(at, "kept");
	EXPECT_EQ(sys::mmap(&other, nullptr, kPage, PROT_READ, MAP_SHARED, fd, 0), -EINVAL);
	EXPECT_EQ(sys::mmap(&other, nullptr, 0, PROT_READ, MAP_SHARED, fd, 0x10000), -EINVAL);
	EXPECT_EQ(sys::close(fd), 0);
	EXPECT_EQ(device->released, 0);
	EXPECT_EQ(kernel.leaks().mappings, 1u);
	EXPECT_EQ(kernel.leaks().files, 1u);
	EXPECT_STREQ(at, "kept");
	EXPECT_EQ(sys::munmap(at + kPage, kPage), 0) << "beside it";
	EXPECT_EQ(kernel.leaks().mappings, 1u);
	EXPECT_EQ(sys::mmap(&other, at, kPage, PROT_READ, MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS,
			    -1, 0),
		  0)
		<< "memory of another kind replaces it";
	EXPECT_TRUE(kernel.leaks().none()) << kernel.leaks().text;
	EXPECT_EQ(device->released, 1);
	munmap(room, kPage);
}

TEST_F(Kernel, MappingInTheMiddleIsSplitAndReplaced)
{
	Mappings mappings;
	FileTable files(true);
	auto file = [&] {
		EXPECT_TRUE(files.install(5, device, std::make_unique<TestFile>(*device)));
		return files.take(5);
	};
	auto at = [](uint64_t address) { return [address] { return static_cast<long>(address); }; };
	auto done = [] { return 0; };
	auto range = [](uint64_t address) { return reinterpret_cast<void *>(address); };

	mappings.add(3 * kPage, file(), at(0x100000));
	EXPECT_EQ(mappings.remove(range(0x101000), kPage, done), 0);
	EXPECT_EQ(mappings.count(), 2u);
	EXPECT_EQ(mappings.bytes(), 2 * kPage);
	mappings.add(kPage, file(), at(0x102000));
	EXPECT_EQ(mappings.count(), 2u) << "the new one replaces the old one";
	EXPECT_EQ(mappings.remove(range(0x100000), kPage, [] { return -ENOMEM; }), -ENOMEM);
	EXPECT_EQ(mappings.count(), 2u) << "a call that fails removes nothing";
	EXPECT_EQ(device->released, 0);
	EXPECT_EQ(mappings.remove(range(0x100000), kPage, done), 0);
	EXPECT_EQ(device->released, 1) << "the last part of the first file";
	EXPECT_EQ(mappings.remove(range(0), 0x200000, done), 0);
	EXPECT_EQ(mappings.count(), 0u);
	EXPECT_EQ(device->released, 2);
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
	EXPECT_EQ(number, 3u) << "one that fails has no effect";
	EXPECT_EQ(sys::memfd_create("x", 0), -ENFILE);
	EXPECT_EQ(kernel.account().count(Call::ioctl), 6u);
	EXPECT_EQ(kernel.account().count_ioctl(kAdd), 5u);
	EXPECT_EQ(kernel.account().failed(), 4u);

	kernel.account().fail(Call::close, 1, EIO);
	EXPECT_EQ(sys::close(fd), -EIO);
	EXPECT_EQ(device->released, 1) << "close() closes also if it fails";
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
	EXPECT_EQ(sys::read(-1, &byte, 1), -ENXIO);
	EXPECT_EQ(sys::write(-1, &byte, 1), -ENXIO);
	EXPECT_EQ(sys::pwrite(-1, &byte, 1, 0), -ENXIO);
	EXPECT_EQ(sys::poll(&none, 1, 0), -ENXIO);
	EXPECT_EQ(sys::access("/", F_OK), -ENXIO);
	EXPECT_EQ(sys::thread_create(
			  &thread, [](void *) -> void * { return nullptr; }, nullptr),
		  -ENXIO);
	EXPECT_EQ(kernel.account().failed(), static_cast<uint64_t>(Call::kinds));
}

TEST_F(Kernel, AccessSaysWhatOpenWould)
{
	NodeInfo info = device->info();

	EXPECT_EQ(sys::access("/dev/test/test0", R_OK | W_OK), 0);
	for (int error : {EACCES, EBUSY}) {
		info.access = error;
		class Closed : public MockDevice {
		public:
			using MockDevice::MockDevice;
			std::expected<std::unique_ptr<MockFile>, int> open(int) override
			{
				return std::unexpected(-EIO);
			}
		};
		info.node = "/dev/test/closed" + std::to_string(error);
		info.syspath = "";
		kernel.add(std::make_shared<Closed>(info));
		EXPECT_EQ(sys::access(info.node.c_str(), R_OK), -error);
		EXPECT_EQ(sys::access(info.node.c_str(), F_OK), 0);
		EXPECT_EQ(sys::open(info.node.c_str(), O_RDWR), -error);
		int path = sys::open(info.node.c_str(), O_PATH);
		EXPECT_GE(path, 0);
		EXPECT_EQ(sys::close(path), 0);
	}
}

/* Starts a thread in kWait, and returns when it sleeps. */
std::thread waiter(TestDevice &device, int fd, int *result)
{
	std::thread thread([fd, result] { *result = sys::ioctl(fd, kWait, nullptr); });

	while (!device.sleepers())
		std::this_thread::yield();
	return thread;
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

TEST_F(Kernel, RemovalEndsEverythingButMappings)
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
	EXPECT_EQ(sys::ioctl(fd, kAdd, &number), -ENODEV);
	EXPECT_EQ(sys::read(fd, &byte, 1), -ENODEV);
	EXPECT_EQ(sys::write(fd, &byte, 1), -ENODEV);
	EXPECT_EQ(sys::mmap(&other, nullptr, kPage, PROT_READ, MAP_SHARED, fd, 0x10000), -ENODEV);
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

TEST_F(Kernel, PollJoinsMockAndRealDescriptors)
{
	int fd = open_device();
	int event = sys::eventfd(0, 0);
	pollfd fds[2] = {{fd, POLLIN, 0}, {event, POLLIN, 0}};
	uint64_t one = 1;

	EXPECT_EQ(sys::poll(fds, 2, 0), 0);
	EXPECT_EQ(sys::poll(fds, 2, 3), 0);
	device->set_ready(POLLIN | POLLOUT);
	EXPECT_EQ(sys::poll(fds, 2, kForever), 1);
	EXPECT_EQ(fds[0].revents, POLLIN);
	EXPECT_EQ(fds[1].revents, 0);
	EXPECT_EQ(sys::write(event, &one, sizeof(one)), 8);
	EXPECT_EQ(sys::poll(fds, 2, kForever), 2);
	EXPECT_EQ(fds[1].revents, POLLIN);

	device->set_ready(0);
	EXPECT_EQ(sys::poll(fds, 2, kForever), 1);
	EXPECT_EQ(fds[0].revents, 0);
	std::thread later([&] { device->set_ready(POLLIN); });
	EXPECT_EQ(sys::poll(fds, 1, kForever), 1);
	later.join();
	EXPECT_EQ(sys::close(event), 0);
	EXPECT_EQ(sys::close(fd), 0);
}

TEST_F(Kernel, LeaksAreNamed)
{
	int fd = open_device();

	EXPECT_EQ(kernel.leaks().files, 1u);
	EXPECT_EQ(kernel.leaks().handles, 3u);
	EXPECT_NE(kernel.leaks().text.find("objects are not freed"), std::string::npos);
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
