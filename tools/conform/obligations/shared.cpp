// SPDX-License-Identifier: MIT
// Obligations: address spaces of mode shared, in which every address of the process is valid.
#include "conform/files.hpp"
#include "conform/tests.hpp"
#include "conform/work.hpp"

#include <cerrno>
#include <memory>
#include <sys/mman.h>

namespace accel::conform::tests {

namespace {

constexpr size_t kBytes = 10000;

unsigned char static_source[kBytes], static_target[kBytes];
thread_local unsigned char thread_memory[kBytes];

uint64_t address(const void *p)
{
	return reinterpret_cast<uintptr_t>(p);
}

void fill(Test &test, unsigned char *at, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		at[i] = static_cast<unsigned char>(test.random()());
}

void check_copy(Test &test, Runner &runner, unsigned char *to, unsigned char *from)
{
	fill(test, from, kBytes);
	fill(test, to, kBytes);
	/* The addresses are unaligned, and the first and the last byte must not change. */
	unsigned char first = to[0], last = to[kBytes - 1];

	CHECK_STATUS(runner.run_copy(address(to) + 1, address(from) + 1, kBytes - 2),
		     ACCEL_RING_STATUS_SUCCESS);
	CHECK_SAME(to + 1, from + 1, kBytes - 2);
	CHECK(to[0] == first && to[kBytes - 1] == last, "a byte next to the range was written");
}

} // namespace

void shared_any_pointer(Test &test)
{
	Space space = test.space(ACCEL_ADDRESS_MODE_SHARED);
	Runner runner(test, space);
	auto heap = std::make_unique<unsigned char[]>(kBytes);
	unsigned char stack[kBytes];

	check_copy(test, runner, stack, heap.get());
	check_copy(test, runner, static_target, stack);
	check_copy(test, runner, heap.get(), static_source);
	check_copy(test, runner, thread_memory, static_target);
	check_copy(test, runner, static_source, thread_memory);
}

void shared_new_mappings(Test &test)
{
	Space space = test.space(ACCEL_ADDRESS_MODE_SHARED);
	Runner runner(test, space);
	constexpr size_t kPages = 3 * size_t{4096};

	/* Memory of every kind that was mapped after the queue was created. */
	for (int round = 0; round < 20; round++) {
		UniqueFd file = make_memfd(kPages);
		void *anonymous = mmap(nullptr, kPages, PROT_READ | PROT_WRITE,
				       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		void *shared =
			mmap(nullptr, kPages, PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0);

		CHECK(anonymous != MAP_FAILED && shared != MAP_FAILED, "mmap(): errno {}", errno);
		check_copy(test, runner, static_cast<unsigned char *>(anonymous),
			   static_cast<unsigned char *>(shared));
		check_copy(test, runner, static_cast<unsigned char *>(shared),
			   static_cast<unsigned char *>(anonymous));
		munmap(anonymous, kPages);
		munmap(shared, kPages);
	}
}

void shared_read_only_source(Test &test)
{
	Space space = test.space(ACCEL_ADDRESS_MODE_SHARED);
	Runner runner(test, space);
	void *page =
		mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK(page != MAP_FAILED, "mmap(): errno {}", errno);
	fill(test, static_cast<unsigned char *>(page), 4096);
	CHECK(mprotect(page, 4096, PROT_READ) == 0, "mprotect(): errno {}", errno);
	CHECK_STATUS(runner.run_copy(address(static_target), address(page), 4096),
		     ACCEL_RING_STATUS_SUCCESS);
	CHECK_SAME(static_target, static_cast<unsigned char *>(page), 4096);
	munmap(page, 4096);
}

void shared_buffer_memory(Test &test)
{
	Space space = test.space(ACCEL_ADDRESS_MODE_SHARED);
	Buffer from = test.buffer(kBytes), to = test.buffer(kBytes);
	Runner runner(test, space);

	check_copy(test, runner, static_cast<unsigned char *>(accel_buffer_address(to.get())),
		   static_cast<unsigned char *>(accel_buffer_address(from.get())));
}

void shared_has_no_mappings(Test &test)
{
	Space space = test.space(ACCEL_ADDRESS_MODE_SHARED);
	accel_address_space_info info{.size = sizeof(info)};
	uint64_t iova = 0;
	/* A device without mapped address spaces does not have these operations. */
	const bool maps = test.caps().features & ACCEL_FEATURE_MAPPED_ADDRESS_SPACE;

	CHECK_ERRNO(accel_address_space_map(space.get(), static_source, kBytes, ACCEL_ACCESS_READ,
					    &iova, err()),
		    maps ? EINVAL : EOPNOTSUPP, 0);
	CHECK_EQ(iova, 0u);
	CHECK_ERRNO(accel_address_space_unmap(space.get(), address(static_source), kBytes, err()),
		    maps ? ENXIO : EOPNOTSUPP,
		    maps ? ACCEL_REASON_NOT_MAPPED : ACCEL_REASON_UNSUPPORTED);
	CHECK_OK(accel_address_space_query(space.get(), &info, err()));
	CHECK_EQ(info.mode, ACCEL_ADDRESS_MODE_SHARED);
	CHECK_EQ(info.mappings, 0u);
	CHECK_EQ(info.mapped_bytes, 0u);
}

void pasid_or_reason(Test &test)
{
	Space space = test.any_space();
	accel_address_space_info info{.size = sizeof(info)};

	CHECK_OK(accel_address_space_query(space.get(), &info, err()));
	CHECK_EQ(info.mode, space.mode);
	CHECK(has_pasid(info) ? !info.pasid_reason[0] : info.pasid_reason[0] != 0,
	      "has_pasid {}, reason \"{}\"", has_pasid(info), info.pasid_reason);
	if (has_pasid(info))
		CHECK_LE(info.pasid, 0xfffffu);
	bool feature = test.caps().features & ACCEL_FEATURE_PASID;

	if (has_pasid(info))
		CHECK(feature,
		      "the address space has a PASID, but the device lacks the feature bit");
}

void unknown_address_mode(Test &test)
{
	accel_address_space *space = nullptr;

	test.any_space();
	/* A C++ program can only get such a value by a cast. */
	for (unsigned mode : {0u, 4u})
		CHECK_ERRNO(accel_address_space_create(test.device(),
						       static_cast<accel_address_mode>(mode),
						       &space, err()),
			    EINVAL, ACCEL_REASON_UNKNOWN_MEMBER);
	CHECK_EQ(space, nullptr);
}

} // namespace accel::conform::tests
