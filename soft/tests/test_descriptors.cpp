// SPDX-License-Identifier: MIT
// Descriptors of all operations, for the tests of soft/.
#include "soft/tests/test_client.hpp"

namespace accel::core::softdev::test {

Descriptor nop(uint8_t flags)
{
	Descriptor d{};

	d.flags = flags;
	return d;
}

namespace {

Descriptor transfer(uint8_t op, uint64_t dst, uint64_t src, uint64_t length)
{
	Descriptor d{};

	d.op = op;
	d.transfer.dst = dst;
	d.transfer.src = src;
	d.transfer.length = length;
	return d;
}

} // namespace

Descriptor copy(uint64_t dst, uint64_t src, uint64_t length, uint8_t flags)
{
	Descriptor d = transfer(ACCEL_SOFT_OP_COPY, dst, src, length);

	d.flags = flags;
	return d;
}

Descriptor fill(uint64_t dst, uint64_t length, uint64_t pattern)
{
	Descriptor d = transfer(ACCEL_SOFT_OP_FILL, dst, 0, length);

	d.transfer.pattern = pattern;
	return d;
}

Descriptor compare(uint64_t a, uint64_t b, uint64_t length)
{
	return transfer(ACCEL_SOFT_OP_COMPARE, b, a, length);
}

Descriptor crc32c(uint64_t src, uint64_t length, uint32_t crc)
{
	Descriptor d = transfer(ACCEL_SOFT_OP_CRC32C, 0, src, length);

	d.seed = crc;
	return d;
}

Descriptor copy_crc32c(uint64_t dst, uint64_t src, uint64_t length, uint32_t crc)
{
	Descriptor d = transfer(ACCEL_SOFT_OP_COPY_CRC32C, dst, src, length);

	d.seed = crc;
	return d;
}

Descriptor deflate(uint64_t dst, uint64_t room, uint64_t src, uint64_t length, uint16_t level)
{
	Descriptor d{};

	d.op = ACCEL_SOFT_OP_DEFLATE;
	d.param = level;
	d.compress = {.src = src, .dst = dst, .src_length = length, .dst_length = room};
	return d;
}

Descriptor inflate(uint64_t dst, uint64_t room, uint64_t src, uint64_t length, uint64_t stream,
		   uint8_t flags)
{
	Descriptor d{};

	d.op = ACCEL_SOFT_OP_INFLATE;
	d.flags = flags;
	d.compress = {
		.src = src, .dst = dst, .src_length = length, .dst_length = room, .stream = stream};
	return d;
}

Descriptor batch(const Descriptor *first, uint32_t count, accel_ring_record *records, uint8_t flags)
{
	Descriptor d{};

	d.op = ACCEL_SOFT_OP_BATCH;
	d.flags = flags;
	d.batch = {
		.descriptors = address_of(first), .records = address_of(records), .count = count};
	return d;
}

} // namespace accel::core::softdev::test
