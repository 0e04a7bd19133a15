// SPDX-License-Identifier: MIT
// The checks of structures that begin with their size.
#include "core/sized.hpp"

namespace accel::core {

Result<void> check_size(uint32_t size, size_t least, size_t known, const char *type)
{
	if (size >= least && size <= kMostSize)
		return {};
	auto failed = fail(EINVAL, ACCEL_REASON_WRONG_LENGTH,
			   "%s.size is %u; set it to sizeof(struct %s), here %zu", type, size, type,
			   known);

	failed.error().value = size;
	failed.error().minimum = least;
	failed.error().maximum = kMostSize;
	return failed;
}

Result<void> check_driver(const void *driver, uint64_t size)
{
	if (driver || !size)
		return {};
	return fail(EFAULT, ACCEL_REASON_BAD_POINTER,
		    "driver is NULL and driver_size is %llu; point driver to the options, or leave "
		    "both zero",
		    static_cast<unsigned long long>(size));
}

Result<void> check_tail(const void *given, uint32_t size, size_t known, const char *type)
{
	auto *bytes = static_cast<const unsigned char *>(given);

	for (size_t i = known; i < size; i++) {
		if (bytes[i])
			return fail(E2BIG, ACCEL_REASON_NONZERO_TAIL,
				    "byte %zu of struct %s is set, but this library knows %zu; use "
				    "a newer one, or leave it zero",
				    i, type, known);
	}
	return {};
}

} // namespace accel::core
