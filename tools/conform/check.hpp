// SPDX-License-Identifier: MIT
// The checks of an obligation. The first check that fails ends it, with the values and the place.
#pragma once

#include <accel/accel.hpp>
#include <fmt/format.h>
#include <string>
#include <type_traits>
#include <utility>

namespace accel::conform {

/// Thrown by a check that failed; the text is the diagnostic.
struct Failed {
	std::string text;
};

/// Thrown if the device does not have what the obligation tests; the reason is a text for the user.
struct Skipped {
	std::string reason;
};

struct Place {
	const char *file;
	int line;
};

/// Records the place of the last check that passed, for the report of a crash or a hang. The record is in memory that
/// the parent process reads; see apart.hpp.
void passed(Place place) noexcept;
void set_progress(Place *place) noexcept;

[[noreturn]] void fail(Place place, const std::string &text);
[[noreturn]] void skip(const std::string &reason);

/// Clears the calling thread's error record and returns it: the last argument of every call of the library.
accel_error *err() noexcept;
const accel_error_record &last_error() noexcept;

void check_ok(int result, const char *call, Place place);
void check_errno(int result, int code, unsigned reason, const char *call, Place place);
/// As check_ok(), but skips the obligation if the device does not have the operation.
void need_ok(int result, const char *call, Place place);

/// The same for results of accel.hpp.
int keep(const Error &error) noexcept;
template <class T>
void check_ok(const Result<T> &result, const char *call, Place place)
{
	check_ok(result ? 0 : keep(result.error()), call, place);
}
/// Returns the value of @result; fails or skips as need_ok() without one.
template <class T>
T need(Result<T> result, const char *call, Place place)
{
	need_ok(result ? 0 : keep(result.error()), call, place);
	return std::move(*result);
}

/// "-EINVAL (-22)"
std::string code_text(int result);
/// "out-of-range, attribute 3, value 0, allowed 2 to 65536: text"
std::string record_text(const accel_error_record &record);

template <class T>
std::string text_of(const T &value)
{
	if constexpr (std::is_enum_v<T>)
		return fmt::format("{}", static_cast<std::underlying_type_t<T>>(value));
	else if constexpr (std::is_pointer_v<T> && !std::is_same_v<T, const char *>)
		return fmt::format("{}", fmt::ptr(value));
	else if constexpr (std::is_same_v<T, std::nullptr_t>)
		return "null";
	else if constexpr (std::is_integral_v<T> && sizeof(T) == 8)
		return fmt::format("{} ({:#x})", value, value);
	else
		return fmt::format("{}", value);
}

template <class A, class B>
void check_relation(bool holds, const A &a, const B &b, const char *expression, Place place)
{
	if (!holds)
		fail(place, fmt::format("{}: left is {}, right is {}", expression, text_of(a),
					text_of(b)));
	passed(place);
}

} // namespace accel::conform

#define CONFORM_HERE (::accel::conform::Place{__FILE__, __LINE__})

/// @condition must hold; the other arguments are a fmt format and its arguments that describe the result.
#define CHECK(condition, ...)                                                                   \
	do {                                                                                    \
		if (!(condition))                                                               \
			::accel::conform::fail(CONFORM_HERE, std::string(#condition) + ": " +   \
								     fmt::format(__VA_ARGS__)); \
		::accel::conform::passed(CONFORM_HERE);                                         \
	} while (0)

#define CONFORM_RELATION(a, op, b)                                                 \
	do {                                                                       \
		const auto left_ = (a);                                            \
		const auto right_ = (b);                                           \
		::accel::conform::check_relation(left_ op right_, left_, right_,   \
						 #a " " #op " " #b, CONFORM_HERE); \
	} while (0)

#define CHECK_EQ(a, b) CONFORM_RELATION(a, ==, b)
#define CHECK_NE(a, b) CONFORM_RELATION(a, !=, b)
#define CHECK_LT(a, b) CONFORM_RELATION(a, <, b)
#define CHECK_LE(a, b) CONFORM_RELATION(a, <=, b)
#define CHECK_GE(a, b) CONFORM_RELATION(a, >=, b)

/// @call, whose error argument is err(), must return 0.
#define CHECK_OK(call) ::accel::conform::check_ok((call), #call, CONFORM_HERE)
/// As CHECK_OK(), but -EOPNOTSUPP skips the obligation with the device's own reason.
#define NEED_OK(call) ::accel::conform::need_ok((call), #call, CONFORM_HERE)
/// The value that @call, of accel.hpp, returns; fails or skips as NEED_OK() without one.
#define NEED(call) ::accel::conform::need((call), #call, CONFORM_HERE)
/// @call must return -@code and fill in the record with that code, with @reason (ACCEL_REASON_NONE: any reason that
/// belongs to the errno) and with a text.
#define CHECK_ERRNO(call, code, reason) \
	::accel::conform::check_errno((call), (code), (reason), #call, CONFORM_HERE)
