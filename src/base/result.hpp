// SPDX-License-Identifier: MIT
// The result type of everything inside the library that can fail.
#pragma once

#include <cerrno>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <expected>
#include <uapi/accel/accel.h>

namespace accel::core {

/// A failure: the uABI's error record, also for failures that the library finds without the kernel.
using Failure = accel_error_record;

template <class T>
using Result = std::expected<T, Failure>;

/// Creates a failure. @code is positive; the text is one complete sentence (printf-like).
[[gnu::format(printf, 3, 4)]] inline std::unexpected<Failure> fail(int code, unsigned reason,
								   const char *format, ...)
{
	Failure failure{};
	va_list arguments;

	failure.code = -code;
	failure.reason = static_cast<uint16_t>(reason);
	va_start(arguments, format);
	vsnprintf(failure.text, sizeof(failure.text), format, arguments);
	va_end(arguments);
	return std::unexpected(failure);
}

/// Creates the failure for lack of memory.
inline std::unexpected<Failure> fail_memory(const char *what)
{
	return fail(ENOMEM, ACCEL_REASON_NO_MEMORY, "no memory for %s", what);
}

} // namespace accel::core
