// SPDX-License-Identifier: MIT
// Converts errnos of system calls to those of the contract; invalid values.
#include "base/failure.hpp"

#include <cstring>

namespace accel::core {

std::unexpected<Failure> fail_call(const char *doing, int code)
{
	switch (-code) {
	case ENOMEM:
	case EAGAIN:
		return fail(ENOMEM, ACCEL_REASON_NO_MEMORY,
			    "%s failed: out of memory, or a limit of it (ulimit -l, -v) is reached",
			    doing);
	case EMFILE:
	case ENFILE:
		return fail(EMFILE, ACCEL_REASON_FILES,
			    "%s failed: no file descriptor is free; close some, or raise the limit "
			    "(ulimit -n)",
			    doing);
	case EACCES:
	case EPERM:
		return fail(EACCES, ACCEL_REASON_PERMISSION,
			    "%s failed: permission denied; ask the administrator", doing);
	case ENODEV:
	case ENXIO:
		return fail(ENODEV, ACCEL_REASON_UNPLUGGED, "%s failed: the device is gone", doing);
	case ESTALE:
		return fail(ESTALE, ACCEL_REASON_FORKED,
			    "%s failed: the device was opened before a fork; open it again", doing);
	default:
		return fail(EIO, ACCEL_REASON_DEVICE, "%s failed with %s (%d)", doing,
			    strerrordesc_np(-code), -code);
	}
}

std::unexpected<Failure> fail_value(const BadValue &bad)
{
	auto failure = fail(EINVAL, bad.reason, "%s is %llu; allowed: %s", bad.what,
			    static_cast<unsigned long long>(bad.value), bad.allowed);

	failure.error().attribute = bad.attribute;
	failure.error().value = bad.value;
	failure.error().minimum = bad.minimum;
	failure.error().maximum = bad.maximum;
	return failure;
}

} // namespace accel::core
