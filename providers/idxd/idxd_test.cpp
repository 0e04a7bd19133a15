// SPDX-License-Identifier: MIT
// Discovery, operations on both paths and both kinds of work queue, page faults, and what is refused.
// Longer than 500 lines, since both paths are held to the same list.
#include "providers/idxd/idxd_test.hpp"

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

namespace accel::core::idxd {

namespace {

using testing::HasSubstr;

struct Way {
	const char *name;
	const char *device;
	uint32_t path;
};

/* Both kinds of queue, both paths. */
class IdxdWays : public Idxd, public testing::WithParamInterface<Way> {
protected:
	void SetUp() override { start({.version = 2, .privileged = true}); }
	const std::shared_ptr<IdxdDevice> &device() const
	{
		return std::string(GetParam().device).ends_with(".0") ? machine.shared :
									machine.dedicated;
	}
};

INSTANTIATE_TEST_SUITE_P(All, IdxdWays,
			 testing::Values(Way{"shared_write", "dsa/wq0.0", ACCEL_IDXD_PATH_WRITE},
					 Way{"shared_portal", "dsa/wq0.0", ACCEL_IDXD_PATH_PORTAL},
					 Way{"dedicated_write", "dsa/wq0.1", ACCEL_IDXD_PATH_WRITE},
					 Way{"dedicated_portal", "dsa/wq0.1",
					     ACCEL_IDXD_PATH_PORTAL}),
			 [](const auto &way) { return std::string(way.param.name); });

TEST_P(IdxdWays, operations_do_what_they_should)
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
	EXPECT_EQ(done.result, 0xe3069283u); // the check value of CRC-32C
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

TEST_P(IdxdWays, more_than_the_work_queue_holds_completes_in_ring_order)
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

TEST_P(IdxdWays, pages_that_are_not_present_are_no_matter)
{
	Client client(GetParam().device, GetParam().path);
	ASSERT_TRUE(client.queue) << client.text();
	constexpr uint32_t kBytes = 20 * kPage;
	Pages to(kBytes), from(kBytes);

	/* Only some of the source is present, and nothing of the destination. */
	for (uint64_t page : {0u, 3u, 4u, 11u})
		memset(from.at(page * kPage), static_cast<int>(page + 1), kPage);
	const uint64_t before = device()->executed();
	auto done = client.run(
		[&](auto *d) { accel_idxd_memmove(d, to.at(7), from.at(), kBytes - 7, 0); });
	EXPECT_EQ(done.status, ACCEL_RING_STATUS_SUCCESS);
	EXPECT_EQ(memcmp(to.at(7), from.at(), kBytes - 7), 0);
	EXPECT_GT(device()->executed(), before + 1) << "no page fault was met";
}

TEST_P(IdxdWays, rest_after_a_page_fault_is_right)
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

	/* A pattern that does not start on a page, so that what is left begins in its middle. */
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
	/* Overlapping, both ways: the second one goes from the end. */
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

TEST_P(IdxdWays, memory_that_is_not_there_is_a_fault)
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

TEST_P(IdxdWays, faults_without_an_end_are_given_up)
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

TEST_P(IdxdWays, batches_are_executed)
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

TEST_P(IdxdWays, what_the_device_refuses_has_a_status)
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

TEST_P(IdxdWays, nonsense_of_the_device_is_a_device_error)
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

TEST_P(IdxdWays, wait_ends_at_its_deadline)
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

TEST_P(IdxdWays, queue_with_work_in_the_device_is_not_destroyed)
{
	Client client(GetParam().device, GetParam().path);
	ASSERT_TRUE(client.queue) << client.text();

	device()->pause();
	client.post([&](auto *d) { accel_idxd_nop(d, 0); });
	EXPECT_EQ(accel_queue_destroy(client.queue, &client.error), -EBUSY);
	EXPECT_THAT(client.text(), HasSubstr("destroy it again later"));
	EXPECT_EQ(accel_address_space_destroy(client.space, &client.error), -EBUSY);
	device()->resume();
}

TEST_F(Idxd, one_write_hands_over_all_that_was_published)
{
	start();
	Client client("dsa/wq0.0");
	ASSERT_TRUE(client.queue) << client.text();
	uint64_t at;

	machine.shared->pause();
	kernel.account().reset_counts();
	ASSERT_TRUE(accel_ring_reserve(client.ring, 12, &at));
	for (unsigned i = 0; i < 12; i++)
		accel_idxd_nop(static_cast<accel_idxd_dsa_descriptor *>(
				       accel_ring_entry(client.ring, at + i)),
			       0);
	accel_ring_publish(client.ring, at, 12);
	EXPECT_EQ(kernel.account().count(mock::Call::write), 1u);
	EXPECT_EQ(machine.shared->taken(), 12u);
	machine.shared->resume();
	for (int i = 0; i < 12; i++)
		EXPECT_EQ(client.take().status, ACCEL_RING_STATUS_SUCCESS);
}

TEST_F(Idxd, two_queues_share_the_credits_of_a_dedicated_one)
{
	start({.size = 4});
	Client client("dsa/wq0.1");
	ASSERT_TRUE(client.queue) << client.text();
	accel_queue *other = client.make_queue(ACCEL_IDXD_PATH_WRITE);
	accel_ring *second = accel_queue_ring(other);
	uint64_t at;

	machine.dedicated->pause();
	for (int i = 0; i < 4; i++)
		client.post([](auto *d) { accel_idxd_nop(d, 0); });
	ASSERT_TRUE(accel_ring_reserve(second, 1, &at));
	accel_idxd_nop(static_cast<accel_idxd_dsa_descriptor *>(accel_ring_entry(second, at)), 0);
	accel_ring_publish(second, at, 1);
	EXPECT_EQ(machine.dedicated->taken(), 4u);
	EXPECT_EQ(accel_queue_wait(other, after_ms(5), nullptr), -ETIMEDOUT);
	machine.dedicated->resume();
	for (int i = 0; i < 4; i++)
		EXPECT_EQ(client.take().status, ACCEL_RING_STATUS_SUCCESS);
	EXPECT_EQ(accel_queue_wait(other, after_ms(20'000), nullptr), 0);
	EXPECT_EQ(machine.dedicated->lost(), 0u);
	EXPECT_EQ(accel_queue_destroy(other, nullptr), 0);
}

TEST_F(Idxd, second_opening_of_a_dedicated_queue_is_refused)
{
	start();
	Client first("dsa/wq0.1"), second("dsa/wq0.1");

	EXPECT_TRUE(first.queue);
	EXPECT_FALSE(second.device);
	EXPECT_EQ(second.error.record.code, -EBUSY);
	EXPECT_THAT(second.text(), HasSubstr("dedicated"));
}

TEST_F(Idxd, batch_by_write_on_the_first_version_is_refused_alone)
{
	start({.version = 1});
	Client client("dsa/wq0.0");
	ASSERT_TRUE(client.queue) << client.text();
	alignas(64) accel_idxd_dsa_descriptor list[2];
	uint64_t at;

	accel_idxd_nop(&list[0], 0);
	accel_idxd_nop(&list[1], 0);
	ASSERT_TRUE(accel_ring_reserve(client.ring, 8, &at));
	for (unsigned i = 0; i < 8; i++) {
		auto *d = static_cast<accel_idxd_dsa_descriptor *>(
			accel_ring_entry(client.ring, at + i));

		if (i == 3)
			accel_idxd_batch(d, list, 2, 0);
		else
			accel_idxd_nop(d, 0);
	}
	accel_ring_publish(client.ring, at, 8);
	for (unsigned i = 0; i < 8; i++) {
		const accel_completion done = client.take();

		EXPECT_EQ(done.sequence, i);
		EXPECT_EQ(done.status,
			  i == 3 ? ACCEL_RING_STATUS_SUBMIT_ERROR : ACCEL_RING_STATUS_SUCCESS);
		EXPECT_EQ(done.detail, i == 3 ? uint64_t{EINVAL} : 0u);
	}
}

TEST_F(Idxd, portal_takes_what_write_refuses)
{
	start({.version = 1, .privileged = true});
	Client client("dsa/wq0.0", ACCEL_IDXD_PATH_AUTOMATIC);
	ASSERT_TRUE(client.queue) << client.text();
	alignas(64) accel_idxd_dsa_descriptor list[2];

	accel_idxd_nop(&list[0], 0);
	accel_idxd_nop(&list[1], 0);
	auto done = client.run([&](auto *d) { accel_idxd_batch(d, list, 2, 0); });
	EXPECT_EQ(done.status, ACCEL_RING_STATUS_SUCCESS);
	EXPECT_EQ(done.result, 2u);
	EXPECT_EQ(kernel.account().count(mock::Call::store64), 1u);
}

TEST_F(Idxd, iax_records_have_64_bytes)
{
	start({.iax = true});
	Client client("iax/wq0.0");
	ASSERT_TRUE(client.queue) << client.text();
	Pages to(kPage), from(kPage);

	memset(from.at(), 0x5a, kPage);
	auto done =
		client.run([&](auto *d) { accel_idxd_memmove(d, to.at(), from.at(), kPage, 0); });
	EXPECT_EQ(done.status, ACCEL_RING_STATUS_SUCCESS);
	EXPECT_EQ(memcmp(to.at(), from.at(), kPage), 0);
	done = client.run(
		[&](auto *d) { accel_idxd_begin(d, ACCEL_IDXD_IAX_OPCODE_DECOMPRESS, 0); });
	EXPECT_EQ(done.status, ACCEL_RING_STATUS_BAD_OPCODE);
}

TEST_F(Idxd, blocking_on_faults_needs_no_resume)
{
	start({.block_on_fault = true});
	Client client("dsa/wq0.0");
	ASSERT_TRUE(client.queue) << client.text();
	Pages to(8 * kPage);

	auto done = client.run([&](auto *d) {
		accel_idxd_memfill(d, to.at(), 8 * kPage, 0x0101010101010101,
				   ACCEL_IDXD_DESCRIPTOR_FLAGS_BLOCK_ON_FAULT);
	});
	EXPECT_EQ(done.status, ACCEL_RING_STATUS_SUCCESS);
	EXPECT_EQ(to.at()[8 * kPage - 1], 1);
	EXPECT_EQ(machine.shared->executed(), 1u);
}

TEST_F(Idxd, paths_that_cannot_be_used_say_why)
{
	start();
	Client client("dsa/wq0.0", ACCEL_IDXD_PATH_AUTOMATIC);
	ASSERT_TRUE(client.queue) << client.text();
	client.run([](auto *d) { accel_idxd_nop(d, 0); });
	EXPECT_EQ(kernel.account().count(mock::Call::store64), 0u)
		<< "without the privilege it is write(2)";
	EXPECT_FALSE(client.make_queue(ACCEL_IDXD_PATH_PORTAL));
	EXPECT_EQ(client.result, -EACCES);
	EXPECT_THAT(client.text(), HasSubstr("CAP_SYS_RAWIO"));
	EXPECT_FALSE(client.make_queue(3));
	EXPECT_EQ(client.result, -EINVAL);
	EXPECT_THAT(client.text(), HasSubstr("path is 3"));
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
	EXPECT_THAT(client.text(), HasSubstr("no write(2)"));
}

TEST_F(Idxd, device_without_shared_addresses_says_so)
{
	start({.pasid = false});
	Client client("dsa/wq0.0");

	EXPECT_TRUE(client.device);
	EXPECT_FALSE(client.space);
	EXPECT_EQ(client.error.record.code, -EOPNOTSUPP);
	EXPECT_THAT(client.text(), HasSubstr("pasid_enabled is 0"));
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
	EXPECT_EQ(make(sizeof(accel_idxd_queue_options)), -EOPNOTSUPP) << "known, but not here";
	options.flags = uint64_t{1} << 63;
	EXPECT_EQ(make(sizeof(accel_idxd_queue_options)), -EINVAL);
	EXPECT_EQ(client.error.record.reason, ACCEL_REASON_UNKNOWN_FLAG);
}

TEST_F(Idxd, what_it_is_and_has_is_told)
{
	start({.size = 24});
	Client client("dsa/wq0.1");
	ASSERT_TRUE(client.queue) << client.text();
	accel_device_caps caps{.size = sizeof(caps)};
	accel_address_space_info space{.size = sizeof(space)};
	accel_buffer_options options{};
	accel_buffer *buffer = nullptr, *own = nullptr;
	accel_buffer_info info{.size = sizeof(info)};
	auto memory = some_bytes(100);

	ASSERT_EQ(accel_device_query(client.device, &caps, &client.error), 0) << client.text();
	EXPECT_STREQ(caps.driver, "idxd");
	EXPECT_STREQ(caps.model, "DSA 1.0 dedicated work queue of 24 entries");
	EXPECT_EQ(caps.max_transfer, 2u << 20);
	EXPECT_EQ(caps.clients, 1u);
	EXPECT_EQ(caps.queues, 1u);
	EXPECT_EQ(caps.poll_ns, 0u);
	ASSERT_EQ(accel_address_space_query(client.space, &space, nullptr), 0);
	EXPECT_FALSE(space.given & ACCEL_ADDRESS_SPACE_INFO_GIVEN_PASID);
	EXPECT_THAT(space.pasid_reason, HasSubstr("bound"));
	EXPECT_EQ(accel_queue_poll_fd(client.queue, &client.error), -EOPNOTSUPP);
	EXPECT_THAT(client.text(), HasSubstr("errors of the device only"));
	options.size = sizeof(options);
	options.length = 5000;
	ASSERT_EQ(accel_buffer_create(client.device, &options, &buffer, &client.error), 0)
		<< client.text();
	EXPECT_EQ(accel_buffer_size(buffer), 2 * kPage);
	auto done = client.run([&](auto *d) {
		accel_idxd_memfill(d, accel_buffer_address(buffer), 2 * kPage, 0x0202020202020202,
				   0);
	});
	EXPECT_EQ(done.status, ACCEL_RING_STATUS_SUCCESS);
	EXPECT_EQ(static_cast<unsigned char *>(accel_buffer_address(buffer))[8191], 2);
	EXPECT_EQ(accel_buffer_sync(buffer, ACCEL_SYNC_PHASE_BEGIN, ACCEL_ACCESS_READ, kForever,
				    nullptr),
		  0);
	ASSERT_EQ(accel_buffer_register(client.device, memory.data(), 100, ACCEL_ACCESS_READ, &own,
					nullptr),
		  0);
	ASSERT_EQ(accel_buffer_query(own, &info, nullptr), 0);
	EXPECT_EQ(info.device_address, reinterpret_cast<uint64_t>(memory.data()));
	EXPECT_EQ(accel_buffer_destroy(own, nullptr), 0);
	EXPECT_EQ(accel_buffer_destroy(buffer, nullptr), 0);
	EXPECT_EQ(accel_address_space_destroy(client.space, &client.error), -EBUSY);
}

TEST_F(Idxd, several_threads_post_to_one_queue)
{
	start({.privileged = true});
	for (uint32_t path : {ACCEL_IDXD_PATH_WRITE, ACCEL_IDXD_PATH_PORTAL}) {
		Client client("dsa/wq0.1", path, 64, ACCEL_QUEUE_FLAGS_MULTI_PRODUCER);
		ASSERT_TRUE(client.queue) << client.text();
		constexpr unsigned kThreads = 3, kEach = 400;
		std::vector<std::thread> threads;
		std::atomic<uint64_t> good = 0;

		for (unsigned t = 0; t < kThreads; t++)
			threads.emplace_back([&] {
				for (unsigned i = 0; i < kEach; i++) {
					uint64_t at;
					while (!accel_ring_reserve(client.ring, 1, &at))
						std::this_thread::yield();
					accel_idxd_nop(static_cast<accel_idxd_dsa_descriptor *>(
							       accel_ring_entry(client.ring, at)),
						       0);
					accel_ring_publish(client.ring, at, 1);
				}
			});
		while (good < kThreads * kEach)
			good += client.take().status == ACCEL_RING_STATUS_SUCCESS;
		for (std::thread &thread : threads)
			thread.join();
	}
	EXPECT_EQ(machine.dedicated->lost(), 0u);
}

TEST_F(Idxd, forked_child_is_refused_and_disturbs_nothing)
{
	start({.privileged = true});
	Client client("dsa/wq0.0", ACCEL_IDXD_PATH_PORTAL);
	ASSERT_TRUE(client.queue) << client.text();
	machine.shared->pause();
	client.post([](auto *d) { accel_idxd_nop(d, 0); });
	const pid_t child = fork();

	if (!child) {
		accel_device_caps caps{.size = sizeof(caps)};
		uint64_t at;
		int failures = 0;

		failures += accel_device_query(client.device, &caps, nullptr) != -ESTALE;
		failures += accel_ring_reserve(client.ring, 1, &at);
		failures += accel_queue_wait(client.queue, kForever, nullptr) != -ESTALE;
		failures += accel_queue_destroy(client.queue, nullptr) != 0;
		failures += accel_address_space_destroy(client.space, nullptr) != 0;
		accel_device_close(client.device);
		_exit(failures);
	}
	int status = 0;
	ASSERT_EQ(waitpid(child, &status, 0), child);
	EXPECT_EQ(status, 0);
	machine.shared->resume();
	EXPECT_EQ(client.take().status, ACCEL_RING_STATUS_SUCCESS);
}

} // namespace

} // namespace accel::core::idxd
