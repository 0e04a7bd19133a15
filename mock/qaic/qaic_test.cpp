// SPDX-License-Identifier: MIT
// The mock qaic driver by raw ioctls: messages, buffers, slices, execution, waiting, and its end.
#include "mock/kernel.hpp"
#include "mock/qaic/client.hpp"
#include "mock/qaic/device.hpp"

#include <cerrno>
#include <sys/stat.h>

namespace accel::core::mock {
namespace {

constexpr uint32_t kToDevice = ACCEL_QAIC_DATA_DIRECTION_TO_DEVICE;
constexpr uint32_t kFromDevice = ACCEL_QAIC_DATA_DIRECTION_FROM_DEVICE;

class Qaic : public testing::Test {
protected:
	void start(QaicOptions options = {})
	{
		device = std::make_shared<QaicDevice>(std::move(options));
		kernel.add(device);
		client = std::make_unique<QaicClient>();
		ASSERT_GE(client->fd, 0);
	}
	~Qaic() override
	{
		client.reset();
		EXPECT_TRUE(kernel.leaks().none()) << kernel.leaks().text;
		EXPECT_EQ(device->channels_in_use(), 0u);
		EXPECT_EQ(device->queued(), 0u);
	}

	MockKernel kernel;
	std::shared_ptr<QaicDevice> device;
	std::unique_ptr<QaicClient> client;
};

TEST_F(Qaic, StatusIsFiveDotZero)
{
	start();
	accel_qaic_status ask = {{ACCEL_QAIC_TRANSACTION_TYPE_STATUS_FROM_USER, sizeof(ask)}};
	accel_qaic_status_answer answer;
	std::vector<std::byte> message = QaicClient::bytes_of(ask);
	uint32_t count = 1;

	ASSERT_EQ(client->manage(message, count), 0);
	EXPECT_EQ(count, 1u);
	ASSERT_EQ(message.size(), sizeof(answer));
	memcpy(&answer, message.data(), sizeof(answer));
	EXPECT_EQ(answer.header.type, ACCEL_QAIC_TRANSACTION_TYPE_STATUS_FROM_DEVICE);
	EXPECT_EQ(answer.header.len, sizeof(answer));
	EXPECT_EQ(answer.major, 5);
	EXPECT_EQ(answer.minor, 0);
	EXPECT_EQ(answer.status, 0u);
}

TEST_F(Qaic, PassthroughComesBack)
{
	start();
	std::vector<std::byte> message(24, std::byte{0x5c});
	accel_qaic_passthrough head = {{ACCEL_QAIC_TRANSACTION_TYPE_PASSTHROUGH_FROM_USER, 24}};
	uint32_t count = 1;

	memcpy(message.data(), &head, sizeof(head));
	ASSERT_EQ(client->manage(message, count), 0);
	ASSERT_EQ(message.size(), 24u);
	memcpy(&head, message.data(), sizeof(head));
	EXPECT_EQ(head.header.type, ACCEL_QAIC_TRANSACTION_TYPE_PASSTHROUGH_FROM_DEVICE);
	EXPECT_EQ(head.header.len, 24u);
	EXPECT_EQ(message[8], std::byte{0x5c});
	EXPECT_EQ(message[23], std::byte{0x5c});
}

TEST_F(Qaic, MemoryIsReadByTheFirmware)
{
	start();
	std::string text(100000, 'm');
	accel_qaic_dma_transfer transfer = {
		{ACCEL_QAIC_TRANSACTION_TYPE_DMA_TRANSFER_FROM_USER, sizeof(transfer)},
		7,
		0,
		reinterpret_cast<uint64_t>(text.data()),
		text.size()};
	std::vector<std::byte> message = QaicClient::bytes_of(transfer);
	uint32_t count = 1;

	EXPECT_EQ(client->manage(message, count), 0);
	EXPECT_EQ(count, 0u) << "the firmware answers nothing of it";
	EXPECT_EQ(device->last_transfer().size(), text.size());
	EXPECT_EQ(device->last_transfer().back(), std::byte{'m'});
}

TEST_F(Qaic, MessagesThatAreNoListsAreRefused)
{
	start();
	const accel_qaic_status ask = {{ACCEL_QAIC_TRANSACTION_TYPE_STATUS_FROM_USER, 8}};
	auto send = [&](size_t bytes, uint32_t count, uint32_t type, uint32_t len) {
		std::vector<std::byte> message(bytes);
		accel_qaic_status one = {{type, len}};

		memcpy(message.data(), &one, std::min(sizeof(one), bytes));
		return client->manage(message, count);
	};

	EXPECT_EQ(send(8, 1, ask.header.type, 8), 0);
	EXPECT_EQ(send(16, 1, ask.header.type, 8), -EINVAL) << "bytes that no transaction has";
	EXPECT_EQ(send(8, 2, ask.header.type, 8), -EINVAL) << "fewer than the count";
	EXPECT_EQ(send(8, 1, ask.header.type, 16), -EINVAL) << "ends behind the message";
	EXPECT_EQ(send(8, 1, ACCEL_QAIC_TRANSACTION_TYPE_ACTIVATE_FROM_DEVICE, 8), -EINVAL);
	EXPECT_EQ(send(9, 1, ACCEL_QAIC_TRANSACTION_TYPE_PASSTHROUGH_FROM_USER, 9), -EINVAL);
}

TEST_F(Qaic, AnswerThatIsTooLong)
{
	start();
	const accel_qaic_status ask = {{ACCEL_QAIC_TRANSACTION_TYPE_STATUS_FROM_USER, 8}};
	std::vector<std::byte> message;
	uint32_t count = 512;

	for (uint32_t i = 0; i < count; i++) {
		auto one = QaicClient::bytes_of(ask);
		message.insert(message.end(), one.begin(), one.end());
	}
	EXPECT_EQ(client->manage(message, count), -ENOSPC);
	count = 170;
	message.resize(8 * count);
	EXPECT_EQ(client->manage(message, count), 0);
	EXPECT_EQ(message.size(), 170 * sizeof(accel_qaic_status_answer));
}

TEST_F(Qaic, ChannelsAreGivenOutUntilThereAreNone)
{
	start();
	uint32_t channel;

	for (uint32_t i = 0; i < ACCEL_QAIC_DBC_COUNT; i++)
		EXPECT_EQ(client->make_channel(), i);
	EXPECT_EQ(client->activate(8, &channel), -ECANCELED);
	EXPECT_EQ(device->channels_in_use(), 16u);
	EXPECT_EQ(client->deactivate(3), 0);
	EXPECT_EQ(client->deactivate(3), -EPERM);
	EXPECT_EQ(client->make_channel(), 3u);
	EXPECT_EQ(kernel.leaks().handles, 16u);
}

TEST_F(Qaic, StatusOfARefusedActivationIsInTheAnswer)
{
	start();
	for (uint32_t i = 0; i < ACCEL_QAIC_DBC_COUNT; i++)
		client->make_channel();
	accel_qaic_activate activate = {
		{ACCEL_QAIC_TRANSACTION_TYPE_ACTIVATE_FROM_USER, sizeof(activate)}, 8, 0, 0, 0};
	std::vector<std::byte> message = QaicClient::bytes_of(activate);
	uint32_t count = 1;

	EXPECT_EQ(client->manage(message, count), -ECANCELED);
	accel_qaic_activate_answer answer;
	ASSERT_EQ(message.size(), sizeof(answer));
	memcpy(&answer, message.data(), sizeof(answer));
	EXPECT_EQ(answer.header.type, ACCEL_QAIC_TRANSACTION_TYPE_ACTIVATE_FROM_DEVICE);
	EXPECT_NE(answer.status, 0u);
	EXPECT_EQ(kernel.leaks().handles, 16u) << "no seventeenth";
}

TEST_F(Qaic, ChannelThatTheFirmwareWasNotAskedToEndStaysTaken)
{
	start();
	const uint32_t channel = client->make_channel();
	const uint32_t buffer = client->make_sliced(channel);

	EXPECT_EQ(client->deactivate(channel, false), 0);
	EXPECT_EQ(client->execute(channel, {buffer}), -EPERM);
	EXPECT_EQ(client->detach(buffer), -EINVAL);
	EXPECT_EQ(client->make_channel(), channel + 1);
	EXPECT_EQ(device->channels_in_use(), 2u);
}

TEST_F(Qaic, DeactivationCountsAnAnswerThatTheDriverKeeps)
{
	start();
	const uint32_t channel = client->make_channel();
	accel_qaic_deactivate end = {
		{ACCEL_QAIC_TRANSACTION_TYPE_DEACTIVATE_FROM_USER, sizeof(end)}, channel, 0};
	accel_qaic_passthrough ask = {{ACCEL_QAIC_TRANSACTION_TYPE_PASSTHROUGH_FROM_USER, 8}};
	std::vector<std::byte> message = QaicClient::bytes_of(end);
	auto more = QaicClient::bytes_of(ask);
	uint32_t count = 2;

	message.insert(message.end(), more.begin(), more.end());
	EXPECT_EQ(client->manage(message, count), 0);
	EXPECT_EQ(count, 2u);
	EXPECT_EQ(message.size(), 8u) << "only that of the passthrough is in the memory";
	EXPECT_EQ(device->channels_in_use(), 0u);
}

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
	slices[2].db_addr = 0x3000; // moves nothing, and rings
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
	EXPECT_EQ(attach([](Slice &s) { s.sem0.presync = s.sem3.presync = 1; }), -EINVAL);
	EXPECT_EQ(attach([](Slice &s) { s.db_len = 32, s.db_addr = 2; }), -EINVAL);
	std::vector<Slice> many(5);
	EXPECT_EQ(client->attach(buffer, channel, kToDevice, many), -ENOSPC);
	EXPECT_EQ(client->execute(channel, {buffer}), -EINVAL) << "none is attached";
	EXPECT_EQ(attach([](Slice &) {}), 0);
	EXPECT_EQ(attach([](Slice &) {}), -EINVAL) << "it has slices";
	EXPECT_EQ(client->detach(buffer), 0);
	EXPECT_EQ(client->detach(buffer), -EINVAL);
	EXPECT_EQ(attach([](Slice &) {}), 0);
}

TEST_F(Qaic, AllAreQueuedOrNone)
{
	start();
	const uint32_t channel = client->make_channel();
	const uint32_t other = client->make_channel();
	const uint32_t plain = client->make_buffer();
	std::vector<uint32_t> good;

	for (int i = 0; i < 3; i++)
		good.push_back(client->make_sliced(channel));
	device->pause();
	EXPECT_EQ(client->execute(channel, {good[0], good[1], 0xdead}), -ENOENT);
	EXPECT_EQ(client->execute(channel, {good[0], good[1], plain}), -EINVAL);
	EXPECT_EQ(client->execute(channel, {good[0], good[1], good[0]}), -EINVAL);
	EXPECT_EQ(device->queued(), 0u);
	EXPECT_EQ(client->execute(channel, {good[0], good[1]}), 0);
	EXPECT_EQ(client->execute(channel, {good[2], good[1]}), -EINVAL) << "queued already";
	EXPECT_EQ(client->execute(other, {good[0]}), -EINVAL);
	EXPECT_EQ(device->queued(), 2u);
	device->resume();
	for (int i = 0; i < 2; i++)
		EXPECT_EQ(client->wait(channel, good[i], 100), 0);
	EXPECT_EQ(client->execute(channel, good), 0);
	EXPECT_EQ(client->wait(channel, good[2], 100), 0);
}

/* What the driver does, although nobody would expect it: reinit_completion() is not undone. */
TEST_F(Qaic, BufferOfARefusedListIsNotDoneBeforeItIsExecuted)
{
	start();
	const uint32_t channel = client->make_channel();
	const uint32_t buffer = client->make_sliced(channel);

	EXPECT_EQ(client->wait(channel, buffer, 1), 0) << "never queued";
	EXPECT_EQ(client->execute(channel, {buffer, 0xdead}), -ENOENT)
		<< "found before it is queued";
	EXPECT_EQ(client->execute(channel, {buffer, client->make_buffer()}), -EINVAL);
	EXPECT_EQ(client->wait(channel, buffer, 1), -ETIMEDOUT);
	EXPECT_EQ(client->execute(channel, {buffer}), 0);
	EXPECT_EQ(client->wait(channel, buffer, 100), 0);
}

TEST_F(Qaic, FullQueueIsTryAgain)
{
	start();
	const uint32_t channel = client->make_channel(5);
	std::vector<uint32_t> buffers;

	for (int i = 0; i < 5; i++)
		buffers.push_back(client->make_sliced(channel));
	device->pause();
	EXPECT_EQ(client->execute(channel, buffers), -EAGAIN) << "one entry stays empty";
	EXPECT_EQ(device->queued(), 0u);
	const uint32_t last = buffers.back();
	buffers.pop_back();
	EXPECT_EQ(client->execute(channel, buffers), 0);
	EXPECT_EQ(client->execute(channel, {last}), -EAGAIN);
	device->resume();
	EXPECT_EQ(client->wait(channel, buffers[0], 100), 0);
	EXPECT_EQ(client->execute(channel, {last}), 0);
	EXPECT_EQ(client->wait(channel, last, 100), 0);
}

TEST_F(Qaic, DepthOfTheQueueCanBeLess)
{
	start({.fifo_entries = 2});
	const uint32_t channel = client->make_channel(64);
	const uint32_t one = client->make_sliced(channel), two = client->make_sliced(channel);

	device->pause();
	EXPECT_EQ(client->execute(channel, {one, two}), -EAGAIN);
	EXPECT_EQ(client->execute(channel, {one}), 0);
	device->resume();
	EXPECT_EQ(client->wait(channel, one, 100), 0);
}

TEST_F(Qaic, OneCallQueuesThirtyTwo)
{
	start();
	const uint32_t channel = client->make_channel();
	std::vector<uint32_t> buffers;

	for (int i = 0; i < 32; i++)
		buffers.push_back(client->make_sliced(channel));
	kernel.account().reset_counts();
	EXPECT_EQ(client->execute(channel, buffers), 0);
	EXPECT_EQ(kernel.account().count_ioctl(ACCEL_QAIC_IOCTL_EXECUTE_BO), 1u);
	EXPECT_EQ(kernel.account().count(Call::ioctl), 1u);
	for (uint32_t buffer : buffers)
		EXPECT_EQ(client->wait(channel, buffer, 100), 0);
}

TEST_F(Qaic, WaitEndsByTimeInTicks)
{
	start({.jiffy_ns = 20'000'000, .default_timeout_ms = 45});
	const uint32_t channel = client->make_channel();
	const uint32_t buffer = client->make_sliced(channel);
	auto timed = [&](uint32_t ms) {
		const uint64_t start_ns = sys::now_ns();
		EXPECT_EQ(client->wait(channel, buffer, ms), -ETIMEDOUT);
		return (sys::now_ns() - start_ns) / 1000000;
	};

	device->pause();
	EXPECT_EQ(client->execute(channel, {buffer}), 0);
	EXPECT_GE(timed(1), 19u) << "one tick";
	EXPECT_GE(timed(21), 39u) << "two";
	EXPECT_GE(timed(0), 59u) << "the default, rounded up";
	device->resume();
	EXPECT_EQ(client->wait(channel, buffer, 0), 0);
	EXPECT_EQ(client->wait(channel, buffer, 1), 0);
}

TEST_F(Qaic, WaitEndsWithTheTransfer)
{
	start({.buffer_ns = 5'000'000});
	const uint32_t channel = client->make_channel();
	const uint32_t buffer = client->make_sliced(channel);
	const uint64_t start_ns = sys::now_ns();

	EXPECT_EQ(client->execute(channel, {buffer}), 0);
	EXPECT_EQ(client->wait(channel, buffer, 1000), 0);
	EXPECT_GE(sys::now_ns() - start_ns, 5'000'000u);
	EXPECT_LT(sys::now_ns() - start_ns, 900'000'000u);
}

TEST_F(Qaic, TimesOfTheLastExecution)
{
	start({.buffer_ns = 2'000'000});
	const uint32_t channel = client->make_channel();
	const uint32_t other = client->make_channel();
	const uint32_t one = client->make_sliced(channel), two = client->make_sliced(channel);
	accel_qaic_perf_stats_entry entry;

	EXPECT_EQ(client->stats(channel, one, &entry), 0);
	EXPECT_EQ(entry.device_latency_us, 0u) << "never executed";
	EXPECT_EQ(entry.num_queue_element, 1u);
	EXPECT_EQ(client->stats(other, one, &entry), -EINVAL);
	EXPECT_EQ(client->stats(channel, client->make_buffer(), &entry), -EINVAL);
	EXPECT_EQ(entry.device_latency_us, 0u);

	device->pause();
	EXPECT_EQ(client->execute(channel, {one, two}), 0);
	EXPECT_EQ(client->stats(channel, two, &entry), 0);
	EXPECT_EQ(entry.device_latency_us, 0u) << "queued";
	EXPECT_EQ(entry.queue_level_before, 1u);
	device->resume();
	EXPECT_EQ(client->wait(channel, two, 1000), 0);
	EXPECT_EQ(client->stats(channel, two, &entry), 0);
	EXPECT_GE(entry.device_latency_us, 4000u);
	EXPECT_EQ(client->stats(channel, one, &entry), 0);
	EXPECT_EQ(entry.queue_level_before, 0u);
	/* Another execution: the old end is before the new beginning. */
	device->pause();
	EXPECT_EQ(client->execute(channel, {one}), 0);
	EXPECT_EQ(client->stats(channel, one, &entry), 0);
	EXPECT_EQ(entry.device_latency_us, 0u);
	device->resume();
}

TEST_F(Qaic, TimesAreAllWrittenOrNone)
{
	start({.buffer_ns = 0});
	const uint32_t channel = client->make_channel();
	accel_qaic_perf_stats_entry entries[2] = {};
	accel_qaic_perf_stats argument{{2, 0, channel}, reinterpret_cast<uint64_t>(entries)};

	entries[0].handle = client->make_sliced(channel);
	entries[0].num_queue_element = 99;
	entries[1].handle = client->make_buffer();
	EXPECT_EQ(client->call(ACCEL_QAIC_IOCTL_PERF_STATS_BO, argument), -EINVAL);
	EXPECT_EQ(entries[0].num_queue_element, 99u);
	argument.header.count = 0;
	argument.data = 0;
	EXPECT_EQ(client->call(ACCEL_QAIC_IOCTL_PERF_STATS_BO, argument), 0);
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
	EXPECT_EQ(next, buffer) << "the number is free again";
	device->resume();
	EXPECT_EQ(client->execute(channel, {next}), 0);
	EXPECT_EQ(client->wait(channel, next, 100), 0) << "it came later";
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

	auto *at = static_cast<char *>(client->map(buffer));
	auto *same = static_cast<char *>(other.map(its));
	strcpy(at, "shared");
	EXPECT_STREQ(same, "shared");
	sys::munmap(at, kPage);
	sys::munmap(same, kPage);
	accel_qaic_mmap_bo argument{elsewhere, 0, 0};
	void *nowhere = nullptr;
	EXPECT_EQ(far.call(ACCEL_QAIC_IOCTL_MMAP_BO, argument), 0);
	EXPECT_EQ(sys::mmap(&nowhere, nullptr, kPage, PROT_READ, MAP_SHARED, far.fd,
			    static_cast<off_t>(argument.offset)),
		  -EINVAL)
		<< "an imported one cannot be mapped";
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

TEST_F(Qaic, ChannelBelongsToOneFile)
{
	start();
	QaicClient other;
	const uint32_t channel = client->make_channel();
	const uint32_t mine = client->make_sliced(channel);
	const uint32_t its = other.make_buffer();
	accel_qaic_slice slice = {};

	EXPECT_EQ(other.execute(channel, {its}), -EPERM);
	EXPECT_EQ(other.wait(channel, its, 1), -EPERM);
	EXPECT_EQ(other.attach(its, channel, kToDevice, {&slice, 1}), -EINVAL);
	EXPECT_EQ(other.deactivate(channel), -EPERM);
	EXPECT_EQ(client->execute(channel, {mine}), 0);
	EXPECT_EQ(client->wait(channel, mine, 100), 0);
}

TEST_F(Qaic, StateOfChannelsIsInSysfs)
{
	start();
	const uint32_t channel = client->make_channel();
	const std::string path = device->info().syspath + "/dbc";
	auto state = [&](uint32_t of) {
		char text[8] = {};
		int fd = sys::open((path + std::to_string(of) + "_state").c_str(), O_RDONLY);

		EXPECT_GT(sys::read(fd, text, sizeof(text)), 0);
		sys::close(fd);
		return std::string(text);
	};

	EXPECT_EQ(state(channel), "1\n");
	EXPECT_EQ(state(channel + 1), "0\n");
	device->crash(channel);
	EXPECT_EQ(state(channel), "2\n");
	device->recover();
	EXPECT_EQ(state(channel), "0\n");
}

TEST_F(Qaic, CrashedPartIsABrokenPipe)
{
	start();
	const uint32_t channel = client->make_channel();
	const uint32_t buffer = client->make_sliced(channel), plain = client->make_buffer();
	accel_qaic_slice slice = {};

	device->crash(channel);
	EXPECT_EQ(client->execute(channel, {buffer}), -EPIPE);
	EXPECT_EQ(client->wait(channel, buffer, 1), -EPIPE);
	EXPECT_EQ(client->attach(plain, channel, kToDevice, {&slice, 1}), -EPIPE);
	device->recover();
	EXPECT_EQ(client->execute(channel, {buffer}), -EPERM) << "it has to be activated again";
	const uint32_t again = client->make_channel();
	const uint32_t fresh = client->make_sliced(again);
	EXPECT_EQ(client->execute(again, {fresh}), 0);
	EXPECT_EQ(client->wait(again, fresh, 100), 0);
}

TEST_F(Qaic, DeviceThatIsNotReady)
{
	start();
	const uint32_t channel = client->make_channel();
	const uint32_t buffer = client->make_sliced(channel);
	uint32_t handle;

	device->set_online(false);
	EXPECT_EQ(sys::open("/dev/accel/accel0", O_RDWR), -ENODEV);
	EXPECT_EQ(sys::access("/dev/accel/accel0", R_OK), 0) << "the node is there";
	EXPECT_EQ(client->create(kPage, &handle), -ENODEV);
	EXPECT_EQ(client->execute(channel, {buffer}), -ENODEV);
	EXPECT_EQ(client->activate(8, &handle), -ENODEV);
	device->set_online(true);
	EXPECT_EQ(client->execute(channel, {buffer}), -EPERM) << "a reset ends channels";
}

TEST_F(Qaic, FirmwareThatDoesNotAnswer)
{
	start({.control_timeout_ms = 30});
	uint32_t channel;
	const uint64_t start_ns = sys::now_ns();

	device->silence(true);
	EXPECT_EQ(client->activate(8, &channel), -ETIMEDOUT);
	EXPECT_GE(sys::now_ns() - start_ns, 30'000'000u);
	device->silence(false);
	EXPECT_EQ(client->activate(8, &channel), 0);
	EXPECT_EQ(channel, 0u) << "the first one got none";
}

TEST_F(Qaic, LiesReachTheProgram)
{
	start();
	const uint32_t channel = client->make_channel();
	const uint32_t buffer = client->make_sliced(channel);
	const accel_qaic_status ask = {{ACCEL_QAIC_TRANSACTION_TYPE_STATUS_FROM_USER, 8}};
	auto status = [&](QaicLie lie, uint32_t *count) {
		std::vector<std::byte> message = QaicClient::bytes_of(ask);
		accel_qaic_status_answer answer = {};

		device->lie(lie);
		*count = 1;
		EXPECT_EQ(client->manage(message, *count), 0);
		memcpy(&answer, message.data(), std::min(sizeof(answer), message.size()));
		device->lie(QaicLie::none);
		return std::pair(answer, message.size());
	};
	uint32_t count, number;
	accel_qaic_perf_stats_entry entry;
	accel_qaic_mmap_bo map{buffer, 0, 0};

	status(QaicLie::answer_count, &count);
	EXPECT_EQ(count, UINT32_MAX);
	EXPECT_EQ(status(QaicLie::answer_length, &count).second, ACCEL_QAIC_MAX_MESSAGE + 0u);
	EXPECT_EQ(status(QaicLie::item_length, &count).first.header.len, 0u);
	EXPECT_EQ(status(QaicLie::item_type, &count).first.header.type, 0x7777u);
	EXPECT_EQ(status(QaicLie::status, &count).first.status, 0xbadu);
	device->lie(QaicLie::channel);
	EXPECT_EQ(client->activate(8, &number), 0);
	EXPECT_EQ(number, 0xfffffff0u);
	device->lie(QaicLie::handle);
	EXPECT_EQ(client->create(kPage, &number), 0);
	EXPECT_EQ(number, 0u);
	device->lie(QaicLie::map_offset);
	EXPECT_EQ(client->call(ACCEL_QAIC_IOCTL_MMAP_BO, map), 0);
	EXPECT_NE(map.offset % kPage, 0u);
	device->lie(QaicLie::latency);
	EXPECT_EQ(client->stats(channel, buffer, &entry), 0);
	EXPECT_EQ(entry.num_queue_element, UINT32_MAX);
	device->lie(QaicLie::wait_result);
	EXPECT_EQ(client->wait(channel, buffer, 1), 7);
}

} // namespace
} // namespace accel::core::mock
