// SPDX-License-Identifier: MIT
// Threads that sleep in the mock qaic driver: what ends their sleep, and what a removal leaves.
#include "mock/qaic/fixture.hpp"

#include <cerrno>
#include <thread>

namespace accel::core::mock {
namespace {

class QaicWait : public QaicDevices {};

/* A client with a thread that waits for a buffer of the paused device. */
class WaitingClient : public QaicClient {
public:
	explicit WaitingClient(QaicDevice &device)
	{
		device.pause();
		EXPECT_EQ(execute(channel, {buffer}), 0);
		thread_ = std::thread([this] { result_ = wait(channel, buffer, UINT32_MAX); });
		while (!device.sleepers())
			std::this_thread::yield();
	}
	/* Returns the result of the wait. */
	int result()
	{
		thread_.join();
		return result_;
	}

	const uint32_t channel = make_channel();
	const uint32_t buffer = make_sliced(channel);

private:
	int result_ = 0;
	std::thread thread_;
};

TEST_F(QaicWait, WaitEndsWithTheDevice)
{
	for (bool as_driver : {true, false}) {
		auto device = add({.removal_as_driver = as_driver});
		WaitingClient client(*device);
		void *at = client.map(client.buffer);

		kernel.remove(device);
		EXPECT_EQ(client.result(), as_driver ? -EPERM : -ENODEV);
		EXPECT_EQ(client.wait(client.channel, client.buffer, 1), -ENODEV);
		EXPECT_EQ(client.execute(client.channel, {client.buffer}), -ENODEV);
		EXPECT_EQ(client.free(client.buffer), 0);
		strcpy(static_cast<char *>(at), "safe");
		EXPECT_STREQ(static_cast<char *>(at), "safe");
		EXPECT_EQ(sys::munmap(at, kPage), 0);
	}
}

TEST_F(QaicWait, FirmwareCallEndsWithTheDevice)
{
	for (bool as_driver : {true, false}) {
		auto device = add({.removal_as_driver = as_driver});
		QaicClient client;
		int result = 0;

		device->silence(true);
		std::thread thread([&] {
			uint32_t channel;
			result = client.activate(8, &channel);
		});
		while (!device->sleepers())
			std::this_thread::yield();
		kernel.remove(device);
		thread.join();
		EXPECT_EQ(result, as_driver ? -EIO : -ENODEV);
	}
}

TEST_F(QaicWait, RemovalLeavesObjectsAndTheirMappings)
{
	auto device = add();
	QaicClient client;
	const uint32_t buffer = client.make_buffer();
	accel_qaic_mmap_bo place{buffer, 0, 0};
	accel_drm_prime_export out{buffer, ACCEL_DRM_EXPORT_FLAGS_CLOSE_ON_EXEC, -1};
	void *at = nullptr;

	ASSERT_EQ(client.call(ACCEL_QAIC_IOCTL_MMAP_BO, place), 0);
	kernel.remove(device);
	EXPECT_EQ(client.call(ACCEL_QAIC_IOCTL_MMAP_BO, place), -ENODEV);
	ASSERT_EQ(client.call(ACCEL_DRM_IOCTL_PRIME_EXPORT, out), 0);
	accel_drm_prime_import in{0, 0, out.fd};
	EXPECT_EQ(client.call(ACCEL_DRM_IOCTL_PRIME_IMPORT, in), 0);
	EXPECT_EQ(in.handle, buffer);
	EXPECT_EQ(sys::close(out.fd), 0);
	ASSERT_EQ(sys::mmap(&at, nullptr, kPage, PROT_READ, MAP_SHARED, client.fd,
			    static_cast<off_t>(place.offset)),
		  0);
	EXPECT_EQ(client.free(buffer), 0);
	EXPECT_EQ(sys::munmap(at, kPage), 0);
}

TEST_F(QaicWait, WaitEndsWithACrash)
{
	auto device = add();
	WaitingClient client(*device);

	device->crash(client.channel);
	EXPECT_EQ(client.result(), -EPIPE);
	EXPECT_EQ(client.wait(client.channel, client.buffer, 1), -EPERM) << "no thread slept";
}

TEST_F(QaicWait, WaitEndsWithASignal)
{
	auto device = add();
	WaitingClient client(*device);

	kernel.interrupt();
	EXPECT_EQ(client.result(), -EINTR);
	kernel.account().fail_ioctl(ACCEL_QAIC_IOCTL_WAIT_BO, 1, EINTR);
	EXPECT_EQ(client.wait(client.channel, client.buffer, 1), -EINTR);
	device->resume();
	EXPECT_EQ(client.wait(client.channel, client.buffer, 100), 0);
}

TEST_F(QaicWait, DeactivationWaitsForWaiters)
{
	auto device = add();
	WaitingClient client(*device);

	std::thread end([&] { EXPECT_EQ(client.deactivate(client.channel), 0); });
	while (device->sleepers() < 2)
		std::this_thread::yield();
	EXPECT_EQ(client.execute(client.channel, {client.buffer}), -EPERM) << "no new entries";
	device->resume();
	EXPECT_EQ(client.result(), -EPERM);
	end.join();
}

} // namespace
} // namespace accel::core::mock
