// SPDX-License-Identifier: MIT
// Obligations: buffers, allocated, registered, imported and exported.
#include "conform/files.hpp"
#include "conform/raw.hpp"
#include "conform/tests.hpp"
#include "conform/work.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <utility>

namespace accel::conform::tests {

namespace {

constexpr uint64_t kPage = 4096;

unsigned char *bytes_of(const Buffer &buffer)
{
	return static_cast<unsigned char *>(accel_buffer_address(buffer.get()));
}

Buffer import(Test &test, int fd, const Device *device = nullptr)
{
	return NEED(Buffer::from_file(device ? *device : test.owner(), fd));
}

Buffer own_memory(Test &test, const Memory &memory, uint64_t access)
{
	return NEED(
		Buffer::from_memory(test.owner(), std::as_writable_bytes(memory.bytes()), access));
}

UniqueFd export_of(const Buffer &buffer, uint32_t *kind = nullptr)
{
	int fd = -1;

	NEED_OK(accel_buffer_export(buffer.get(), &fd, kind, err()));
	CHECK_GE(fd, 0);
	return UniqueFd(fd);
}

} // namespace

void buffer_is_zeroed(Test &test)
{
	for (uint64_t size : {1ull, 4095ull, 4096ull, 4097ull, 1000000ull}) {
		Buffer buffer = test.buffer(size);
		unsigned char *at = bytes_of(buffer);

		CHECK_GE(accel_buffer_size(buffer.get()), size);
		CHECK_EQ(accel_buffer_size(buffer.get()) % kPage, 0u);
		CHECK_EQ(reinterpret_cast<uintptr_t>(at) % kPage, 0u);
		CHECK(std::all_of(at, at + accel_buffer_size(buffer.get()),
				  [](unsigned char c) { return c == 0; }),
		      "a new buffer of {} bytes is not all zero", size);
		/* Freed with other content, which the next buffer must not show. */
		std::memset(at, 0xa5, accel_buffer_size(buffer.get()));
	}
}

void buffer_sizes(Test &test)
{
	accel_buffer *buffer = nullptr;

	test.buffer(1);
	for (uint64_t size : {uint64_t{0}, uint64_t{1} << 62, UINT64_MAX}) {
		CHECK_ERRNO(create_buffer(test.device(), size, &buffer, err()), EINVAL,
			    ACCEL_REASON_OUT_OF_RANGE);
		CHECK_EQ(last_error().value, size);
	}
	CHECK_EQ(buffer, nullptr);
}

void buffer_of_own_memory(Test &test)
{
	Space space = test.space(ACCEL_ADDRESS_MODE_MAPPED);
	Memory memory(space, 2 * kPage);
	Buffer buffer = own_memory(test, memory, Memory::kReadWrite);
	uint64_t iova = 0;

	CHECK_EQ(bytes_of(buffer), memory.at());
	CHECK_EQ(accel_buffer_size(buffer.get()), 2 * kPage);
	CHECK_OK(accel_address_space_map_buffer(space.get(), buffer.get(), 0, 2 * kPage,
						Memory::kReadWrite, &iova, err()));
	memory.randomize(test);
	Runner runner(test, space);

	CHECK_STATUS(runner.run_copy(iova + kPage, iova, kPage), ACCEL_RING_STATUS_SUCCESS);
	CHECK_SAME(memory.at(kPage), memory.at(), kPage);
	CHECK_OK(accel_address_space_unmap(space.get(), iova, 2 * kPage, err()));
}

void register_refusals(Test &test)
{
	accel_buffer *made = nullptr;
	static unsigned char memory[2 * kPage];
	auto make = [&](void *address, uint64_t length, uint64_t access) {
		return accel_buffer_register(test.device(), address, length, access, &made, err());
	};

	NEED_OK(make(memory, sizeof(memory), ACCEL_ACCESS_READ));
	CHECK_OK(accel_buffer_destroy(std::exchange(made, nullptr), err()));
	CHECK_ERRNO(make(nullptr, kPage, ACCEL_ACCESS_READ), EFAULT, ACCEL_REASON_BAD_POINTER);
	CHECK_ERRNO(make(memory, 0, ACCEL_ACCESS_READ), EINVAL, ACCEL_REASON_OUT_OF_RANGE);
	CHECK_ERRNO(make(memory, kPage, 0x8), EINVAL, ACCEL_REASON_UNKNOWN_FLAG);
	CHECK_ERRNO(make(reinterpret_cast<void *>(UINT64_MAX - 100), kPage, ACCEL_ACCESS_READ),
		    EOVERFLOW, ACCEL_REASON_WRAPS);
	/* Guard pages have no memory. */
	void *hole = mmap(nullptr, kPage, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK(hole != MAP_FAILED, "mmap(): errno {}", errno);
	/* If the device can reach every pointer of the process, access to absent memory is a fault completion instead.
	 * */
	if (int r = make(hole, kPage, ACCEL_ACCESS_READ);
	    r == 0 && !(test.caps().features & ACCEL_FEATURE_MAPPED_ADDRESS_SPACE))
		CHECK_OK(accel_buffer_destroy(std::exchange(made, nullptr), err()));
	else
		CHECK_ERRNO(r, EFAULT, ACCEL_REASON_BAD_POINTER);
	munmap(hole, kPage);
	CHECK_EQ(made, nullptr);
}

void access_of_a_buffer(Test &test)
{
	Space space = test.space(ACCEL_ADDRESS_MODE_MAPPED);
	Memory memory(space, kPage);
	Buffer buffer = own_memory(test, memory, ACCEL_ACCESS_READ);
	uint64_t iova = 0;
	int result = accel_address_space_map_buffer(space.get(), buffer.get(), 0, kPage,
						    ACCEL_ACCESS_WRITE, &iova, err());

	CHECK(result < 0 && accel_reason_errno(last_error().reason) == -result,
	      "a buffer registered for reading was mapped for writing: {}", code_text(result));
	CHECK_OK(accel_address_space_map_buffer(space.get(), buffer.get(), 0, kPage,
						ACCEL_ACCESS_READ, &iova, err()));
	CHECK_OK(accel_address_space_unmap(space.get(), iova, kPage, err()));
}

void import_memfd(Test &test)
{
	UniqueFd file = make_memfd(4 * kPage);
	void *mine = mmap(nullptr, 4 * kPage, PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0);

	CHECK(mine != MAP_FAILED, "mmap(): errno {}", errno);
	std::memset(mine, 0x11, 4 * kPage);
	Buffer buffer = import(test, file.get());

	CHECK_EQ(accel_buffer_size(buffer.get()), 4 * kPage);
	CHECK(fcntl(file.get(), F_GETFD) >= 0, "the file was consumed");
	/* The buffer has a reference, so closing the file here changes nothing. */
	file.reset();
	CHECK_EQ(bytes_of(buffer)[4 * kPage - 1], 0x11);
	bytes_of(buffer)[5] = 0x22;
	CHECK_EQ(static_cast<unsigned char *>(mine)[5], 0x22);
	munmap(mine, 4 * kPage);
	bytes_of(buffer)[6] = 0x33;
}

void import_refusals(Test &test)
{
	UniqueFd good = make_memfd(kPage), empty = make_memfd(0);
	UniqueFd event(eventfd(0, EFD_CLOEXEC));
	UniqueFd null(open("/dev/null", O_RDWR | O_CLOEXEC));
	accel_buffer *made = nullptr;

	import(test, good.get());
	for (int fd : {-1, 1 << 20, event.get(), null.get()})
		CHECK_ERRNO(accel_buffer_import(test.device(), fd, &made, err()), EBADF,
			    ACCEL_REASON_BAD_FILE);
	int result = accel_buffer_import(test.device(), empty.get(), &made, err());

	CHECK(result == -EBADF || result == -EINVAL, "an empty file: {}", code_text(result));
	CHECK_EQ(made, nullptr);
}

void export_and_import(Test &test)
{
	Buffer buffer = test.buffer(2 * kPage);
	uint32_t kind = 0;
	UniqueFd file = export_of(buffer, &kind);
	Device other = test.open();

	CHECK(kind == ACCEL_FILE_KIND_DMA_BUF || kind == ACCEL_FILE_KIND_MEMFD, "kind is {}", kind);
	Buffer again = import(test, file.get()), foreign = import(test, file.get(), &other);

	bytes_of(buffer)[0] = 1;
	CHECK_EQ(bytes_of(again)[0], 1);
	CHECK_EQ(bytes_of(foreign)[0], 1);
	bytes_of(foreign)[2 * kPage - 1] = 2;
	CHECK_EQ(bytes_of(buffer)[2 * kPage - 1], 2);
	CHECK_EQ(accel_buffer_size(foreign.get()), 2 * kPage);
}

void export_outlives_the_buffer(Test &test)
{
	Buffer buffer = test.buffer(kPage);
	UniqueFd file = export_of(buffer);

	bytes_of(buffer)[100] = 42;
	CHECK_OK(buffer.destroy());
	void *at = mmap(nullptr, kPage, PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0);

	CHECK(at != MAP_FAILED, "mmap() of the exported file: errno {}", errno);
	CHECK_EQ(static_cast<unsigned char *>(at)[100], 42);
	munmap(at, kPage);
	Buffer again = import(test, file.get());

	CHECK_EQ(bytes_of(again)[100], 42);
}

void export_refusals(Test &test)
{
	static unsigned char memory[kPage];
	UniqueFd source = make_memfd(kPage);
	Buffer allocated = test.buffer(kPage);
	int file = -1;

	export_of(allocated);
	Buffer registered = NEED(Buffer::from_memory(
		test.owner(), std::as_writable_bytes(std::span(memory)), ACCEL_ACCESS_READ));

	CHECK_ERRNO(accel_buffer_export(registered.get(), &file, nullptr, err()), EOPNOTSUPP,
		    ACCEL_REASON_UNSUPPORTED);
	CHECK_EQ(file, -1);
}

void buffer_query(Test &test)
{
	test.need_uabi();
	Raw create(ACCEL_OBJECT_BUFFER, ACCEL_BUFFER_CREATE);

	create.out64(ACCEL_BUFFER_CREATE_HANDLE).u64(ACCEL_BUFFER_CREATE_SIZE, 5000);
	create.out64(ACCEL_BUFFER_CREATE_MAP_OFFSET).out64(ACCEL_BUFFER_CREATE_ACTUAL_SIZE);
	RAW_OK(create, test.device());
	uint64_t handle = create.value(ACCEL_BUFFER_CREATE_HANDLE);
	Raw query(ACCEL_OBJECT_BUFFER, ACCEL_BUFFER_QUERY);

	query.u64(ACCEL_BUFFER_QUERY_HANDLE, handle).out32(ACCEL_BUFFER_QUERY_KIND);
	query.out64(ACCEL_BUFFER_QUERY_SIZE).out32(ACCEL_BUFFER_QUERY_MAPPINGS);
	RAW_OK(query, test.device());
	CHECK_EQ(query.value(ACCEL_BUFFER_QUERY_KIND), uint64_t{ACCEL_MEMORY_KIND_ALLOCATED});
	CHECK_EQ(query.value(ACCEL_BUFFER_QUERY_SIZE),
		 create.value(ACCEL_BUFFER_CREATE_ACTUAL_SIZE));
	CHECK_EQ(query.value(ACCEL_BUFFER_QUERY_MAPPINGS), 0u);
	uint64_t space = raw_space(test.device(), ACCEL_ADDRESS_MODE_MAPPED);
	accel_buffer_range range{handle, 0, kPage};
	Raw map(ACCEL_OBJECT_ADDRESS_SPACE, ACCEL_ADDRESS_SPACE_MAP);

	map.u64(ACCEL_ADDRESS_SPACE_MAP_HANDLE, space).out64(ACCEL_ADDRESS_SPACE_MAP_IOVA);
	map.memory(ACCEL_ADDRESS_SPACE_MAP_RANGE, &range, sizeof(range));
	map.u64(ACCEL_ADDRESS_SPACE_MAP_ACCESS, ACCEL_ACCESS_READ);
	RAW_OK(map, test.device());
	RAW_OK(query, test.device());
	CHECK_EQ(query.value(ACCEL_BUFFER_QUERY_MAPPINGS), 1u);
	CHECK_EQ(raw_destroy(test.device(), ACCEL_OBJECT_BUFFER, ACCEL_BUFFER_DESTROY, handle),
		 -EBUSY);
}

} // namespace accel::conform::tests
