// SPDX-License-Identifier: MIT
// Unusable paths, devices and options are refused with a reason.
#include "providers/idxd/idxd_test.hpp"

#include <gmock/gmock.h>

namespace accel::core::idxd {

namespace {

using testing::HasSubstr;

TEST_F(Idxd, paths_that_cannot_be_used_say_why)
{
	start();
	Client client("dsa/wq0.0", ACCEL_IDXD_PATH_AUTOMATIC);
	ASSERT_TRUE(client.queue) << client.text();
	client.run([](auto *d) { accel_idxd_nop(d, 0); });
	EXPECT_EQ(kernel.account().count(mock::Call::store64), 0u)
		<< "without the privilege the path is write(2)";
	EXPECT_FALSE(client.make_queue(ACCEL_IDXD_PATH_PORTAL));
	EXPECT_EQ(client.result, -EACCES);
	EXPECT_EQ(client.error.record.reason, ACCEL_REASON_PERMISSION);
	EXPECT_FALSE(client.make_queue(3));
	EXPECT_EQ(client.result, -EINVAL);
	EXPECT_EQ(client.error.record.reason, ACCEL_REASON_UNKNOWN_MEMBER);
	EXPECT_THAT(client.text(), HasSubstr("3"));
}

TEST_F(Idxd, processor_without_the_instruction_uses_write)
{
	start({.privileged = true});
	sys::Calls calls = *sys::calls;
	const sys::Calls *before = sys::calls;

	calls.can_store64 = [](sys::Store64) { return -EOPNOTSUPP; };
	sys::calls = &calls;
	{
		Client client("dsa/wq0.0", ACCEL_IDXD_PATH_AUTOMATIC);

		EXPECT_TRUE(client.queue) << client.text();
		EXPECT_FALSE(client.make_queue(ACCEL_IDXD_PATH_PORTAL));
		EXPECT_EQ(client.result, -EOPNOTSUPP);
		EXPECT_THAT(client.text(), HasSubstr("ENQCMD"));
	}
	sys::calls = before;
}

TEST_F(Idxd, kernel_without_write_says_so)
{
	start({.has_write = false});
	Client client("dsa/wq0.0");

	EXPECT_FALSE(client.queue);
	EXPECT_EQ(client.result, -EOPNOTSUPP);
	EXPECT_EQ(client.error.record.reason, ACCEL_REASON_UNSUPPORTED);
}

TEST_F(Idxd, device_without_shared_addresses_says_so)
{
	start({.pasid = false});
	Client client("dsa/wq0.0");

	EXPECT_TRUE(client.device);
	EXPECT_FALSE(client.space);
	EXPECT_EQ(client.error.record.code, -EOPNOTSUPP);
	EXPECT_EQ(client.error.record.reason, ACCEL_REASON_UNSUPPORTED);
	EXPECT_THAT(client.text(), HasSubstr("pasid_enabled"));
}

TEST_F(Idxd, options_of_a_wrong_size_are_refused)
{
	start();
	Client client("dsa/wq0.0");
	ASSERT_TRUE(client.queue) << client.text();
	unsigned char blob[sizeof(accel_idxd_queue_options) + 8] = {};
	accel_queue_options options{};
	auto make = [&](uint64_t size) {
		accel_queue *made = nullptr;

		options.driver_size = size;
		const int r = accel_queue_create(client.space, &options, &made, &client.error);
		EXPECT_EQ(r == 0, made != nullptr);
		EXPECT_EQ(accel_queue_destroy(made, nullptr), 0);
		return r;
	};

	options.size = sizeof(options);
	options.entries = 8;
	options.driver = blob;
	blob[0] = ACCEL_IDXD_PATH_WRITE;
	EXPECT_EQ(make(sizeof(accel_idxd_queue_options)), 0);
	EXPECT_EQ(make(sizeof(blob)), 0);
	EXPECT_EQ(make(1), -EINVAL);
	EXPECT_EQ(make(UINT64_MAX), -EINVAL);
	blob[sizeof(blob) - 1] = 1;
	EXPECT_EQ(make(sizeof(blob)), -E2BIG);
	blob[4] = 1;
	EXPECT_EQ(make(sizeof(accel_idxd_queue_options)), -EINVAL);
	blob[4] = 0;
	for (uint32_t entries : {0u, 1u, 3u, 8192u}) {
		options.entries = entries;
		EXPECT_EQ(make(sizeof(accel_idxd_queue_options)), -EINVAL) << entries;
		EXPECT_EQ(client.error.record.attribute, ACCEL_QUEUE_CREATE_ENTRIES);
	}
	options.entries = 8;
	options.flags = ACCEL_QUEUE_FLAGS_STOP_ON_FAULT;
	EXPECT_EQ(make(sizeof(accel_idxd_queue_options)), -EOPNOTSUPP)
		<< "a known option that this device does not support";
	options.flags = uint64_t{1} << 63;
	EXPECT_EQ(make(sizeof(accel_idxd_queue_options)), -EINVAL);
	EXPECT_EQ(client.error.record.reason, ACCEL_REASON_UNKNOWN_FLAG);
}

} // namespace

} // namespace accel::core::idxd
