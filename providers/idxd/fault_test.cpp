// SPDX-License-Identifier: MIT
// Page faults as the program sees them, on both paths and both kinds of work queue.
#include "providers/idxd/idxd_test.hpp"

namespace accel::core::idxd {

namespace {

using IdxdFaults = IdxdWays;

INSTANTIATE_TEST_SUITE_P(All, IdxdFaults, all_ways(), way_name);

TEST_P(IdxdFaults, pages_that_are_not_present_are_no_matter)
{
	Client client(GetParam().device, GetParam().path);
	ASSERT_TRUE(client.queue) << client.text();
	constexpr uint32_t kBytes = 20 * kPage;
	Pages to(kBytes), from(kBytes);

	/* A part of the source is present, and nothing of the destination. */
	for (uint64_t page : {0u, 3u, 4u, 11u})
		memset(from.at(page * kPage), static_cast<int>(page + 1), kPage);
	const uint64_t before = device()->executed();
	auto done = client.run(
		[&](auto *d) { accel_idxd_memmove(d, to.at(7), from.at(), kBytes - 7, 0); });
	EXPECT_EQ(done.status, ACCEL_RING_STATUS_SUCCESS);
	EXPECT_EQ(memcmp(to.at(7), from.at(), kBytes - 7), 0);
	EXPECT_GT(device()->executed(), before + 1) << "there was no page fault";
}

TEST_P(IdxdFaults, rest_after_a_page_fault_is_right)
{
	Client client(GetParam().device, GetParam().path);
	ASSERT_TRUE(client.queue) << client.text();
	constexpr uint32_t kBytes = 9 * kPage;
	auto from = some_bytes(kBytes), to = some_bytes(kBytes, 7), expected = to;
	mock::IdxdEngine &engine = device()->engine();
	auto fault = [&](const void *at) { engine.fault(reinterpret_cast<uint64_t>(at), 1); };
	const auto crc = client.run([&](auto *d) {
				       accel_idxd_crcgen(d, from.data(), kBytes, 5, 0);
			       }).result;
	const uint64_t before = device()->executed();

	/* A pattern that does not start at a page, so that the rest begins within it. */
	fault(to.data() + 5 * kPage);
	for (uint32_t i = 0; i < kBytes - 13; i++)
		expected[13 + i] = static_cast<unsigned char>(0x0102030405060708u >> i % 8 * 8);
	auto done = client.run([&](auto *d) {
		accel_idxd_memfill(d, to.data() + 13, kBytes - 13, 0x0102030405060708, 0);
	});
	EXPECT_EQ(done.status, ACCEL_RING_STATUS_SUCCESS);
	EXPECT_EQ(to, expected);
	fault(from.data() + 2 * kPage);
	done = client.run([&](auto *d) { accel_idxd_crcgen(d, from.data(), kBytes, 5, 0); });
	EXPECT_EQ(done.result, crc);
	fault(to.data() + 4 * kPage);
	done = client.run(
		[&](auto *d) { accel_idxd_copy_crc(d, to.data(), from.data(), kBytes, 5, 0); });
	EXPECT_EQ(done.result, crc);
	EXPECT_EQ(to, from);
	fault(from.data() + 3 * kPage);
	done = client.run(
		[&](auto *d) { accel_idxd_compare(d, to.data(), from.data(), kBytes, 0); });
	EXPECT_EQ(done.result, kBytes);
	to[8 * kPage] ^= 1;
	fault(from.data() + 3 * kPage);
	done = client.run(
		[&](auto *d) { accel_idxd_compare(d, to.data(), from.data(), kBytes, 0); });
	EXPECT_EQ(done.result, 8 * kPage);
	/* Overlapping in both directions: the second copy runs from the end. */
	for (int shift : {-100, 100}) {
		to = from;
		expected = from;
		memmove(expected.data() + 1000 + shift, expected.data() + 1000, kBytes - 2000);
		fault(to.data() + 4 * kPage);
		done = client.run([&](auto *d) {
			accel_idxd_memmove(d, to.data() + 1000 + shift, to.data() + 1000,
					   kBytes - 2000, 0);
		});
		EXPECT_EQ(done.status, ACCEL_RING_STATUS_SUCCESS);
		EXPECT_EQ(to, expected) << shift;
	}
	EXPECT_EQ(device()->executed(), before + 2 * 7);
}

TEST_P(IdxdFaults, memory_that_is_not_there_is_a_fault)
{
	Client client(GetParam().device, GetParam().path);
	ASSERT_TRUE(client.queue) << client.text();
	Pages good(4 * kPage), read_only(4 * kPage, PROT_READ);

	auto done = client.run([&](auto *d) {
		accel_idxd_memmove(d, good.at(), good.at(3 * kPage), 2 * kPage, 0);
	});
	EXPECT_EQ(done.status, ACCEL_RING_STATUS_READ_FAULT);
	EXPECT_EQ(done.address, reinterpret_cast<uint64_t>(good.at(4 * kPage)));
	EXPECT_EQ(done.field, 16);
	EXPECT_EQ(done.result, kPage);
	done = client.run(
		[&](auto *d) { accel_idxd_memmove(d, read_only.at(100), good.at(), kPage, 0); });
	EXPECT_EQ(done.status, ACCEL_RING_STATUS_WRITE_FAULT);
	EXPECT_EQ(done.address, reinterpret_cast<uint64_t>(read_only.at(100)));
	EXPECT_EQ(done.field, 24);
	EXPECT_EQ(done.result, 0u);
	done = client.run(
		[&](auto *d) { accel_idxd_memfill(d, good.at(3 * kPage), 2 * kPage, 1, 0); });
	EXPECT_EQ(done.status, ACCEL_RING_STATUS_WRITE_FAULT);
	EXPECT_EQ(done.result, kPage);
	done = client.run([&](auto *d) { accel_idxd_nop(d, 0); });
	EXPECT_EQ(done.status, ACCEL_RING_STATUS_SUCCESS);
}

TEST_P(IdxdFaults, faults_without_an_end_are_given_up)
{
	Client client(GetParam().device, GetParam().path);
	ASSERT_TRUE(client.queue) << client.text();
	auto from = some_bytes(100), to = some_bytes(100);

	device()->engine().fault(reinterpret_cast<uint64_t>(to.data()), 1'000'000);
	auto done =
		client.run([&](auto *d) { accel_idxd_memmove(d, to.data(), from.data(), 100, 0); });
	EXPECT_EQ(done.status, ACCEL_RING_STATUS_WRITE_FAULT);
	EXPECT_EQ(done.detail,
		  uint64_t{ACCEL_IDXD_DSA_STATUS_PAGE_FAULT} | ACCEL_IDXD_STATUS_WRITE);
	device()->engine().fault(reinterpret_cast<uint64_t>(to.data()), 0);
}

} // namespace

} // namespace accel::core::idxd
