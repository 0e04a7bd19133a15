// SPDX-License-Identifier: MIT
// Tests of invalid descriptors: reported before any effect, with status, field and address.
#include "soft/tests/test_client.hpp"

#include <array>

namespace accel::core::softdev::test {
namespace {

constexpr uint8_t kFence = ACCEL_SOFT_DESCRIPTOR_FLAGS_FENCE,
		  kRecord = ACCEL_SOFT_DESCRIPTOR_FLAGS_RECORD,
		  kLast = ACCEL_SOFT_DESCRIPTOR_FLAGS_LAST,
		  kGoOn = ACCEL_SOFT_DESCRIPTOR_FLAGS_GO_ON;

class Faults : public testing::Test {
protected:
	void expect(const Descriptor &d, uint8_t status, uint8_t field, uint64_t address = 0,
		    const char *what = "")
	{
		accel_completion done = queue_.run(d);

		EXPECT_EQ(+done.status, +status) << what;
		EXPECT_EQ(+done.field, +field) << what;
		EXPECT_EQ(done.address, address) << what;
	}
	void bad_field(const Descriptor &d, uint8_t field, const char *what = "")
	{
		expect(d, ACCEL_RING_STATUS_BAD_FIELD, field, 0, what);
	}

	/// One valid descriptor of each operation.
	std::array<Descriptor, 10> good()
	{
		const uint64_t a = address_of(memory_), b = a + 4096;
		Descriptor matmul{};

		matmul.op = ACCEL_SOFT_OP_MATMUL;
		matmul.param = ACCEL_SOFT_MATRIX_TYPE_F32;
		matmul.matmul = {.a = a,
				 .b = a + 1024,
				 .c = b,
				 .m = 2,
				 .n = 2,
				 .k = 2,
				 .lda = 2,
				 .ldb = 2,
				 .ldc = 2};
		element_[0] = nop();
		return {nop(),
			copy(b, a, 64),
			fill(b, 64, 1),
			compare(a, b, 64),
			crc32c(a, 64, 9),
			copy_crc32c(b, a, 64, 9),
			deflate(b, 4096, a, 64),
			inflate(b, 4096, address_of(kEmptyMember), sizeof(kEmptyMember)),
			matmul,
			batch(element_, 1)};
	}

	static constexpr uint8_t kEmptyMember[] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3,
						   3,	 0,    0, 0, 0, 0, 0, 0, 0, 0};
	alignas(64) uint8_t memory_[3 * 4096] = {};
	alignas(64) Descriptor element_[4] = {};
	Client client_;
	TestQueue queue_{client_, client_.shared()};
};

TEST_F(Faults, TheGoodOnesAreGood)
{
	for (const Descriptor &d : good())
		expect(d, ACCEL_RING_STATUS_SUCCESS, 0, 0, "good");
}

TEST_F(Faults, UnknownOperation)
{
	Descriptor d{};

	for (unsigned op : {10u, 63u, 128u, 255u}) {
		d.op = static_cast<uint8_t>(op);
		expect(d, ACCEL_RING_STATUS_BAD_OPCODE, 0);
	}
}

TEST_F(Faults, FlagsThatTheOperationDoesNotHave)
{
	for (Descriptor d : good()) {
		uint8_t allowed = kFence | kRecord;
		if (d.op == ACCEL_SOFT_OP_INFLATE)
			allowed |= kLast;
		if (d.op == ACCEL_SOFT_OP_BATCH)
			allowed |= kGoOn;
		for (unsigned bit = 0; bit < 8; bit++) {
			d.flags = static_cast<uint8_t>(1u << bit);
			if (allowed & d.flags)
				expect(d, ACCEL_RING_STATUS_SUCCESS, 0);
			else
				bad_field(d, 1, "flags");
		}
	}
}

TEST_F(Faults, ParamAndSeedWhereTheyMeanNothing)
{
	for (const Descriptor &from : good()) {
		Descriptor d = from;
		if (d.op != ACCEL_SOFT_OP_DEFLATE && d.op != ACCEL_SOFT_OP_MATMUL) {
			d.param = 0x100;
			bad_field(d, 2, "param");
		}
		d = from;
		if (d.op != ACCEL_SOFT_OP_CRC32C && d.op != ACCEL_SOFT_OP_COPY_CRC32C) {
			d.seed = 0x01000000;
			bad_field(d, 4, "seed");
		}
	}
	Descriptor level = good()[ACCEL_SOFT_OP_DEFLATE];
	level.param = 4;
	bad_field(level, 2, "level");
	Descriptor type = good()[ACCEL_SOFT_OP_MATMUL];
	for (uint16_t wrong : {0, 4, 0x101}) {
		type.param = wrong;
		bad_field(type, 2, "matrix type");
	}
}

TEST_F(Faults, EveryUnusedByteMustBeZero)
{
	/* The first byte after the fields of each operation, and fields of the union that it does not use. */
	struct Rule {
		uint8_t end;		       // of the fields
		std::array<uint8_t, 3> unused; // fields before `end` that must be zero; 0: no more
	};
	static constexpr Rule kRules[] = {
		{8, {}},    {40, {32}}, {40, {8}}, {40, {32}}, {40, {16, 32}},
		{40, {32}}, {48, {40}}, {48, {}},  {56, {}},   {28, {}},
	};
	for (const Descriptor &from : good()) {
		const Rule &rule = kRules[from.op];
		for (unsigned byte = rule.end; byte < offsetof(Descriptor, ring); byte++) {
			Descriptor d = from;
			reinterpret_cast<uint8_t *>(&d)[byte] = 0x80;
			bad_field(d, static_cast<uint8_t>(byte), "behind the fields");
		}
		for (uint8_t field : rule.unused) {
			if (!field)
				continue;
			Descriptor d = from;
			reinterpret_cast<uint8_t *>(&d)[field + 5] = 1;
			bad_field(d, field, "a field of others");
		}
	}
}

TEST_F(Faults, RangesThatAreTooLong)
{
	constexpr uint64_t kMost = ACCEL_SOFT_MAX_TRANSFER;

	for (Descriptor d : good()) {
		switch (d.op) {
		case ACCEL_SOFT_OP_NOP:
		case ACCEL_SOFT_OP_BATCH: break;
		case ACCEL_SOFT_OP_DEFLATE:
		case ACCEL_SOFT_OP_INFLATE:
			d.compress.dst_length = kMost + 1;
			bad_field(d, 32, "room");
			d.compress.src_length = UINT64_MAX;
			bad_field(d, 24, "source length");
			break;
		case ACCEL_SOFT_OP_MATMUL:
			d.matmul.lda = UINT32_MAX;
			bad_field(d, 8, "span of A");
			d.matmul.lda = 2;
			d.matmul.ldb = UINT32_MAX;
			bad_field(d, 16, "span of B");
			d.matmul.ldb = 2;
			d.matmul.ldc = UINT32_MAX;
			bad_field(d, 24, "span of C");
			break;
		default: d.transfer.length = kMost + 1; bad_field(d, 24, "length");
		}
	}
}

TEST_F(Faults, RangesThatWrap)
{
	constexpr uint64_t kHigh = UINT64_MAX - 10;

	bad_field(copy(address_of(memory_), kHigh, 64), 8);
	bad_field(copy(kHigh, address_of(memory_), 64), 16);
	bad_field(fill(kHigh, 64, 0), 16);
	bad_field(compare(kHigh, address_of(memory_), 64), 8);
	bad_field(crc32c(kHigh, 64), 8);
	bad_field(copy_crc32c(kHigh, address_of(memory_), 64), 16);
	bad_field(deflate(kHigh, 64, address_of(memory_), 8), 16);
	bad_field(inflate(address_of(memory_), 64, kHigh, 64), 8);
	Descriptor d = good()[ACCEL_SOFT_OP_MATMUL];
	d.matmul.c = kHigh;
	bad_field(d, 24);
	d = batch(element_, 4);
	d.batch.descriptors = UINT64_MAX - 63;
	bad_field(d, 8);
	d = batch(element_, 4);
	d.batch.records = UINT64_MAX - 7;
	bad_field(d, 16);
}

TEST_F(Faults, NullIsNoAddressInASharedSpace)
{
	const uint64_t here = address_of(memory_);

	expect(copy(here, 0, 1), ACCEL_RING_STATUS_READ_FAULT, 8);
	expect(copy(0, here, 1), ACCEL_RING_STATUS_WRITE_FAULT, 16);
	expect(fill(0, 8, 0), ACCEL_RING_STATUS_WRITE_FAULT, 16);
	expect(compare(0, here, 1), ACCEL_RING_STATUS_READ_FAULT, 8);
	expect(compare(here, 0, 1), ACCEL_RING_STATUS_READ_FAULT, 16);
	expect(crc32c(0, 1), ACCEL_RING_STATUS_READ_FAULT, 8);
	expect(deflate(0, 1, here, 1), ACCEL_RING_STATUS_WRITE_FAULT, 16);
	expect(inflate(here, 1, 0, 1), ACCEL_RING_STATUS_READ_FAULT, 8);
	for (unsigned field : {8u, 16u, 24u}) {
		Descriptor d = good()[ACCEL_SOFT_OP_MATMUL];
		memset(reinterpret_cast<uint8_t *>(&d) + field, 0, 8);
		expect(d,
		       field == 24 ? ACCEL_RING_STATUS_WRITE_FAULT : ACCEL_RING_STATUS_READ_FAULT,
		       static_cast<uint8_t>(field));
	}
	expect(batch(nullptr, 1), ACCEL_RING_STATUS_READ_FAULT, 8);
}

TEST_F(Faults, MatricesOfWrongShape)
{
	Descriptor from = good()[ACCEL_SOFT_OP_MATMUL];
	auto with = [&](unsigned offset, uint32_t value) {
		Descriptor d = from;
		memcpy(reinterpret_cast<uint8_t *>(&d) + offset, &value, sizeof(value));
		return d;
	};

	for (uint8_t size : {32, 36, 40})
		bad_field(with(size, ACCEL_SOFT_MAX_MATRIX + 1), size, "size");
	for (uint8_t stride : {44, 48, 52})
		bad_field(with(stride, 1), stride, "stride");
	expect(with(32, 0), ACCEL_RING_STATUS_SUCCESS, 0);
	expect(with(36, 0), ACCEL_RING_STATUS_SUCCESS, 0);
	expect(with(40, 0), ACCEL_RING_STATUS_SUCCESS, 0);
}

TEST_F(Faults, BatchesOfWrongShape)
{
	accel_ring_record records[4];
	Descriptor d = batch(element_, 0);

	bad_field(d, 24, "count 0");
	d.batch.count = ACCEL_SOFT_MAX_BATCH + 1;
	bad_field(d, 24, "count");
	d = batch(element_, 1);
	d.batch.descriptors += 8;
	bad_field(d, 8, "alignment of the descriptors");
	d = batch(element_, 1, records);
	d.batch.records += 4;
	bad_field(d, 16, "alignment of the records");
}

} // namespace
} // namespace accel::core::softdev::test
