// SPDX-License-Identifier: MIT
// Tests of address spaces of mode mapped: access limits to the byte; mapping and unmapping, also during use.
#include "soft/tests/test_client.hpp"

#include <atomic>
#include <sys/mman.h>
#include <thread>

namespace accel::core::softdev::test {
namespace {

class Mapped : public testing::Test {
protected:
	struct MapArguments {
		std::optional<uint64_t> address = {}, length = {};
		std::optional<uint64_t> fixed_iova = {};
		uint64_t access = kRead;
		const accel_buffer_range *range = nullptr;
		uint64_t handle = 0; // 0: space_
	};
	/// Map, and expect the errno with its reason.
	void map(const MapArguments &arguments, int code, unsigned reason = ACCEL_REASON_NONE)
	{
		AddressSpaceMap message;

		message.handle(arguments.handle ? arguments.handle : space_)
			.access(arguments.access);
		if (arguments.address)
			message.address(*arguments.address);
		if (arguments.length)
			message.length(*arguments.length);
		if (arguments.fixed_iova)
			message.fixed_iova(*arguments.fixed_iova);
		if (arguments.range)
			message.range(*arguments.range);
		EXPECT_EQ(client_.send(message), -code) << message.error().text;
		if (code) {
			EXPECT_EQ(message.error().reason, reason) << message.error().text;
		}
	}

	Client client_;
	uint64_t space_ = client_.mapped();
	TestQueue queue_{client_, space_};
	std::vector<uint8_t> memory_ = noise(8 * kPageBytes);
};

TEST_F(Mapped, EveryByteOfARangeIsChecked)
{
	constexpr uint64_t kLength = 4096;
	const uint64_t in = client_.map(space_, memory_.data() + 3, kLength, kRead);
	const uint64_t out = client_.map(space_, memory_.data() + 3 * kPageBytes, kLength, kWrite);
	struct Case {
		uint64_t offset, length;
		uint8_t status;
		uint64_t fault; // from the start of the range
	};
	constexpr uint8_t kGood = ACCEL_RING_STATUS_SUCCESS;

	for (const Case &c :
	     {Case{0, kLength, kGood, 0}, Case{0, 1, kGood, 0}, Case{kLength - 1, 1, kGood, 0},
	      Case{kLength - 1, 2, ACCEL_RING_STATUS_READ_FAULT, kLength},
	      Case{kLength, 1, ACCEL_RING_STATUS_READ_FAULT, kLength},
	      Case{0, kLength + 1, ACCEL_RING_STATUS_READ_FAULT, kLength},
	      Case{UINT64_MAX, 1, ACCEL_RING_STATUS_READ_FAULT, UINT64_MAX},
	      Case{UINT64_MAX, 2, ACCEL_RING_STATUS_READ_FAULT, UINT64_MAX}}) {
		accel_completion done = queue_.run(crc32c(in + c.offset, c.length));
		EXPECT_EQ(+done.status, +c.status) << c.offset << " + " << c.length;
		if (c.status != kGood) {
			EXPECT_EQ(done.address, in + c.fault);
			EXPECT_EQ(done.field, 8);
		}
	}
	/* Only with the permission of the mapping. */
	accel_completion done = queue_.run(crc32c(out, 1));
	EXPECT_EQ(done.status, ACCEL_RING_STATUS_READ_FAULT);
	done = queue_.run(fill(in, 1, 0));
	EXPECT_EQ(done.status, ACCEL_RING_STATUS_WRITE_FAULT);
	EXPECT_EQ(done.address, in);
	EXPECT_EQ(done.field, 16);
	done = queue_.run(fill(out, kLength + 1, 0));
	EXPECT_EQ(done.status, ACCEL_RING_STATUS_WRITE_FAULT);
	EXPECT_EQ(done.address, out + kLength);
	EXPECT_EQ(queue_.run(fill(out, kLength, 0)).status, ACCEL_RING_STATUS_SUCCESS);
}

TEST_F(Mapped, AddressesOfTheProcessMeanNothing)
{
	EXPECT_EQ(queue_.run(crc32c(address_of(memory_.data()), 1)).status,
		  ACCEL_RING_STATUS_READ_FAULT);
	EXPECT_EQ(queue_.run(crc32c(0, 1)).status, ACCEL_RING_STATUS_READ_FAULT);
	EXPECT_EQ(queue_.run(crc32c(0, 0)).status, ACCEL_RING_STATUS_SUCCESS);
}

TEST_F(Mapped, NothingIsDoneBeforeAFault)
{
	auto before = memory_;
	const uint64_t iova = client_.map(space_, memory_.data(), kPageBytes);

	EXPECT_EQ(queue_.run(copy(iova + kPageBytes - 8, iova, 9)).status,
		  ACCEL_RING_STATUS_WRITE_FAULT);
	EXPECT_EQ(queue_.run(fill(iova, kPageBytes + 1, 7)).status, ACCEL_RING_STATUS_WRITE_FAULT);
	EXPECT_EQ(memory_, before);
}

TEST_F(Mapped, NeighboursMakeOneRangeAndAGapDoesNot)
{
	constexpr uint64_t kAt = 1 << 20;
	std::vector<uint8_t> expected;

	/* In the process: third piece, first piece, second piece; the fourth follows the second. */
	client_.map_at(space_, kAt, memory_.data() + 5000, 700);
	client_.map_at(space_, kAt + 700, memory_.data() + 9000, 300, kRead);
	client_.map_at(space_, kAt + 1000, memory_.data() + 9300, 500);
	client_.map_at(space_, kAt + 1501, memory_.data() + 100, 10);
	std::vector<uint8_t> out(1500);
	const uint64_t to = client_.map(space_, out.data(), out.size(), kWrite);
	expected.insert(expected.end(), memory_.begin() + 5000, memory_.begin() + 5700);
	expected.insert(expected.end(), memory_.begin() + 9000, memory_.begin() + 9800);

	EXPECT_EQ(queue_.run(copy(to, kAt, 1500)).status, ACCEL_RING_STATUS_SUCCESS);
	EXPECT_EQ(out, expected);
	EXPECT_EQ(queue_.run(copy(to, kAt + 700, 800)).status, ACCEL_RING_STATUS_SUCCESS);
	EXPECT_EQ(memcmp(out.data(), memory_.data() + 9000, 800), 0);

	accel_completion done = queue_.run(crc32c(kAt, 1501));
	EXPECT_EQ(done.status, ACCEL_RING_STATUS_READ_FAULT);
	EXPECT_EQ(done.address, kAt + 1500);
	done = queue_.run(fill(kAt + 10, 1000, 0));
	EXPECT_EQ(done.status, ACCEL_RING_STATUS_WRITE_FAULT) << "the middle is read-only";
	EXPECT_EQ(done.address, kAt + 700);
}

TEST_F(Mapped, ChosenAddressesKeepTheOffsetInThePage)
{
	std::vector<std::pair<uint64_t, uint64_t>> taken;

	for (uint64_t offset : {0, 1, 63, 4095, 2048, 5000}) {
		const uint64_t length = 1 + offset % 4096;
		const uint8_t *at = memory_.data() + offset;
		const uint64_t iova = client_.map(space_, at, length);
		EXPECT_EQ(iova % kPageBytes, address_of(at) % kPageBytes);
		EXPECT_GE(iova, kPageBytes);
		for (auto [from, to] : taken)
			EXPECT_TRUE(iova + length <= from || iova >= to);
		taken.emplace_back(iova / kPageBytes * kPageBytes,
				   (iova + length + kPageBytes - 1) / kPageBytes * kPageBytes);
	}
	/* A gap is reused. */
	const uint64_t first = client_.map(space_, memory_.data(), 10);
	EXPECT_EQ(client_.unmap(space_, first, 10), 0);
	EXPECT_EQ(client_.map(space_, memory_.data(), 10), first);
}

TEST_F(Mapped, FixedAddressesMustBeFree)
{
	const uint64_t memory = address_of(memory_.data());
	auto at = [&](uint64_t iova, uint64_t length) {
		return MapArguments{.address = memory, .length = length, .fixed_iova = iova};
	};

	client_.map_at(space_, 0x10000, memory_.data(), 0x1000);
	for (uint64_t iova : {0x10000, 0xffff, 0x10fff, 0x10800})
		map(at(iova, 0x100), EEXIST, ACCEL_REASON_OVERLAP);
	map(at(0xf000, 0x3000), EEXIST, ACCEL_REASON_OVERLAP);
	map(at(UINT64_MAX - 5, 10), EOVERFLOW, ACCEL_REASON_WRAPS);
	map(at(1, 10), EINVAL, ACCEL_REASON_OUT_OF_RANGE);
	map(at(4095, 10), EINVAL, ACCEL_REASON_OUT_OF_RANGE);
	map(at(0x11000, 0x100), 0);
	map(at(0xff00, 0x100), 0);
	map(at(UINT64_MAX - 10, 10), 0);
	EXPECT_EQ(queue_.run(crc32c(UINT64_MAX - 10, 10)).status, ACCEL_RING_STATUS_SUCCESS);
	accel_completion done = queue_.run(crc32c(UINT64_MAX - 10, 11));
	EXPECT_EQ(done.status, ACCEL_RING_STATUS_READ_FAULT);
	EXPECT_EQ(done.address, UINT64_MAX);
}

TEST_F(Mapped, OnlyMemoryThatIsThere)
{
	void *area;
	ASSERT_EQ(sys::mmap(&area, nullptr, 3 * kPageBytes, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS,
			    -1, 0),
		  0);
	const uint64_t at = address_of(area);
	sys::munmap(static_cast<uint8_t *>(area) + kPageBytes, kPageBytes);
	auto memory = [&](uint64_t address, uint64_t length, uint64_t access) {
		return MapArguments{.address = address, .length = length, .access = access};
	};

	map(memory(0, 10, kRead), EFAULT, ACCEL_REASON_BAD_POINTER);
	map(memory(at, kPageBytes + 1, kRead), EFAULT, ACCEL_REASON_BAD_POINTER);
	map(memory(at + kPageBytes, 1, kRead), EFAULT, ACCEL_REASON_BAD_POINTER);
	map(memory(at, 1, kReadWrite), EFAULT, ACCEL_REASON_BAD_POINTER);
	map(memory(UINT64_MAX - 100000, 10, kRead), EFAULT, ACCEL_REASON_BAD_POINTER);
	map(memory(UINT64_MAX - 5, 10, kRead), EOVERFLOW, ACCEL_REASON_WRAPS);
	map(memory(at, kPageBytes, kRead), 0);
	sys::munmap(area, 3 * kPageBytes);
}

TEST_F(Mapped, WhatMapIsToldMustFitTogether)
{
	const uint64_t memory = address_of(memory_.data());
	BufferCreate buffer;
	client_.good(buffer.size(5000));
	accel_buffer_range range{.memory = buffer.handle(), .offset = 0, .length = 100};
	map({}, EINVAL, ACCEL_REASON_MISSING_ATTRIBUTE);
	map({.address = memory}, EINVAL, ACCEL_REASON_MISSING_ATTRIBUTE);
	map({.address = memory, .range = &range}, EINVAL, ACCEL_REASON_DUPLICATE_ATTRIBUTE);
	map({.length = 5, .range = &range}, EINVAL, ACCEL_REASON_DUPLICATE_ATTRIBUTE);
	map({.address = memory, .length = 0}, EINVAL, ACCEL_REASON_OUT_OF_RANGE);
	map({.address = memory, .length = 5, .access = 0}, EINVAL, ACCEL_REASON_OUT_OF_RANGE);
	map({.address = memory, .length = 5, .access = 4}, EINVAL, ACCEL_REASON_UNKNOWN_FLAG);
	range.length = 0;
	map({.range = &range}, EINVAL, ACCEL_REASON_OUT_OF_RANGE);
	range = {.memory = buffer.handle(), .offset = 8192, .length = 1};
	map({.range = &range}, EOVERFLOW, ACCEL_REASON_WRAPS);
	range = {.memory = buffer.handle(), .offset = 10, .length = UINT64_MAX - 5};
	map({.range = &range}, EOVERFLOW, ACCEL_REASON_WRAPS);
	range = {.memory = space_, .offset = 0, .length = 1};
	map({.range = &range}, ENOENT, ACCEL_REASON_HANDLE_TYPE);
	range = {.memory = 77, .offset = 0, .length = 1};
	map({.range = &range}, ENOENT, ACCEL_REASON_NO_HANDLE);

	const uint64_t shared = client_.shared();
	map({.address = memory, .length = 5, .handle = shared}, EINVAL, ACCEL_REASON_OUT_OF_RANGE);
	map({.address = memory, .length = 5, .handle = buffer.handle()}, ENOENT,
	    ACCEL_REASON_HANDLE_TYPE);
	EXPECT_EQ(client_.unmap(shared, 4096, 5), -ENXIO);
}

TEST_F(Mapped, UnmapTakesExactlyOneMapping)
{
	const uint64_t a = client_.map(space_, memory_.data(), 100);
	const uint64_t b = client_.map_at(space_, a + 100, memory_.data() + 100, 100);

	EXPECT_EQ(client_.unmap(space_, a, 99), -ENXIO);
	EXPECT_EQ(client_.unmap(space_, a, 200), -ENXIO);
	EXPECT_EQ(client_.unmap(space_, a + 1, 99), -ENXIO);
	EXPECT_EQ(client_.unmap(space_, a, 100), 0);
	EXPECT_EQ(client_.unmap(space_, a, 100), -ENXIO);
	EXPECT_EQ(queue_.run(crc32c(a, 1)).status, ACCEL_RING_STATUS_READ_FAULT);
	EXPECT_EQ(queue_.run(crc32c(b, 1)).status, ACCEL_RING_STATUS_SUCCESS);

	AddressSpaceQuery query;
	char reason[160];
	client_.good(query.handle(space_)
			     .want_mode()
			     .want_mappings()
			     .want_mapped_bytes()
			     .want_pasid()
			     .want_pasid_reason(reason));
	EXPECT_EQ(query.mode(), static_cast<uint32_t>(ACCEL_ADDRESS_MODE_MAPPED));
	EXPECT_EQ(query.mappings(), 1u);
	EXPECT_EQ(query.mapped_bytes(), 100u);
	EXPECT_FALSE(query.pasid());
	EXPECT_FALSE(query.pasid_reason().value_or("").empty());
}

TEST_F(Mapped, SpacesDoNotSeeEachOther)
{
	const uint64_t other = client_.mapped();
	const uint64_t iova = client_.map(space_, memory_.data(), 64);
	TestQueue elsewhere(client_, other);

	EXPECT_EQ(elsewhere.run(crc32c(iova, 64)).status, ACCEL_RING_STATUS_READ_FAULT);
	EXPECT_EQ(client_.map(other, memory_.data() + 64, 64), iova + 64);
}

} // namespace
} // namespace accel::core::softdev::test
