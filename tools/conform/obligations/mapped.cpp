// SPDX-License-Identifier: MIT
// Obligations: address spaces of mode mapped, and the results of map and unmap.
#include "conform/raw.hpp"
#include "conform/tests.hpp"
#include "conform/work.hpp"

#include <algorithm>
#include <cerrno>
#include <list>
#include <sys/mman.h>

namespace accel::conform::tests {

namespace {

constexpr uint64_t kPage = 4096;
constexpr uint64_t kFixed = uint64_t{1} << 36;

accel_address_space_info query(const Space &space)
{
	accel_address_space_info info{.size = sizeof(info)};

	CHECK_OK(accel_address_space_query(space.get(), &info, err()));
	return info;
}

} // namespace

void map_where_asked(Test &test)
{
	Space space = test.space(ACCEL_ADDRESS_MODE_MAPPED);
	Memory memory(space, 2 * kPage);
	uint64_t iova = kFixed;

	CHECK_OK(accel_address_space_map(space.get(), memory.at(), kPage, Memory::kReadWrite, &iova,
					 err()));
	CHECK_EQ(iova, kFixed);
	/* The same memory at a second address; both work. */
	uint64_t second = kFixed + 16 * kPage;

	CHECK_OK(accel_address_space_map(space.get(), memory.at(), 2 * kPage, Memory::kReadWrite,
					 &second, err()));
	CHECK_EQ(second, kFixed + 16 * kPage);
	memory.randomize(test);
	Runner runner(test, space);

	CHECK_STATUS(runner.run_copy(second + kPage, iova, kPage), ACCEL_RING_STATUS_SUCCESS);
	CHECK_SAME(memory.at(kPage), memory.at(), kPage);
	CHECK_OK(accel_address_space_unmap(space.get(), iova, kPage, err()));
	CHECK_STATUS(runner.run_copy(memory.iova(), second, kPage), ACCEL_RING_STATUS_SUCCESS);
}

void map_chosen_do_not_overlap(Test &test)
{
	Space space = test.space(ACCEL_ADDRESS_MODE_MAPPED);
	Memory memory(space, 16 * kPage);
	std::vector<std::pair<uint64_t, uint64_t>> ranges{{memory.iova(), memory.size()}};

	for (int i = 0; i < 64; i++) {
		uint64_t length = test.pick(1, 15) * kPage, iova = 0;

		CHECK_OK(accel_address_space_map(space.get(), memory.at(test.pick(0, 1) * kPage),
						 length, Memory::kReadWrite, &iova, err()));
		CHECK(iova != 0, "the device chose address 0");
		ranges.emplace_back(iova, length);
	}
	std::ranges::sort(ranges);
	for (size_t i = 1; i < ranges.size(); i++)
		CHECK(ranges[i - 1].first + ranges[i - 1].second <= ranges[i].first,
		      "{:#x}+{:#x} overlaps {:#x}", ranges[i - 1].first, ranges[i - 1].second,
		      ranges[i].first);
}

void map_overlap(Test &test)
{
	Space space = test.space(ACCEL_ADDRESS_MODE_MAPPED);
	Memory memory(space, 8 * kPage);
	uint64_t base = kFixed;

	CHECK_OK(accel_address_space_map(space.get(), memory.at(), 4 * kPage, Memory::kReadWrite,
					 &base, err()));
	auto before = query(space);
	const struct {
		int64_t at;
		uint64_t length;
	} taken[] = {{0, 4 * kPage},
		     {0, kPage},
		     {kPage, kPage},
		     {3 * kPage, 4 * kPage},
		     {-static_cast<int64_t>(kPage), 2 * kPage},
		     {-static_cast<int64_t>(kPage), 8 * kPage}};

	for (auto [at, length] : taken) {
		uint64_t iova = kFixed + static_cast<uint64_t>(at);

		CHECK_ERRNO(accel_address_space_map(space.get(), memory.at(), length,
						    Memory::kReadWrite, &iova, err()),
			    EEXIST, ACCEL_REASON_OVERLAP);
	}
	CHECK_EQ(query(space).mappings, before.mappings);
	/* The addresses directly before and after the mapping are free. */
	for (uint64_t adjacent : {kFixed - kPage, kFixed + 4 * kPage})
		CHECK_OK(accel_address_space_map(space.get(), memory.at(), kPage,
						 Memory::kReadWrite, &adjacent, err()));
}

void map_refusals(Test &test)
{
	Space space = test.space(ACCEL_ADDRESS_MODE_MAPPED);
	Memory memory(space, 2 * kPage);
	uint64_t iova = 0;
	auto map = [&](void *address, uint64_t length, uint64_t access) {
		return accel_address_space_map(space.get(), address, length, access, &iova, err());
	};

	CHECK_ERRNO(map(memory.at(), 0, ACCEL_ACCESS_READ), EINVAL, ACCEL_REASON_OUT_OF_RANGE);
	CHECK_ERRNO(map(memory.at(), UINT64_MAX, ACCEL_ACCESS_READ), EINVAL,
		    ACCEL_REASON_OUT_OF_RANGE);
	CHECK_ERRNO(map(nullptr, kPage, ACCEL_ACCESS_READ), EFAULT, ACCEL_REASON_BAD_POINTER);
	CHECK_ERRNO(map(memory.at(), kPage, 0x4), EINVAL, ACCEL_REASON_UNKNOWN_FLAG);
	CHECK_ERRNO(
		map(reinterpret_cast<void *>(UINT64_MAX - kPage + 1), 2 * kPage, ACCEL_ACCESS_READ),
		EOVERFLOW, ACCEL_REASON_WRAPS);
	iova = UINT64_MAX - kPage + 1;
	CHECK_ERRNO(map(memory.at(), 2 * kPage, ACCEL_ACCESS_READ), EOVERFLOW, ACCEL_REASON_WRAPS);
	/* Absent memory, and memory that the process itself may not write. */
	iova = 0;
	CHECK_ERRNO(map(memory.at() + 2 * kPage, kPage, ACCEL_ACCESS_READ), EFAULT,
		    ACCEL_REASON_BAD_POINTER);
	CHECK_ERRNO(map(memory.at() + kPage, 2 * kPage, ACCEL_ACCESS_READ), EFAULT,
		    ACCEL_REASON_BAD_POINTER);
	CHECK(mprotect(memory.at(), kPage, PROT_READ) == 0, "mprotect(): errno {}", errno);
	CHECK_ERRNO(map(memory.at(), kPage, ACCEL_ACCESS_WRITE), EFAULT, ACCEL_REASON_BAD_POINTER);
	CHECK_EQ(iova, 0u);
	CHECK_EQ(query(space).mappings, 1u);
}

void map_one_source(Test &test)
{
	test.need_uabi();
	uint64_t space = raw_space(test.device(), ACCEL_ADDRESS_MODE_MAPPED);
	accel_buffer_range range{0x777777, 0, kPage};
	std::vector<unsigned char> memory(kPage);
	auto map = [&] {
		Raw raw(ACCEL_OBJECT_ADDRESS_SPACE, ACCEL_ADDRESS_SPACE_MAP);

		raw.u64(ACCEL_ADDRESS_SPACE_MAP_HANDLE, space);
		raw.u64(ACCEL_ADDRESS_SPACE_MAP_ACCESS, ACCEL_ACCESS_READ);
		raw.out64(ACCEL_ADDRESS_SPACE_MAP_IOVA);
		return raw;
	};
	uint64_t address = reinterpret_cast<uintptr_t>(memory.data());
	Raw neither = map(), both = map(), no_length = map(), no_buffer = map();

	RAW_ERRNO(neither, test.device(), EINVAL, 0, -1);
	both.u64(ACCEL_ADDRESS_SPACE_MAP_ADDRESS, address)
		.u64(ACCEL_ADDRESS_SPACE_MAP_LENGTH, kPage);
	both.memory(ACCEL_ADDRESS_SPACE_MAP_RANGE, &range, sizeof(range));
	RAW_ERRNO(both, test.device(), EINVAL, 0, -1);
	no_length.u64(ACCEL_ADDRESS_SPACE_MAP_ADDRESS, address);
	RAW_ERRNO(no_length, test.device(), EINVAL, ACCEL_REASON_MISSING_ATTRIBUTE,
		  ACCEL_ADDRESS_SPACE_MAP_LENGTH);
	no_buffer.memory(ACCEL_ADDRESS_SPACE_MAP_RANGE, &range, sizeof(range));
	RAW_ERRNO(no_buffer, test.device(), ENOENT, ACCEL_REASON_NO_HANDLE,
		  ACCEL_ADDRESS_SPACE_MAP_RANGE);
}

void unmap_is_exact(Test &test)
{
	Space space = test.space(ACCEL_ADDRESS_MODE_MAPPED);
	Memory memory(space, 4 * kPage);
	uint64_t iova = memory.iova(), length = memory.size();
	auto unmap = [&](uint64_t at, uint64_t bytes) {
		return accel_address_space_unmap(space.get(), at, bytes, err());
	};

	CHECK_ERRNO(unmap(iova, length - 1), ENXIO, ACCEL_REASON_NOT_MAPPED);
	CHECK_ERRNO(unmap(iova, length + 1), ENXIO, ACCEL_REASON_NOT_MAPPED);
	CHECK_ERRNO(unmap(iova + kPage, length - kPage), ENXIO, ACCEL_REASON_NOT_MAPPED);
	CHECK_ERRNO(unmap(iova + 1, length), ENXIO, ACCEL_REASON_NOT_MAPPED);
	CHECK_ERRNO(unmap(kFixed, kPage), ENXIO, ACCEL_REASON_NOT_MAPPED);
	CHECK_ERRNO(unmap(iova, 0), EINVAL, ACCEL_REASON_OUT_OF_RANGE);
	CHECK_ERRNO(unmap(iova, UINT64_MAX), ENXIO, ACCEL_REASON_NOT_MAPPED);
	CHECK_EQ(query(space).mapped_bytes, length);
	/* The mapping is complete and still works. */
	memory.randomize(test);
	Runner runner(test, space);

	CHECK_STATUS(runner.run_copy(iova + 2 * kPage, iova, 2 * kPage), ACCEL_RING_STATUS_SUCCESS);
	CHECK_SAME(memory.at(2 * kPage), memory.at(), 2 * kPage);
	memory.unmap();
	CHECK_ERRNO(unmap(iova, length), ENXIO, ACCEL_REASON_NOT_MAPPED);
	CHECK_EQ(query(space).mappings, 0u);
}

void map_buffer_ranges(Test &test)
{
	Buffer buffer = test.buffer(4 * kPage); // destroyed after the space that maps it
	Space space = test.space(ACCEL_ADDRESS_MODE_MAPPED);
	auto *bytes = static_cast<unsigned char *>(accel_buffer_address(buffer.get()));
	auto map = [&](uint64_t offset, uint64_t length, uint64_t &iova) {
		return accel_address_space_map_buffer(space.get(), buffer.get(), offset, length,
						      Memory::kReadWrite, &iova, err());
	};
	uint64_t none = 0, second = kFixed, last = kFixed + 8 * kPage;

	CHECK_ERRNO(map(0, 4 * kPage + 1, none), EOVERFLOW, ACCEL_REASON_WRAPS);
	CHECK_ERRNO(map(4 * kPage, 1, none), EOVERFLOW, ACCEL_REASON_WRAPS);
	CHECK_ERRNO(map(UINT64_MAX, 2, none), EOVERFLOW, ACCEL_REASON_WRAPS);
	CHECK_ERRNO(map(kPage, UINT64_MAX - 100, none), EOVERFLOW, ACCEL_REASON_WRAPS);
	CHECK_ERRNO(map(kPage, 0, none), EINVAL, 0);
	CHECK_EQ(none, 0u);
	CHECK_OK(map(kPage, kPage, second));
	CHECK_OK(map(3 * kPage, kPage, last));
	for (size_t i = 0; i < 4 * kPage; i++)
		bytes[i] = static_cast<unsigned char>(i / kPage);
	Runner runner(test, space);

	CHECK_STATUS(runner.run_copy(last, second, kPage), ACCEL_RING_STATUS_SUCCESS);
	CHECK_SAME(bytes + 3 * kPage, bytes + kPage, kPage);
	CHECK_EQ(bytes[2 * kPage], 2);
	/* Only that range of the buffer is mapped. */
	CHECK_STATUS(runner.run_copy(last, second + kPage, 1), ACCEL_RING_STATUS_READ_FAULT);
}

void spaces_are_apart(Test &test)
{
	Space first = test.space(ACCEL_ADDRESS_MODE_MAPPED),
	      second = test.space(ACCEL_ADDRESS_MODE_MAPPED);
	Memory one(first, kPage), two(second, kPage);
	uint64_t at = kFixed, same = kFixed;

	CHECK_OK(accel_address_space_map(first.get(), one.at(), kPage, Memory::kReadWrite, &at,
					 err()));
	Runner in_second(test, second), in_first(test, first);

	CHECK_STATUS(in_second.run_copy(two.iova(), kFixed, 16), ACCEL_RING_STATUS_READ_FAULT);
	CHECK_OK(accel_address_space_map(second.get(), two.at(), kPage, Memory::kReadWrite, &same,
					 err()));
	one.clear(1);
	two.clear(2);
	CHECK_STATUS(in_first.run_copy(kFixed + 64, kFixed, 64), ACCEL_RING_STATUS_SUCCESS);
	CHECK_STATUS(in_second.run_copy(kFixed + 64, kFixed, 64), ACCEL_RING_STATUS_SUCCESS);
	CHECK_EQ(one.at()[64], 1);
	CHECK_EQ(two.at()[64], 2);
}

void many_mappings(Test &test)
{
	constexpr unsigned kMany = 500;
	Space space = test.space(ACCEL_ADDRESS_MODE_MAPPED);
	Memory memory(space, kMany * kPage);
	std::vector<std::pair<uint64_t, unsigned>> made;

	for (unsigned i = 0; i < kMany; i++) {
		/* Every second page is free, so that the check can distinguish neighbours. */
		uint64_t iova = kFixed + uint64_t{i} * 2 * kPage;

		CHECK_OK(accel_address_space_map(space.get(), memory.at(i * kPage), kPage,
						 Memory::kReadWrite, &iova, err()));
		made.emplace_back(iova, i);
	}
	CHECK_EQ(query(space).mappings, kMany + 1);
	CHECK_EQ(query(space).mapped_bytes, 2 * memory.size());
	memory.randomize(test);
	std::ranges::shuffle(made, test.random());
	Runner runner(test, space, 64);

	for (size_t i = 1; i < made.size(); i++) {
		CHECK_STATUS(runner.run_copy(made[i].first, made[i - 1].first, 64),
			     ACCEL_RING_STATUS_SUCCESS);
		CHECK_SAME(memory.at(made[i].second * kPage), memory.at(made[i - 1].second * kPage),
			   64);
		CHECK_OK(accel_address_space_unmap(space.get(), made[i - 1].first, kPage, err()));
		CHECK_STATUS(runner.run_copy(made[i].first, made[i - 1].first, 64),
			     ACCEL_RING_STATUS_READ_FAULT);
	}
	CHECK_EQ(query(space).mappings, 2u);
}

} // namespace accel::conform::tests
