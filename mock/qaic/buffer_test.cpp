// SPDX-License-Identifier: MIT
// Buffers of the mock qaic driver: slices, data on the device, mappings, other files.
#include "mock/qaic/fixture.hpp"

#include <cerrno>
#include <sys/stat.h>

namespace accel::core::mock {
namespace {

TEST_F(Qaic, DataGoesThereAndBack)
{
	start({.buffer_ns = 0, .transform = [](uint64_t, std::span<std::byte> bytes) {
		       for (std::byte &byte : bytes)
			       byte = static_cast<std::byte>(3 * static_cast<int>(byte) + 1);
	       }});
	const uint32_t channel = client->make_channel();
	const size_t size = 40 * kPage;
	const uint32_t in = client->make_sliced(channel, 0x7fff0800, kToDevice, size);
	const uint32_t out = client->make_sliced(channel, 0x7fff0800, kFromDevice, size);
	auto *from = static_cast<uint8_t *>(client->map(in, size));
	auto *to = static_cast<uint8_t *>(client->map(out, size));

	for (size_t i = 0; i < size; i++)
		from[i] = static_cast<uint8_t>(i * 7);
	ASSERT_EQ(client->execute(channel, {in, out}), 0);
	EXPECT_EQ(client->wait(channel, out, 100), 0);
	for (size_t i = 0; i < size; i++)
		ASSERT_EQ(to[i], static_cast<uint8_t>(3 * static_cast<uint8_t>(i * 7) + 1)) << i;
	EXPECT_EQ(device->device_bytes(0x7fff0801, 1)[0], std::byte{7});
	sys::munmap(from, size);
	sys::munmap(to, size);
}

TEST_F(Qaic, SlicesDoorbellsAndParts)
{
	start({.buffer_ns = 0});
	const uint32_t channel = client->make_channel();
	const uint32_t buffer = client->make_buffer();
	accel_qaic_slice slices[3] = {};
	auto *at = static_cast<char *>(client->map(buffer));

	slices[0].size = 8;
	slices[0].dev_addr = 0x1000;
	slices[1].offset = 8;
	slices[1].size = 8;
	slices[1].dev_addr = 0x2000;
	slices[2].db_addr = 0x3000; // moves no data, but rings the doorbell
	slices[2].db_len = 16;
	slices[2].db_data = 0xabcd1234;
	EXPECT_EQ(client->attach(buffer, channel, kToDevice, slices), 0);
	memcpy(at, "0123456789abcdef", 16);

	EXPECT_EQ(client->execute_part(channel, buffer, 11), 0);
	EXPECT_EQ(client->wait(channel, buffer, 100), 0);
	EXPECT_EQ(memcmp(device->device_bytes(0x1000, 9).data(), "01234567\0", 9), 0);
	EXPECT_EQ(memcmp(device->device_bytes(0x2000, 4).data(), "89a\0", 4), 0);
	EXPECT_EQ(memcmp(device->device_bytes(0x3000, 4).data(), "\x34\x12\0\0", 4), 0);
	EXPECT_EQ(client->execute_part(channel, buffer, kPage + 1), -EINVAL);
	EXPECT_EQ(client->execute_part(channel, buffer, 0), 0);
	EXPECT_EQ(client->wait(channel, buffer, 100), 0);
	EXPECT_EQ(client->execute(channel, {buffer}), 0);
	EXPECT_EQ(client->wait(channel, buffer, 100), 0);
	EXPECT_EQ(memcmp(device->device_bytes(0x2000, 8).data(), "89abcdef", 8), 0);
	sys::munmap(at, kPage);
}

TEST_F(Qaic, SlicesThatDoNotFitAreRefused)
{
	start();
	const uint32_t channel = client->make_channel(4);
	const uint32_t buffer = client->make_buffer();
	auto attach = [&](auto change) {
		accel_qaic_slice slice = {};
		slice.size = kPage;
		change(slice);
		return client->attach(buffer, channel, kToDevice, {&slice, 1});
	};
	using Slice = accel_qaic_slice;

	EXPECT_EQ(attach([](Slice &s) { s.size = kPage + 1; }), -EINVAL);
	EXPECT_EQ(attach([](Slice &s) { s.offset = 1; }), -EINVAL);
	EXPECT_EQ(attach([](Slice &s) { s.offset = UINT64_MAX; }), -EINVAL);
	EXPECT_EQ(attach([](Slice &s) { s.size = 0, s.offset = 1; }), -EINVAL)
		<< "a slice without data gets the addresses of a page";
	EXPECT_EQ(attach([](Slice &s) { s.sem0.presync = s.sem3.presync = 1; }), -EINVAL);
	EXPECT_EQ(attach([](Slice &s) { s.db_len = 32, s.db_addr = 2; }), -EINVAL);
	std::vector<Slice> many(5);
	EXPECT_EQ(client->attach(buffer, channel, kToDevice, many), -ENOSPC);
	EXPECT_EQ(client->execute(channel, {buffer}), -EINVAL) << "no slice is attached";
	EXPECT_EQ(attach([](Slice &) {}), 0);
	EXPECT_EQ(attach([](Slice &) {}), -EINVAL) << "the buffer has slices already";
	EXPECT_EQ(client->detach(buffer), 0);
	EXPECT_EQ(client->detach(buffer), -EINVAL);
	EXPECT_EQ(attach([](Slice &) {}), 0);
}

TEST_F(Qaic, QueuedBufferIsBusyAndOutlivesItsHandle)
{
	start({.buffer_ns = 1'000'000});
	const uint32_t channel = client->make_channel();
	const uint32_t buffer = client->make_sliced(channel, 0x5000);
	auto *at = static_cast<char *>(client->map(buffer));

	strcpy(at, "late");
	device->pause();
	EXPECT_EQ(client->execute(channel, {buffer}), 0);
	EXPECT_EQ(client->detach(buffer), -EBUSY);
	EXPECT_EQ(client->free(buffer), 0);
	EXPECT_EQ(client->free(buffer), -EINVAL);
	EXPECT_EQ(client->wait(channel, buffer, 1), -ENOENT);
	const uint32_t next = client->make_sliced(channel);
	EXPECT_EQ(next, buffer) << "the number was reused";
	device->resume();
	EXPECT_EQ(client->execute(channel, {next}), 0);
	EXPECT_EQ(client->wait(channel, next, 100), 0) << "it was queued later";
	EXPECT_EQ(memcmp(device->device_bytes(0x5000, 5).data(), "late", 5), 0);
	EXPECT_STREQ(at, "late");
	sys::munmap(at, kPage);
}

TEST_F(Qaic, BuffersAreMappedWholeAndByTheirOwner)
{
	start();
	QaicClient stranger;
	const uint32_t buffer = client->make_buffer(2 * kPage - 5);
	accel_qaic_mmap_bo argument{buffer, 0xffffffff, 0};
	void *at = nullptr;
	uint32_t handle;

	ASSERT_EQ(client->call(ACCEL_QAIC_IOCTL_MMAP_BO, argument), 0);
	const auto offset = static_cast<off_t>(argument.offset);
	auto map = [&](int fd, size_t length, off_t where) {
		return sys::mmap(&at, nullptr, length, PROT_READ, MAP_SHARED, fd, where);
	};
	EXPECT_EQ(map(client->fd, 3 * kPage, offset), -EINVAL);
	EXPECT_EQ(map(client->fd, kPage, offset + 4096), -EINVAL) << "not from the middle";
	EXPECT_EQ(map(stranger.fd, kPage, offset), -EACCES);
	ASSERT_EQ(map(client->fd, 2 * kPage, offset), 0);
	EXPECT_EQ(static_cast<char *>(at)[2 * kPage - 1], 0);
	sys::munmap(at, 2 * kPage);
	EXPECT_EQ(client->create(UINT64_MAX - kPage, &handle), -ENOMEM);
	EXPECT_EQ(client->create(1ull << 40, &handle), -ENOMEM);
	client->free(buffer);
	EXPECT_EQ(map(client->fd, kPage, offset), -EINVAL);
}

TEST_F(Qaic, BufferIsPassedToAnotherFile)
{
	start();
	auto second = std::make_shared<QaicDevice>(QaicOptions{.number = 1});
	kernel.add(second);
	QaicClient other, far("/dev/accel/accel1");
	const uint32_t buffer = client->make_buffer();
	accel_drm_prime_export out{buffer, ACCEL_DRM_EXPORT_FLAGS_CLOSE_ON_EXEC, -1};
	struct stat status;

	ASSERT_EQ(client->call(ACCEL_DRM_IOCTL_PRIME_EXPORT, out), 0);
	auto import = [&](QaicClient &to, int fd, uint32_t *handle) {
		accel_drm_prime_import in{0, 0, fd};
		const int r = to.call(ACCEL_DRM_IOCTL_PRIME_IMPORT, in);

		*handle = in.handle;
		return r;
	};
	uint32_t mine, its, again, elsewhere, none;
	EXPECT_EQ(import(*client, out.fd, &mine), 0);
	EXPECT_EQ(mine, buffer);
	EXPECT_EQ(import(other, out.fd, &its), 0);
	EXPECT_EQ(import(other, out.fd, &again), 0);
	EXPECT_EQ(its, again);
	EXPECT_EQ(import(far, out.fd, &elsewhere), 0);
	EXPECT_EQ(import(far, -1, &none), -EBADF);
	int null = sys::open("/dev/null", O_RDONLY);
	EXPECT_EQ(import(far, null, &none), -EINVAL);
	sys::close(null);
	EXPECT_EQ(sys::fstat(out.fd, &status), 0);
	EXPECT_EQ(status.st_size, static_cast<off_t>(kPage));
	EXPECT_EQ(sys::close(out.fd), 0);

	for (auto [file, handle] : {std::pair(&other, its), std::pair(&far, elsewhere)}) {
		accel_qaic_mmap_bo argument{handle, 0, 0};
		void *nowhere = nullptr;

		EXPECT_EQ(file->call(ACCEL_QAIC_IOCTL_MMAP_BO, argument), 0);
		EXPECT_EQ(sys::mmap(&nowhere, nullptr, kPage, PROT_READ, MAP_SHARED, file->fd,
				    static_cast<off_t>(argument.offset)),
			  -EINVAL)
			<< "an imported one cannot be mapped";
	}
}

/* qaic_gem_prime_import() creates a new object even for a buffer that the same device has exported. */
TEST_F(Qaic, ImportedBufferHasSlicesOfItsOwn)
{
	start();
	QaicClient other;
	const uint32_t buffer = client->make_sliced(client->make_channel());
	const uint32_t channel = other.make_channel();
	accel_drm_prime_export out{buffer, ACCEL_DRM_EXPORT_FLAGS_CLOSE_ON_EXEC, -1};
	accel_qaic_slice slice = {};
	auto *at = static_cast<char *>(client->map(buffer));

	strcpy(at, "shared");
	ASSERT_EQ(client->call(ACCEL_DRM_IOCTL_PRIME_EXPORT, out), 0);
	accel_drm_prime_import in{0, 0, out.fd};
	ASSERT_EQ(other.call(ACCEL_DRM_IOCTL_PRIME_IMPORT, in), 0);
	EXPECT_EQ(sys::close(out.fd), 0);
	slice.size = kPage;
	slice.dev_addr = 0x7000;
	EXPECT_EQ(other.attach(in.handle, channel, kToDevice, {&slice, 1}), 0);
	EXPECT_EQ(other.execute(channel, {in.handle}), 0);
	EXPECT_EQ(other.wait(channel, in.handle, 100), 0);
	EXPECT_EQ(memcmp(device->device_bytes(0x7000, 7).data(), "shared", 7), 0);
	EXPECT_EQ(client->detach(buffer), 0) << "its slices are separate";
	sys::munmap(at, kPage);
}

TEST_F(Qaic, CloseFreesEverything)
{
	start();
	QaicClient other;
	const uint32_t channel = client->make_channel();
	const uint32_t buffer = client->make_sliced(channel);

	device->pause();
	EXPECT_EQ(client->execute(channel, {buffer}), 0);
	EXPECT_EQ(kernel.leaks().handles, 2u);
	EXPECT_EQ(client->close(), 0);
	EXPECT_EQ(device->queued(), 0u);
	EXPECT_EQ(device->channels_in_use(), 0u);
	EXPECT_EQ(other.make_channel(), channel);
	device->resume();
}

} // namespace
} // namespace accel::core::mock
