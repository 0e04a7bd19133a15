// SPDX-License-Identifier: MIT
// The results of the driver's file operations, by raw system calls without the library. Each test follows a function of
// drivers/dma/idxd/cdev.c of Linux 7.2, which its comment or name identifies.
#include "mock/idxd/device.hpp"
#include "mock/kernel.hpp"
#include "sys/sys.hpp"

#include <cerrno>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <uapi/accel/idxd.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace accel::core::mock {
namespace {

constexpr size_t kPage = 4096;
constexpr const char *kShared = "/dev/dsa/wq0.0", *kDedicated = "/dev/dsa/wq0.1";

class IdxdFileTest : public testing::Test {
protected:
	void start(const IdxdOptions &options = {}) { machine_ = add_idxd(kernel_, options); }
	int open(const char *node)
	{
		files_.push_back(sys::open(node, O_RDWR));
		return files_.back();
	}
	~IdxdFileTest() override
	{
		for (const int fd : files_)
			if (fd >= 0)
				sys::close(fd);
		EXPECT_TRUE(kernel_.leaks().none()) << kernel_.leaks().text;
	}
	static accel_idxd_dsa_descriptor descriptor(unsigned opcode = ACCEL_IDXD_DSA_OPCODE_NOOP)
	{
		accel_idxd_dsa_descriptor d{};

		d.control = opcode << ACCEL_IDXD_DSA_DESCRIPTOR_CONTROL_OPCODE_SHIFT;
		return d;
	}
	template <size_t count>
	static ssize_t write(int fd, const accel_idxd_dsa_descriptor (&list)[count])
	{
		return sys::write(fd, list, sizeof(list));
	}

	MockKernel kernel_;
	IdxdMachine machine_;
	std::vector<int> files_;
};

TEST_F(IdxdFileTest, OpenOfADedicatedQueueIsForOne)
{
	start();
	EXPECT_GE(open(kShared), 0);
	EXPECT_GE(open(kShared), 0);
	const int fd = open(kDedicated);

	ASSERT_GE(fd, 0);
	EXPECT_EQ(open(kDedicated), -EBUSY);
	sys::close(std::exchange(files_[2], -1));
	EXPECT_GE(open(kDedicated), 0);
}

TEST_F(IdxdFileTest, OpenOfADisabledQueueFindsNoCharacterDevice)
{
	start();
	machine_.shared->disable();
	EXPECT_EQ(open(kShared), -ENXIO);
}

/* idxd_drv_disable_wq() drains the queue before it changes the state. */
TEST_F(IdxdFileTest, DisablingExecutesWhatTheDeviceHas)
{
	start();
	machine_.shared->pause();
	EXPECT_EQ(write(open(kShared), {descriptor(), descriptor()}), 128);
	EXPECT_EQ(machine_.shared->executed(), 0u);
	machine_.shared->disable();
	EXPECT_EQ(machine_.shared->executed(), 2u);
}

/* idxd_cdev_release() drains the queue, too. */
TEST_F(IdxdFileTest, ReleaseExecutesWhatTheFileHasSubmitted)
{
	start();
	machine_.shared->pause();
	EXPECT_EQ(write(open(kShared), {descriptor()}), 64);
	sys::close(std::exchange(files_[0], -1));
	EXPECT_EQ(machine_.shared->executed(), 1u);
}

/* idxd_cdev_write() does not check for a disabled queue, whose portal the driver has unmapped. */
TEST_F(IdxdFileTest, WriteToADisabledQueueIsAFaultInTheKernel)
{
	start();
	const int shared = open(kShared), dedicated = open(kDedicated);

	machine_.shared->disable();
	kernel_.remove(machine_.dedicated);
	EXPECT_EQ(machine_.shared->hazards() + machine_.dedicated->hazards(), 0u);
	EXPECT_EQ(write(shared, {descriptor()}), -EFAULT);
	EXPECT_EQ(machine_.shared->hazards(), 1u);
	EXPECT_EQ(write(dedicated, {descriptor()}), -EFAULT);
	EXPECT_EQ(machine_.dedicated->hazards(), 1u);
	EXPECT_EQ(sys::write(shared, nullptr, 0), 0) << "no descriptor, no fault";
}

TEST_F(IdxdFileTest, WriteTakesWholeDescriptors)
{
	start();
	const accel_idxd_dsa_descriptor list[]{descriptor(), descriptor()};
	const int fd = open(kShared);

	EXPECT_EQ(sys::write(fd, list, 0), 0);
	EXPECT_EQ(sys::write(fd, list, 63), 0);
	EXPECT_EQ(sys::write(fd, list, 64 + 63), 64);
	EXPECT_EQ(write(fd, list), 128);
	EXPECT_EQ(machine_.shared->taken(), 3u);
	EXPECT_EQ(sys::write(fd, nullptr, 64), -EFAULT);
}

TEST_F(IdxdFileTest, WriteStopsAtTheFirstThatIsRefused)
{
	start();
	accel_idxd_dsa_descriptor list[]{descriptor(), descriptor(), descriptor()};
	const int fd = open(kShared);

	list[2].completion_addr = 16; // records are aligned to 32 bytes
	EXPECT_EQ(write(fd, list), 128);
	list[0].completion_addr = 16;
	EXPECT_EQ(write(fd, list), -EINVAL);
	EXPECT_EQ(machine_.shared->taken(), 2u);
}

TEST_F(IdxdFileTest, WriteWantsRecordsOfIaxAlignedTo64)
{
	start({.iax = true});
	accel_idxd_dsa_descriptor list[]{descriptor()};
	const int fd = open("/dev/iax/wq0.0");

	list[0].completion_addr = 32;
	EXPECT_EQ(write(fd, list), -EINVAL);
}

TEST_F(IdxdFileTest, WriteTakesNoBatchesOnTheFirstDsa)
{
	start({.version = 1});
	EXPECT_EQ(write(open(kShared), {descriptor(ACCEL_IDXD_DSA_OPCODE_BATCH)}), -EINVAL);
	EXPECT_EQ(machine_.shared->taken(), 0u);
}

TEST_F(IdxdFileTest, WriteTakesBatchesOnTheSecondDsa)
{
	start({.version = 2});
	EXPECT_EQ(write(open(kShared), {descriptor(ACCEL_IDXD_DSA_OPCODE_BATCH)}), 64);
	EXPECT_EQ(machine_.shared->taken(), 1u);
}

/* ENQCMD reports that a shared queue is full, after some tries. MOVDIR64B to a dedicated one reports nothing. */
TEST_F(IdxdFileTest, WriteToAFullQueue)
{
	start({.size = 2, .threshold = 2});
	const accel_idxd_dsa_descriptor list[]{descriptor(), descriptor(), descriptor()};

	machine_.shared->pause();
	machine_.dedicated->pause();
	const int shared = open(kShared), dedicated = open(kDedicated);

	EXPECT_EQ(write(shared, list), 128);
	EXPECT_EQ(write(shared, list), -EAGAIN);
	EXPECT_EQ(write(dedicated, list), 192);
	EXPECT_EQ(machine_.dedicated->lost(), 1u);
	machine_.shared->resume();
	machine_.dedicated->resume();
}

TEST_F(IdxdFileTest, WriteIsMissingBeforeLinux6_9)
{
	start({.has_write = false});
	EXPECT_EQ(write(open(kShared), {descriptor()}), -EINVAL);
	EXPECT_EQ(sys::write(files_[0], nullptr, 0), -EINVAL);
}

TEST_F(IdxdFileTest, MmapIsForThePrivilegedAndOnePage)
{
	void *portal;

	start();
	EXPECT_EQ(sys::mmap(&portal, nullptr, kPage, PROT_WRITE, MAP_SHARED, open(kShared), 0),
		  -EPERM);
}

TEST_F(IdxdFileTest, MmapOfMoreThanOnePage)
{
	void *portal;

	start({.privileged = true});
	const int fd = open(kShared);

	EXPECT_EQ(sys::mmap(&portal, nullptr, 2 * kPage, PROT_WRITE, MAP_SHARED, fd, 0), -EINVAL);
	ASSERT_EQ(sys::mmap(&portal, nullptr, kPage, PROT_WRITE, MAP_SHARED, fd, 0), 0);
	sys::munmap(portal, kPage);
}

TEST_F(IdxdFileTest, PollTellsOfErrorsOfTheDeviceOnly)
{
	start({.size = 1, .threshold = 1});
	const accel_idxd_dsa_descriptor list[]{descriptor(), descriptor()};
	pollfd readable{.fd = open(kDedicated), .events = POLLIN, .revents = 0};

	machine_.dedicated->pause();
	EXPECT_EQ(sys::poll(&readable, 1, 0), 0);
	EXPECT_EQ(write(readable.fd, list), 128); // one descriptor is lost
	EXPECT_EQ(sys::poll(&readable, 1, 0), 1);
	EXPECT_EQ(readable.revents, POLLIN);
	machine_.dedicated->resume();
}

/* The file belongs to the address space that opened it. */
TEST_F(IdxdFileTest, AForkedChildIsRefused)
{
	start({.privileged = true});
	const int fd = open(kShared);
	const pid_t child = fork();

	if (!child) {
		const accel_idxd_dsa_descriptor list[]{descriptor()};
		pollfd readable{.fd = fd, .events = POLLIN, .revents = 0};
		void *portal;

		if (write(fd, list) != -EPERM)
			_exit(1);
		if (sys::mmap(&portal, nullptr, kPage, PROT_WRITE, MAP_SHARED, fd, 0) != -EPERM)
			_exit(2);
		if (sys::poll(&readable, 1, 0) != 0)
			_exit(3);
		_exit(0);
	}
	int status = -1;

	ASSERT_EQ(waitpid(child, &status, 0), child);
	EXPECT_TRUE(WIFEXITED(status));
	EXPECT_EQ(WEXITSTATUS(status), 0);
}

} // namespace
} // namespace accel::core::mock
