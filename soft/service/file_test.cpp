// SPDX-License-Identifier: MIT
// Tests of open files: open, close, unknown calls.
#include "soft/tests/test_client.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

namespace accel::core::softdev::test {
namespace {

class Files : public testing::Test {
protected:
	const size_t files_ = open_files();
	Client client_;
};

TEST_F(Files, ThereAreTwoDevices)
{
	accel_soft_file *file;

	EXPECT_EQ(Client::entry().devices(), 2u);
	EXPECT_NE(Client::entry().describe(1), nullptr);
	EXPECT_EQ(Client::entry().describe(2), nullptr);
	EXPECT_EQ(Client::entry().open(2, &file), -ENODEV);
	EXPECT_EQ(Client::entry().open(0, nullptr), -EFAULT);
	EXPECT_EQ(Client::entry().call(nullptr, nullptr), -EBADF);
	EXPECT_EQ(Client::entry().call(client_.file(), nullptr), -EFAULT);
	Client::entry().close(nullptr);

	Client again, other(1);
	DeviceQuery here, there;
	char driver[64], model[128];
	again.good(here.want_clients().want_driver(driver).want_model(model).want_features());
	other.good(there.want_clients());
	EXPECT_EQ(here.clients(), 2u);
	EXPECT_EQ(there.clients(), 1u);
	EXPECT_EQ(here.driver(), "soft");
	EXPECT_EQ(here.model(), "soft accelerator");
	EXPECT_FALSE(here.features().value_or(0) & ACCEL_FEATURE_PASID);
}

TEST_F(Files, CloseFreesWhateverIsLeft)
{
	const int fd = eventfd(0, EFD_CLOEXEC);
	auto client = std::make_unique<Client>();
	const size_t before = threads_at_rest();
	const uint64_t space = client->mapped(), event = client->event(fd);

	for (int i = 0; i < 100; i++) {
		BufferCreate buffer;
		client->good(buffer.size(4096));
		accel_buffer_range range{.memory = buffer.handle(), .offset = 0, .length = 4096};
		client->good(AddressSpaceMap().handle(space).range(range).access(kRead));
		client->good(QueueCreate().address_space(space).entries(2).event(event));
		client->stream();
		client->good(CommandCreate().scope(ACCEL_SCOPE_DEBUG_READ));
	}
	client.reset();
	close(fd);
	EXPECT_EQ(open_files(), files_);
	EXPECT_EQ(threads(), before);
}

TEST_F(Files, ManyCreateAndDestroyCyclesLeaveNothing)
{
	const uint64_t space = client_.shared();
	uint64_t first = 0;

	for (int i = 0; i < 2000; i++) {
		TestQueue queue(client_, space, {.entries = 4});
		ASSERT_EQ(queue.run(nop()).status, ACCEL_RING_STATUS_SUCCESS);
		if (!first)
			first = open_files();
	}
	EXPECT_EQ(open_files(), first);
}

TEST_F(Files, UnknownMethodsAndTypesAreRefused)
{
	AnyMessage nothing(77, 1), no_method(ACCEL_OBJECT_QUEUE, 99);

	EXPECT_EQ(client_.send(nothing), -ENOTTY);
	EXPECT_EQ(client_.send(no_method), -ENOTTY);
}

} // namespace
} // namespace accel::core::softdev::test
