// SPDX-License-Identifier: MIT
// Obligations: the device enforces a mapped address space for every byte of a descriptor's ranges.
#include "conform/tests.hpp"
#include "conform/work.hpp"

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <thread>

namespace accel::conform::tests {

namespace {

constexpr uint64_t kPage = 4096;
constexpr uint64_t kFixed = uint64_t{1} << 36;

struct Range {
	uint64_t begin, end;
};

/* The copy must have failed with @status, at a byte of @denied, in the right field. */
void check_fault(const Runner &runner, const accel_completion &c, unsigned status, Range denied,
		 Place place)
{
	uint8_t field = status == ACCEL_RING_STATUS_READ_FAULT ? runner.workload().from_field :
								 runner.workload().to_field;

	runner.work().need_faults();
	check_status(c, status, place);
	if (c.field != field)
		fail(place,
		     fmt::format("field is {}, not {}; {}", c.field, field, completion_text(c)));
	if (c.address < denied.begin || c.address >= denied.end)
		fail(place, fmt::format("the address is not in {:#x} to {:#x}; {}", denied.begin,
					denied.end, completion_text(c)));
}

#define CHECK_FAULT(completion, status, begin, end) \
	check_fault(runner, (completion), (status), {(begin), (end)}, CONFORM_HERE)

void map_at(const Space &space, void *memory, uint64_t bytes, uint64_t access, uint64_t iova)
{
	uint64_t at = iova;

	CHECK_OK(accel_address_space_map(space.get(), memory, bytes, access, &at, err()));
	CHECK_EQ(at, iova);
}

} // namespace

void only_what_is_mapped(Test &test)
{
	Space space = test.space(ACCEL_ADDRESS_MODE_MAPPED);
	Memory memory(space, kPage);
	Runner runner(test, space);
	static unsigned char outside[256];
	auto pointer = reinterpret_cast<uintptr_t>(outside);

	std::memset(outside, 0x5a, sizeof(outside));
	/* The process's own addresses are not mapped. */
	for (uint64_t at :
	     {uint64_t{8}, uint64_t{pointer}, kFixed, uint64_t{1} << 47, UINT64_MAX - kPage}) {
		CHECK_FAULT(runner.run_copy(memory.iova(), at, 64), ACCEL_RING_STATUS_READ_FAULT,
			    at, at + 64);
		CHECK_FAULT(runner.run_copy(at, memory.iova(), 64), ACCEL_RING_STATUS_WRITE_FAULT,
			    at, at + 64);
	}
	for (unsigned char byte : outside)
		CHECK_EQ(byte, 0x5a);
}

void permissions(Test &test)
{
	Space space = test.space(ACCEL_ADDRESS_MODE_MAPPED);
	Memory readable(space, kPage, ACCEL_ACCESS_READ),
		writable(space, kPage, ACCEL_ACCESS_WRITE);
	Runner runner(test, space);

	readable.clear(1);
	writable.clear(2);
	CHECK_FAULT(runner.run_copy(readable.iova(), readable.iova(8), 8),
		    ACCEL_RING_STATUS_WRITE_FAULT, readable.iova(), readable.iova(8));
	CHECK_FAULT(runner.run_copy(writable.iova(), writable.iova(8), 8),
		    ACCEL_RING_STATUS_READ_FAULT, writable.iova(8), writable.iova(16));
	CHECK_EQ(readable.at()[0], 1);
	CHECK_EQ(writable.at()[0], 2);
	CHECK_STATUS(runner.run_copy(writable.iova(), readable.iova(), kPage),
		     ACCEL_RING_STATUS_SUCCESS);
	CHECK_EQ(writable.at()[kPage - 1], 1);
}

void edges(Test &test)
{
	Space space = test.space(ACCEL_ADDRESS_MODE_MAPPED);
	Memory memory(space, 4 * kPage), other(space, 4 * kPage);
	const uint64_t begin = kFixed, end = kFixed + 2 * kPage;
	Runner runner(test, space);

	map_at(space, memory.at(kPage), 2 * kPage, Memory::kReadWrite, begin);
	for (uint64_t length : {1ull, 2ull, 7ull, 64ull, 4095ull, 4096ull, 8192ull}) {
		for (int64_t slip : {-9, -8, -2, -1, 0, 1, 2, 8, 9}) {
			uint64_t low = begin + static_cast<uint64_t>(slip);
			uint64_t high = end - length + static_cast<uint64_t>(slip);
			auto read = runner.run_copy(other.iova(), low, length);
			auto write = runner.run_copy(high, other.iova(), length);

			if (slip < 0)
				CHECK_FAULT(read, ACCEL_RING_STATUS_READ_FAULT, low, begin);
			else if (low + length <= end)
				CHECK_STATUS(read, ACCEL_RING_STATUS_SUCCESS);
			else
				CHECK_FAULT(read, ACCEL_RING_STATUS_READ_FAULT, end, low + length);
			if (slip > 0)
				CHECK_FAULT(write, ACCEL_RING_STATUS_WRITE_FAULT, end,
					    high + length);
			else if (high >= begin)
				CHECK_STATUS(write, ACCEL_RING_STATUS_SUCCESS);
			else
				CHECK_FAULT(write, ACCEL_RING_STATUS_WRITE_FAULT, high, begin);
		}
	}
}

void faulting_copy_stays_inside(Test &test)
{
	Space space = test.space(ACCEL_ADDRESS_MODE_MAPPED);
	Memory memory(space, 3 * kPage), source(space, 2 * kPage);
	Runner runner(test, space);

	map_at(space, memory.at(kPage), kPage, ACCEL_ACCESS_READ | ACCEL_ACCESS_WRITE, kFixed);
	source.clear(1);
	memory.clear(0);
	/* Only the middle page is mapped there; the copy continues after it. */
	CHECK_FAULT(runner.run_copy(kFixed + kPage - 64, source.iova(), 128),
		    ACCEL_RING_STATUS_WRITE_FAULT, kFixed + kPage, kFixed + kPage + 64);
	for (size_t i = 0; i < kPage; i++) {
		CHECK_EQ(memory.at(2 * kPage)[i], 0);
		CHECK_EQ(memory.at()[i], 0);
	}
}

void unmapped_is_gone(Test &test)
{
	Space space = test.space(ACCEL_ADDRESS_MODE_MAPPED);
	Memory memory(space, kPage);
	Runner runner(test, space);
	uint64_t length = kPage;

	memory.clear(3);
	for (int i = 0; i < 100; i++) {
		map_at(space, memory.at(), length, Memory::kReadWrite, kFixed);
		CHECK_STATUS(runner.run_copy(memory.iova(), kFixed, 64), ACCEL_RING_STATUS_SUCCESS);
		CHECK_OK(accel_address_space_unmap(space.get(), kFixed, length, err()));
		CHECK_FAULT(runner.run_copy(memory.iova(), kFixed, 64),
			    ACCEL_RING_STATUS_READ_FAULT, kFixed, kFixed + 64);
	}
}

void adjacent_mappings(Test &test)
{
	Space space = test.space(ACCEL_ADDRESS_MODE_MAPPED);
	Memory memory(space, 3 * kPage), target(space, 4 * kPage);
	Runner runner(test, space);

	/* Adjacent for the device, in another order in memory. */
	for (unsigned i = 0; i < 3; i++)
		map_at(space, memory.at((2 - i) * kPage), kPage, Memory::kReadWrite,
		       kFixed + i * kPage);
	for (int i = 0; i < 50; i++) {
		uint64_t from = test.pick(0, 3 * kPage - 1);
		uint64_t length = test.pick(1, 3 * kPage - from);

		memory.randomize(test);
		target.randomize(test);
		CHECK_STATUS(runner.run_copy(target.iova(), kFixed + from, length),
			     ACCEL_RING_STATUS_SUCCESS);
		for (uint64_t k = 0; k < length; k++) {
			uint64_t at = from + k;

			CHECK_EQ(target.at()[k], memory.at((2 - at / kPage) * kPage)[at % kPage]);
		}
		CHECK_STATUS(runner.run_copy(kFixed + from, target.iova(), length),
			     ACCEL_RING_STATUS_SUCCESS);
	}
	/* The middle mapping is read-only, so a write across it stops there. */
	CHECK_OK(accel_address_space_unmap(space.get(), kFixed + kPage, kPage, err()));
	map_at(space, memory.at(kPage), kPage, ACCEL_ACCESS_READ, kFixed + kPage);
	CHECK_FAULT(runner.run_copy(kFixed, target.iova(), 3 * kPage),
		    ACCEL_RING_STATUS_WRITE_FAULT, kFixed + kPage, kFixed + 2 * kPage);
	CHECK_STATUS(runner.run_copy(target.iova(), kFixed, 3 * kPage), ACCEL_RING_STATUS_SUCCESS);
}

void wrapping_ranges(Test &test)
{
	Space space = test.space(ACCEL_ADDRESS_MODE_MAPPED);
	Memory memory(space, kPage);
	Runner runner(test, space);

	for (uint64_t at : {UINT64_MAX, UINT64_MAX - 1, UINT64_MAX - 15}) {
		auto read = runner.run_copy(memory.iova(), at, 64);
		auto write = runner.run_copy(at, memory.iova(), 64);

		CHECK(read.status == ACCEL_RING_STATUS_READ_FAULT ||
			      read.status == ACCEL_RING_STATUS_BAD_FIELD,
		      "{}", completion_text(read));
		CHECK(write.status == ACCEL_RING_STATUS_WRITE_FAULT ||
			      write.status == ACCEL_RING_STATUS_BAD_FIELD,
		      "{}", completion_text(write));
	}
	for (uint64_t length : {UINT64_MAX, UINT64_MAX - memory.iova(), uint64_t{1} << 63}) {
		auto completion = runner.run_copy(memory.iova(), memory.iova(), length);

		CHECK_NE(completion.status, ACCEL_RING_STATUS_SUCCESS);
	}
	CHECK_STATUS(runner.run_nop(), ACCEL_RING_STATUS_SUCCESS);
}

void unmap_while_busy(Test &test)
{
	Space space = test.space(ACCEL_ADDRESS_MODE_MAPPED);
	constexpr size_t kPiece = 1 << 18, kJobs = 40, kBytes = kJobs * kPiece;
	Memory memory(space, kBytes), source(space, kPiece);
	Runner runner(test, space, 64);

	source.clear(1);
	for (int i = 0; i < 30; i++) {
		map_at(space, memory.at(), kBytes, ACCEL_ACCESS_WRITE, kFixed);
		for (size_t k = 0; k < kJobs; k++)
			runner.post_copy(kFixed + k * kPiece, source.iova(), kPiece);
		/* Some descriptors are complete, some are executing, the others find no mapping. */
		runner.take();
		CHECK_OK(accel_address_space_unmap(space.get(), kFixed, kBytes, err()));
		memory.clear(2);
		while (runner.outstanding()) {
			accel_completion c = runner.take();

			CHECK(c.status == ACCEL_RING_STATUS_SUCCESS ||
				      c.status == ACCEL_RING_STATUS_WRITE_FAULT,
			      "{}", completion_text(c));
		}
		for (size_t k = 0; k < kBytes; k += 64)
			CHECK(memory.at()[k] == 2,
			      "byte {} was written after accel_address_space_unmap() returned", k);
	}
}

void unaligned_mapping(Test &test)
{
	Space space = test.space(ACCEL_ADDRESS_MODE_MAPPED);
	Memory memory(space, kPage);
	Runner runner(test, space);
	uint64_t iova = 0;
	int result = accel_address_space_map(space.get(), memory.at(100), 1000, Memory::kReadWrite,
					     &iova, err());

	if (result) {
		check_errno(result, EINVAL, ACCEL_REASON_UNALIGNED, "map 1000 bytes at 100",
			    CONFORM_HERE);
		return;
	}
	/* A device that accepts such a mapping enforces it to the byte. */
	CHECK_STATUS(runner.run_copy(memory.iova(2000), iova, 1000), ACCEL_RING_STATUS_SUCCESS);
	CHECK_SAME(memory.at(2000), memory.at(100), 1000);
	CHECK_FAULT(runner.run_copy(memory.iova(2000), iova, 1001), ACCEL_RING_STATUS_READ_FAULT,
		    iova + 1000, iova + 1001);
	CHECK_FAULT(runner.run_copy(memory.iova(2000), iova - 1, 2), ACCEL_RING_STATUS_READ_FAULT,
		    iova - 1, iova);
	CHECK_OK(accel_address_space_unmap(space.get(), iova, 1000, err()));
}

#undef CHECK_FAULT

} // namespace accel::conform::tests
