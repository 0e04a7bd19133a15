// SPDX-License-Identifier: MIT
// Messages of the mock qaic driver, and a faulty device. channel_test.cpp has the channels.
#include "mock/qaic/fixture.hpp"

#include <cerrno>

namespace accel::core::mock {
namespace {

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
	EXPECT_EQ(count, 0u) << "the firmware does not answer it";
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
	EXPECT_EQ(send(16, 1, ask.header.type, 8), -EINVAL) << "more bytes than the transactions";
	EXPECT_EQ(send(8, 2, ask.header.type, 8), -EINVAL) << "fewer transactions than the count";
	EXPECT_EQ(send(8, 1, ask.header.type, 16), -EINVAL) << "ends after the message";
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

TEST_F(Qaic, DeviceThatIsNotReady)
{
	start();
	const uint32_t channel = client->make_channel();
	const uint32_t buffer = client->make_sliced(channel);
	uint32_t handle;

	device->set_online(false);
	EXPECT_EQ(sys::open("/dev/accel/accel0", O_RDWR), -ENODEV);
	EXPECT_EQ(sys::access("/dev/accel/accel0", R_OK), 0) << "the node exists";
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
	EXPECT_EQ(channel, 0u) << "the first activation got no channel";
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
