// SPDX-License-Identifier: MIT
// The edge of the C interface: handles to objects, results to errnos, no exception beyond this
// line.
#pragma once

#include "base/result.hpp"
#include "sys/cancellation.hpp"

#include <accel/accel.h>
#include <cstring>
#include <initializer_list>
#include <new>

namespace accel::core::capi {

/// What a function does, for the error record: numbers of the specification.
struct Operation {
	uint16_t object;
	uint16_t method;
};

/// An argument that may not be NULL.
struct Argument {
	const char *name;
	const void *value;
};

/// The number that a C program passed for an enum. It may be none of its members, which C allows
/// and a C++ load of the value does not.
template <class Enum>
uint32_t number(const Enum &value)
{
	uint32_t raw;

	static_assert(sizeof(raw) == sizeof(value));
	memcpy(&raw, &value, sizeof(raw));
	return raw;
}

/// Hand @failure to the caller and return its errno.
inline int give(Operation operation, Failure failure, accel_error *error) noexcept
{
	if (!failure.object) {
		failure.object = operation.object;
		failure.method = operation.method;
	}
	if (error)
		error->record = failure;
	return failure.code;
}

/// Run @body, which returns a Result<void>, if no argument is NULL.
template <class Body>
int run(Operation operation, accel_error *error, std::initializer_list<Argument> arguments,
	Body body) noexcept
{
	sys::NoCancellation whole;

	for (const Argument &argument : arguments)
		if (!argument.value)
			return give(operation,
				    fail(EFAULT, ACCEL_REASON_BAD_POINTER,
					 "the argument \"%s\" is NULL; it must point to something",
					 argument.name)
					    .error(),
				    error);
	try {
		Result<void> result = body();

		return result ? 0 : give(operation, result.error(), error);
	} catch (const std::bad_alloc &) {
		return give(operation, fail_memory("this call").error(), error);
	} catch (...) {
		return give(operation,
			    fail(EIO, ACCEL_REASON_DEVICE,
				 "the library failed inside; this is a fault of accel-core")
				    .error(),
			    error);
	}
}

} // namespace accel::core::capi
