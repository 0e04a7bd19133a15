// SPDX-License-Identifier: MIT
// Operations on both paths and both kinds of work queue: results, order, refused descriptors, waits.
#include "providers/idxd/idxd_test.hpp"

#include <gmock/gmock.h>

namespace accel::core::idxd {

namespace {

using IdxdOperations = IdxdWays;

INSTANTIATE_TEST_SUITE_P(All, IdxdOperations, all_ways(), way_name);

TEST_P(IdxdOperations, operations_do_what_they_should)
{
	Client client(GetParam().device, GetParam().path);
	ASSERT_TRUE(client.queue) << client.text();
	auto from = some_bytes(70'000);
	std::vector<unsigned char> to(70'000), other = from;

	auto done = client.run([&](auto *d) { accel_idxd_nop(d, 0); });
	EXPECT_EQ(done.status, ACCEL_RING_STATUS_SUCCESS);
	done = client.run(
		[&](auto *d) { accel_idxd_memmove(d, to.data(), from.data(), 70'000, 0); });
	EXPECT_EQ(done.status, ACCEL_RING_STATUS_SUCCESS);
	EXPECT_EQ(to, from);
	done = client.run(
		[&](auto *d) { accel_idxd_compare(d, to.data(), other.data(), 70'000, 0); });
	EXPECT_EQ(done.status, ACCEL_RING_STATUS_SUCCESS);
	EXPECT_EQ(done.result, 70'000u);
	other[54'321] ^= 1;
	done = client.run(
		[&](auto *d) { accel_idxd_compare(d, to.data(), other.data(), 70'000, 0); });
	EXPECT_EQ(done.status, ACCEL_RING_STATUS_SUCCESS);
	EXPECT_EQ(done.result, 54'321u);
	done = client.run([&](auto *d) {
		accel_idxd_memfill(d, to.data() + 3, 9'999, 0x8877665544332211, 0);
	});
	EXPECT_EQ(done.status, ACCEL_RING_STATUS_SUCCESS);
	EXPECT_EQ(to[2], from[2]);
	EXPECT_EQ(to[3], 0x11);
	EXPECT_EQ(to[3 + 9'998], 0x77); // 9998 mod 8 is 6
	EXPECT_EQ(to[3 + 9'999], from[3 + 9'999]);
	done = client.run([&](auto *d) { accel_idxd_crcgen(d, "123456789", 9, 0, 0); });
	EXPECT_EQ(done.status, ACCEL_RING_STATUS_SUCCESS);
	EXPECT_EQ(done.result, 0xe3069283u); // check value of CRC-32C
	done = client.run([&](auto *d) { accel_idxd_crcgen(d, "1234", 4, 0, 0); });
	done = client.run([&](auto *d) {
		accel_idxd_copy_crc(d, to.data(), "56789", 5, static_cast<uint32_t>(done.result),
				    0);
	});
	EXPECT_EQ(done.result, 0xe3069283u);
	EXPECT_EQ(memcmp(to.data(), "56789", 5), 0);
	done = client.run([&](auto *d) { accel_idxd_drain(d, 0); });
	EXPECT_EQ(done.status, ACCEL_RING_STATUS_SUCCESS);
	EXPECT_EQ(device()->lost(), 0u);
}

TEST_P(IdxdOperations, more_than_the_work_queue_holds_completes_in_ring_order)
{
	constexpr unsigned kJobs = 3000, kEntries = 256;
	Client client(GetParam().device, GetParam().path, kEntries);
	ASSERT_TRUE(client.queue) << client.text();
	auto from = some_bytes(kEntries * 64);
	std::vector<unsigned char> to(kEntries * 64);
	uint64_t posted = 0, taken = 0;

	while (taken < kJobs) {
		uint64_t at;
		uint32_t n = 0;

		for (; posted + n < kJobs && n < 32 && accel_ring_reserve(client.ring, 1, &at);
		     n++) {
			auto *d = static_cast<accel_idxd_dsa_descriptor *>(
				accel_ring_entry(client.ring, at));
			accel_idxd_memmove(d, &to[at % kEntries * 64], &from[at % kEntries * 64],
					   64, 0);
		}
		if (n)
			accel_ring_publish(client.ring, posted, n);
		posted += n;
		ASSERT_EQ(client.wait(after_ms(20'000)), 0) << client.text();
		accel_completion done[64];
		const uint32_t count = accel_ring_poll(client.ring, done, 64);
		for (uint32_t i = 0; i < count; i++) {
			ASSERT_EQ(done[i].sequence, taken++);
			ASSERT_EQ(done[i].status, ACCEL_RING_STATUS_SUCCESS);
		}
	}
	EXPECT_EQ(to, from);
	EXPECT_EQ(device()->lost(), 0u) << "a dedicated queue was filled beyond its size";
	auto order = device()->order();
	EXPECT_FALSE(std::is_sorted(order.begin(), order.end()))
		<< "the device did not change the order";
}

TEST_P(IdxdOperations, batches_are_executed)
{
	Client client(GetParam().device, GetParam().path);
	ASSERT_TRUE(client.queue) << client.text();
	alignas(64) accel_idxd_dsa_descriptor list[4];
	alignas(32) accel_idxd_dsa_completion records[4] = {};
	auto from = some_bytes(400), to = some_bytes(400, 3);

	for (int i = 0; i < 4; i++) {
		accel_idxd_memmove(&list[i], &to[i * 100], &from[i * 100], 100, 0);
		accel_idxd_set_record(&list[i], &records[i]);
	}
	auto done = client.run([&](auto *d) { accel_idxd_batch(d, list, 4, 0); });
	EXPECT_EQ(done.status, ACCEL_RING_STATUS_SUCCESS);
	EXPECT_EQ(done.result, 4u);
	EXPECT_EQ(to, from);
	list[2].memmove.size = 0;
	memset(records, 0, sizeof(records));
	done = client.run([&](auto *d) { accel_idxd_batch(d, list, 4, 0); });
	EXPECT_EQ(done.status, ACCEL_RING_STATUS_BATCH_ERROR);
	EXPECT_EQ(done.result, 3u);
	EXPECT_EQ(done.detail, ACCEL_IDXD_DSA_STATUS_BATCH_FAILED);
	EXPECT_EQ(records[2].status, ACCEL_IDXD_DSA_STATUS_BAD_SIZE);
	done = client.run([&](auto *d) { accel_idxd_batch(d, list, 1, 0); });
	EXPECT_EQ(done.status, ACCEL_RING_STATUS_BAD_FIELD);
	EXPECT_EQ(done.field, 32);
	done = client.run([&](auto *d) {
		accel_idxd_batch(d,
				 reinterpret_cast<accel_idxd_dsa_descriptor *>(
					 reinterpret_cast<char *>(list) + 8),
				 2, 0);
	});
	EXPECT_EQ(done.status, ACCEL_RING_STATUS_BAD_FIELD);
	EXPECT_EQ(done.field, 16);
}

TEST_P(IdxdOperations, what_the_device_refuses_has_a_status)
{
	Client client(GetParam().device, GetParam().path);
	ASSERT_TRUE(client.queue) << client.text();
	auto bytes = some_bytes(4096);
	auto check = [&](uint8_t status, uint8_t field, uint64_t detail, auto fill) {
		auto done = client.run(fill);

		EXPECT_EQ(done.status, status);
		EXPECT_EQ(done.field, field);
		EXPECT_EQ(done.detail, detail);
	};

	check(ACCEL_RING_STATUS_BAD_OPCODE, 0, ACCEL_IDXD_DSA_STATUS_BAD_OPCODE,
	      [&](auto *d) { accel_idxd_begin(d, 0x66, 0); });
	check(ACCEL_RING_STATUS_BAD_FIELD, 32, ACCEL_IDXD_DSA_STATUS_BAD_SIZE,
	      [&](auto *d) { accel_idxd_memmove(d, bytes.data(), bytes.data() + 64, 0, 0); });
	check(ACCEL_RING_STATUS_BAD_FIELD, 32, ACCEL_IDXD_DSA_STATUS_BAD_SIZE, [&](auto *d) {
		accel_idxd_memmove(d, bytes.data(), bytes.data() + 64, (2u << 20) + 1, 0);
	});
	check(ACCEL_RING_STATUS_BAD_FIELD, 4, ACCEL_IDXD_DSA_STATUS_BAD_FLAGS,
	      [&](auto *d) { accel_idxd_nop(d, ACCEL_IDXD_DESCRIPTOR_FLAGS_BLOCK_ON_FAULT); });
	check(ACCEL_RING_STATUS_BAD_FIELD, 24, ACCEL_IDXD_DSA_STATUS_OVERLAP,
	      [&](auto *d) { accel_idxd_copy_crc(d, bytes.data(), bytes.data() + 8, 64, 0, 0); });
	check(ACCEL_RING_STATUS_SUCCESS, 0, ACCEL_IDXD_DSA_STATUS_SUCCESS_FALSE, [&](auto *d) {
		accel_idxd_compare(d, bytes.data(), bytes.data(), 64,
				   ACCEL_IDXD_DESCRIPTOR_FLAGS_CHECK_RESULT);
		d->compare.expected = 1;
	});
}

TEST_P(IdxdOperations, nonsense_of_the_device_is_a_device_error)
{
	Client client(GetParam().device, GetParam().path);
	ASSERT_TRUE(client.queue) << client.text();
	auto bytes = some_bytes(4096);
	auto copy = [&](auto *d) {
		accel_idxd_memmove(d, bytes.data(), bytes.data() + 2048, 2048, 0);
	};
	mock::IdxdEngine &engine = device()->engine();

	engine.lie(IdxdLie::unknown_status, 1);
	auto done = client.run(copy);
	EXPECT_EQ(done.status, ACCEL_RING_STATUS_DEVICE_ERROR);
	EXPECT_EQ(done.detail, 0x7eu);
	engine.lie(IdxdLie::only_write_bit, 1);
	done = client.run(copy);
	EXPECT_EQ(done.status, ACCEL_RING_STATUS_DEVICE_ERROR);
	EXPECT_EQ(done.detail, 0x80u);
	engine.lie(IdxdLie::too_much, 1);
	done = client.run(copy);
	EXPECT_EQ(done.status, ACCEL_RING_STATUS_READ_FAULT);
	engine.lie(IdxdLie::no_progress, 1'000'000);
	done = client.run(copy);
	EXPECT_EQ(done.status, ACCEL_RING_STATUS_READ_FAULT);
	engine.lie(IdxdLie::none, 0);
	done = client.run(copy);
	EXPECT_EQ(done.status, ACCEL_RING_STATUS_SUCCESS);
}

TEST_P(IdxdOperations, wait_ends_at_its_deadline)
{
	Client client(GetParam().device, GetParam().path);
	ASSERT_TRUE(client.queue) << client.text();

	device()->pause();
	client.post([&](auto *d) { accel_idxd_nop(d, 0); });
	const uint64_t start = sys::now_ns();
	EXPECT_EQ(client.wait(start + 30'000'000), -ETIMEDOUT);
	EXPECT_GE(sys::now_ns(), start + 30'000'000);
	accel_completion done;
	EXPECT_EQ(accel_ring_poll(client.ring, &done, 1), 0u);
	device()->resume();
	EXPECT_EQ(client.take().status, ACCEL_RING_STATUS_SUCCESS);
}

TEST_P(IdxdOperations, queue_with_work_in_the_device_is_not_destroyed)
{
	Client client(GetParam().device, GetParam().path);
	ASSERT_TRUE(client.queue) << client.text();

	device()->pause();
	client.post([&](auto *d) { accel_idxd_nop(d, 0); });
	EXPECT_EQ(accel_queue_destroy(client.queue, &client.error), -EBUSY);
	EXPECT_EQ(client.error.record.reason, ACCEL_REASON_IN_USE);
	EXPECT_EQ(accel_address_space_destroy(client.space, &client.error), -EBUSY);
	device()->resume();
}

} // namespace

} // namespace accel::core::idxd
