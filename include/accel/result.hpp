// SPDX-License-Identifier: MIT
// What a call returns that can fail: a value, or an Error that says what was wrong and what to do.
#ifndef ACCEL_RESULT_HPP
#define ACCEL_RESULT_HPP

#if __cplusplus <= 202002L
#error "the C++ headers of accel need C++23: compile with -std=c++23, or use the C interface, accel/accel.h"
#endif

#include <accel/accel.h>
#include <chrono>
#include <cstdint>
#include <expected>
#include <string_view>

namespace accel {

/// Why a call failed. Trivially copyable; allocates nothing.
class Error {
public:
	explicit Error(const accel_error &error) : error_(error) {}

	/// Positive errno: EINVAL.
	int code() const { return -error_.record.code; }
	/// "EINVAL"
	std::string_view name() const { return accel_errno_name(code()); }
	/// What was wrong, in a sentence.
	std::string_view message() const { return error_.record.text; }
	/// What to do about an error of this name, in a sentence.
	std::string_view action() const { return accel_errno_action(code()); }
	/// ACCEL_REASON_*
	unsigned reason() const { return error_.record.reason; }
	/// "out-of-range"
	std::string_view reason_name() const { return accel_reason_name(reason()); }
	/// Object type, method and attribute of the specification; 0 where none is to blame.
	unsigned object() const { return error_.record.object; }
	unsigned method() const { return error_.record.method; }
	unsigned attribute() const { return error_.record.attribute; }
	/// The offending number and what is allowed, where the reason speaks of one; else 0.
	uint64_t value() const { return error_.record.value; }
	uint64_t minimum() const { return error_.record.minimum; }
	uint64_t maximum() const { return error_.record.maximum; }
	/// The record as C has it.
	const accel_error &raw() const { return error_; }

private:
	accel_error error_;
};

template <class T>
using Result = std::expected<T, Error>;

/// A moment of CLOCK_MONOTONIC. Deadline::max() never comes.
using Deadline = std::chrono::steady_clock::time_point;

/// A deadline as C has it. What lies before the start of the clock has always passed.
inline uint64_t to_ns(Deadline deadline)
{
	using std::chrono::nanoseconds;

	if (deadline == Deadline::max())
		return ACCEL_DEADLINE_FOREVER;
	auto ns = std::chrono::duration_cast<nanoseconds>(deadline.time_since_epoch()).count();
	return ns < 0 ? 0 : static_cast<uint64_t>(ns);
}

} // namespace accel

#endif
