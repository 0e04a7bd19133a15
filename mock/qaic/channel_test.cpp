// SPDX-License-Identifier: MIT
// The channels of the mock qaic driver: activation, owner, state, crash, end.
#include "mock/qaic/fixture.hpp"

#include <cerrno>

namespace accel::core::mock {
namespace {

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

} // namespace
} // namespace accel::core::mock
