// SPDX-License-Identifier: MIT
// A small device for tests of the mock kernel.
#pragma once

#include "mock/kernel.hpp"
#include "mock/user.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>

namespace accel::core::mock {

constexpr size_t kPage = 4096;
constexpr unsigned long kAdd = 0x7001;	// adds one to the number that the argument points to
constexpr unsigned long kWait = 0x7002; // sleeps until the device is woken
constexpr int kForever = -1;

/* A device with a page of memory, a counter, and an ioctl that sleeps. */
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

inline std::expected<std::unique_ptr<MockFile>, int> TestDevice::open(int)
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

} // namespace accel::core::mock
