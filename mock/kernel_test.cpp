// SPDX-License-Identifier: MIT
// Paths, descriptors, mappings and poll() of the mock kernel.
#include "mock/kernel_fixture.hpp"

#include <poll.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <thread>

namespace accel::core::mock {
namespace {

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
	/* Memory that can be read and not written is a fault when the result is copied out. */
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
	EXPECT_EQ(sys::munmap(at + kPage, kPage), 0) << "next to it";
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
	EXPECT_EQ(mappings.count(), 2u) << "the new mapping replaces the old one";
	EXPECT_EQ(mappings.remove(range(0x100000), kPage, [] { return -ENOMEM; }), -ENOMEM);
	EXPECT_EQ(mappings.count(), 2u) << "a call that fails removes nothing";
	EXPECT_EQ(device->released, 0);
	EXPECT_EQ(mappings.remove(range(0x100000), kPage, done), 0);
	EXPECT_EQ(device->released, 1) << "the last part of the first file";
	EXPECT_EQ(mappings.remove(range(0), 0x200000, done), 0);
	EXPECT_EQ(mappings.count(), 0u);
	EXPECT_EQ(device->released, 2);
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

} // namespace
} // namespace accel::core::mock
