// SPDX-License-Identifier: MIT
// Memory that is mapped twice, back to back.
#include "ring/mirror.hpp"

#include "base/failure.hpp"
#include "sys/sys.hpp"

#include <sys/mman.h>

namespace accel::core::ring {

namespace {

int map_file_at(void *address, uint64_t bytes, int fd)
{
	void *out;

	return sys::mmap(&out, address, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd,
			 0);
}

/* Only the pages of a file can be mapped at two addresses, so the memory is an unnamed file. */
int map_file_twice(void *address, uint64_t bytes, int fd)
{
	int r = sys::ftruncate(fd, static_cast<off_t>(bytes));

	if (r == 0)
		r = map_file_at(address, bytes, fd);
	if (r == 0)
		r = map_file_at(static_cast<char *>(address) + bytes, bytes, fd);
	return r;
}

} // namespace

Result<void *> map_twice(uint64_t bytes)
{
	/* Reserves both ranges at once, so that nothing else is mapped between them. */
	void *address;
	int r = sys::mmap(&address, nullptr, 2 * bytes, PROT_NONE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (r < 0)
		return fail_call("reserving addresses for the entries of a ring", r);

	const int fd = sys::memfd_create("accel-ring", MFD_CLOEXEC);

	r = fd < 0 ? fd : map_file_twice(address, bytes, fd);
	if (fd >= 0)
		sys::close(fd);
	if (r < 0) {
		sys::munmap(address, 2 * bytes);
		/* The file is memory: its file system is full when memory is. */
		return fail_call("allocating the entries of a ring", r == -ENOSPC ? -ENOMEM : r);
	}
	return address;
}

} // namespace accel::core::ring
