// SPDX-License-Identifier: MIT
// The boundary of the C interface: converts handles to objects and results to errnos, and lets no exception pass.
#pragma once

#include "base/result.hpp"
#include "sys/cancellation.hpp"

#include <accel/accel.h>
#include <cstring>
#include <initializer_list>
#include <new>

namespace accel::core::capi {

/// The operation of a function, for the error record: numbers of the specification.
struct Operation {
	uint16_t object;
	uint16_t method;
};

/// An argument that must not be NULL.
struct Argument {
	const char *name;
	const void *value;
};

/// The number that a C program passed for an enum. It may be no member of it, which C allows and a C++ load of the
/// value does not.
template <class Enum>
uint32_t number(const Enum &value)
{
	uint32_t raw;

	static_assert(sizeof(raw) == sizeof(value));
	memcpy(&raw, &value, sizeof(raw));
	return raw;
}

/// Stores @failure for the caller and returns its errno.
inline int report(Operation operation, Failure failure, accel_error *error) noexcept
{
	if (!failure.object) {
		failure.object = operation.object;
		failure.method = operation.method;
	}
	if (error)
		error->record = failure;
	return failure.code;
}

/// Runs @body, which returns a Result<void>, if no argument is NULL.
template <class Body>
int run(Operation operation, accel_error *error, std::initializer_list<Argument> arguments,
	Body body) noexcept
{
	sys::NoCancellation whole;

	for (const Argument &argument : arguments)
		if (!argument.value)
			return report(operation,
				      fail(EFAULT, ACCEL_REASON_BAD_POINTER,
					   "the argument \"%s\" must not be NULL", argument.name)
					      .error(),
				      error);
	try {
		Result<void> result = body();

		return result ? 0 : report(operation, result.error(), error);
	} catch (const std::bad_alloc &) {
		return report(operation, fail_memory("this call").error(), error);
	} catch (...) {
		return report(
			operation,
			fail(EIO, ACCEL_REASON_DEVICE,
			     "internal error of the library; report it as a bug of accel-core")
				.error(),
			error);
	}
}

} // namespace accel::core::capi
