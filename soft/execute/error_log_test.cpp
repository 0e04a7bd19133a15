// SPDX-License-Identifier: MIT
// Tests of the log of failed descriptors, and of injected faults.
#include "soft/tests/test_client.hpp"

namespace accel::core::softdev::test {
namespace {

class ErrorLogs : public testing::Test {
protected:
	void succeeds(const Descriptor &d)
	{
		accel_completion done = queue_.run(d);

		EXPECT_EQ(done.status, ACCEL_RING_STATUS_SUCCESS);
		EXPECT_EQ(+done.field, 0);
		EXPECT_EQ(done.address, 0u);
	}

	Client client_;
	TestQueue queue_{client_, client_.shared()};
};

TEST_F(ErrorLogs, AreLoggedNewestFirst)
{
	const uint64_t before = queue_.run(copy(0, 1, 1)).sequence;

	queue_.run(crc32c(0, 7));
	auto page = client_.command(ACCEL_SOFT_OPCODE_GET_LOG, ACCEL_SOFT_LOG_PAGE_ERRORS);
	accel_soft_error_entry entries[2];
	ASSERT_GE(page.size(), sizeof(entries));
	ASSERT_LE(page.size(), 64 * sizeof(entries[0]));
	memcpy(entries, page.data(), sizeof(entries));
	EXPECT_EQ(entries[0].op, ACCEL_SOFT_OP_CRC32C);
	EXPECT_EQ(entries[0].status, ACCEL_RING_STATUS_READ_FAULT);
	EXPECT_EQ(entries[0].field, 8);
	EXPECT_EQ(entries[0].sequence, before + 1);
	EXPECT_EQ(entries[1].op, ACCEL_SOFT_OP_COPY);
	EXPECT_EQ(entries[1].status, ACCEL_RING_STATUS_WRITE_FAULT);
	EXPECT_GE(entries[0].time_ns, entries[1].time_ns);
}

TEST_F(ErrorLogs, InjectedFaultsAreTaken)
{
	uint8_t memory[128] = {};
	const auto fine = copy(address_of(memory) + 64, address_of(memory), 64);

	client_.inject(ACCEL_SOFT_OP_COPY, 2);
	for (int i = 0; i < 2; i++) {
		accel_completion done = queue_.run(fine);
		EXPECT_EQ(done.status, ACCEL_RING_STATUS_ENGINE_ERROR);
		EXPECT_EQ(done.detail, static_cast<uint64_t>(EIO));
		succeeds(nop());
	}
	succeeds(fine);
	client_.inject(ACCEL_SOFT_OP_COPY, 1000);
	client_.inject(ACCEL_SOFT_OP_COPY, 0);
	succeeds(fine);
}

} // namespace
} // namespace accel::core::softdev::test
