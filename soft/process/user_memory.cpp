// SPDX-License-Identifier: MIT
// Checks memory of the caller that workers access later.
#include "soft/process/user_memory.hpp"

#include "soft/process/page.hpp"
#include "sys/sys.hpp"

#include <cinttypes>
#include <sys/mman.h>

/* Linux 5.14; older headers lack them. */
#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22
#endif
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

namespace accel::core::softdev {

namespace {

std::unexpected<Failure> bad(int code, unsigned reason, uint16_t attribute, uint64_t address,
			     const char *what)
{
	auto failed = fail(code, reason, "the memory at 0x%" PRIx64 " %s", address, what);

	failed.error().attribute = attribute;
	failed.error().value = address;
	return failed;
}

int populate(uint64_t from, uint64_t bytes, int advice)
{
	return sys::madvise(reinterpret_cast<void *>(from), bytes, advice);
}

/* Kernels before 5.14 return EINVAL for any address, so the advice is tested with a page that is present. */
bool can_populate()
{
	alignas(8) char here = 0;
	auto page = reinterpret_cast<uintptr_t>(&here) / kPage * kPage;

	return populate(page, kPage, MADV_POPULATE_READ) != -EINVAL;
}

} // namespace

Result<void> check_user_memory(uint64_t address, uint64_t length, uint64_t access,
			       uint16_t attribute)
{
	if (!address)
		return bad(EFAULT, ACCEL_REASON_BAD_POINTER, attribute, address,
			   "cannot be used: the address is null");
	if (address > UINT64_MAX - kPage || length > UINT64_MAX - kPage - address)
		return bad(EOVERFLOW, ACCEL_REASON_WRAPS, attribute, address,
			   "would wrap around the end of the process");

	bool write = access & ACCEL_ACCESS_WRITE;
	uint64_t from = address / kPage * kPage;
	uint64_t to = round_to_page(address + length);
	int r = populate(from, to - from, write ? MADV_POPULATE_WRITE : MADV_POPULATE_READ);

	if (r == -EINVAL && !can_populate())
		return {};
	if (r < 0)
		return bad(EFAULT, ACCEL_REASON_BAD_POINTER, attribute, address,
			   write ? "is not completely readable and writable" :
				   "is not completely readable");
	return {};
}

} // namespace accel::core::softdev
