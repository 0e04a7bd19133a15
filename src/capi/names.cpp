// SPDX-License-Identifier: MIT
// The C interface: names and meanings of numbers, from the specification.
#include <accel/accel.h>
#include <accel/uabi/errors.hpp>
#include <accel/uabi/statuses.hpp>

using namespace accel::core::uabi;

namespace {

constexpr const char *kUnknown = "unknown";
constexpr const char *kNoMeaning = "This number has no meaning in this version of the library.";
constexpr const char *kNoAction = "See `errno -l`, and use a newer version of the library.";

} // namespace

const char *accel_errno_name(int code)
{
	const ErrnoInfo *info = find_errno(code);

	return info ? info->name : kUnknown;
}

const char *accel_errno_meaning(int code)
{
	const ErrnoInfo *info = find_errno(code);

	return info ? info->meaning : kNoMeaning;
}

const char *accel_errno_action(int code)
{
	const ErrnoInfo *info = find_errno(code);

	return info ? info->action : kNoAction;
}

const char *accel_reason_name(unsigned reason)
{
	const ReasonInfo *info = find_reason(reason);

	return info ? info->name : kUnknown;
}

const char *accel_reason_meaning(unsigned reason)
{
	const ReasonInfo *info = find_reason(reason);

	return info ? info->meaning : kNoMeaning;
}

int accel_reason_errno(unsigned reason)
{
	const ReasonInfo *info = find_reason(reason);

	return info ? info->number : 0;
}

const char *accel_status_name(unsigned status)
{
	const StatusInfo *info = find_status(status);

	return info ? info->name : kUnknown;
}

const char *accel_status_meaning(unsigned status)
{
	const StatusInfo *info = find_status(status);

	return info ? info->meaning : kNoMeaning;
}

const char *accel_version(void)
{
	return ACCEL_VERSION;
}
