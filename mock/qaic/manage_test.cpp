// SPDX-License-Identifier: MIT
// Messages of the mock qaic driver, its channels, and a faulty device.
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
	EXPECT_EQ(kernel.leaks().handles, 16u) << "no seventeenth channel";
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
	/* The channel has no owner any more, so closing the file does not release it. */
	EXPECT_EQ(client->close(), 0);
	EXPECT_EQ(device->channels_in_use(), 1u);
	device->set_online(false);
	device->set_online(true);
	EXPECT_EQ(device->channels_in_use(), 0u);
}

/* The second encode_activate() overwrites the memory of the first, so the second answer finds none. */
TEST_F(Qaic, SecondActivationOfAMessageIsRefusedAfterTheFirst)
{
	start();
	const accel_qaic_activate activate = {
		{ACCEL_QAIC_TRANSACTION_TYPE_ACTIVATE_FROM_USER, sizeof(activate)}, 8, 0, 0, 0};
	std::vector<std::byte> message = QaicClient::bytes_of(activate);
	auto more = message;
	uint32_t count = 2;

	message.insert(message.end(), more.begin(), more.end());
	EXPECT_EQ(client->manage(message, count), -EINVAL);
	EXPECT_EQ(device->channels_in_use(), 1u);
	EXPECT_EQ(client->deactivate(0), 0)
		<< "the channel belongs to the file, although no answer named it";
	EXPECT_EQ(device->channels_in_use(), 0u);
}

TEST_F(Qaic, QueuesOfAChannelThatAreTooLong)
{
	start();
	uint32_t channel;

	EXPECT_EQ(client->activate(ACCEL_QAIC_MAX_QUEUE_SIZE, &channel), -ENOMEM);
	EXPECT_EQ(client->activate(ACCEL_QAIC_MAX_QUEUE_SIZE + 1, &channel), -EINVAL)
		<< "the size in bytes overflows";
	EXPECT_EQ(client->activate(UINT32_MAX, &channel), -EINVAL);
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
	EXPECT_EQ(message.size(), 8u) << "only the answer of the passthrough is in the memory";
	EXPECT_EQ(device->channels_in_use(), 0u);
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
	EXPECT_EQ(client->make_channel(), channel);
	client->close();
	EXPECT_EQ(state(channel), "1\n") << "closing does not change it";
}

TEST_F(Qaic, CrashedPartEndsItsChannel)
{
	start();
	const uint32_t channel = client->make_channel();
	const uint32_t buffer = client->make_sliced(channel), plain = client->make_buffer();
	accel_qaic_slice slice = {};

	device->crash(channel);
	EXPECT_EQ(client->execute(channel, {buffer}), -EPERM);
	EXPECT_EQ(client->wait(channel, buffer, 1), -EPERM);
	EXPECT_EQ(client->attach(plain, channel, kToDevice, {&slice, 1}), -EINVAL);
	EXPECT_EQ(client->deactivate(channel), -EPERM);
	/* Only a channel that is activated during the crash has an owner, which is checked first. */
	ASSERT_EQ(client->make_channel(), channel);
	EXPECT_EQ(client->execute(channel, {plain}), -EPIPE);
	EXPECT_EQ(client->wait(channel, plain, 1), -EPIPE);
	EXPECT_EQ(client->attach(plain, channel, kToDevice, {&slice, 1}), -EPIPE);
	EXPECT_EQ(client->deactivate(channel), 0);
	device->recover();
	EXPECT_EQ(client->execute(channel, {buffer}), -EPERM)
		<< "the channel must be activated again";
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
