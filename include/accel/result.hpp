// SPDX-License-Identifier: MIT
// The result of a call that can fail: a value, or an Error with cause and remedy.
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

/// Cause of a failure. Trivially copyable; allocates no memory.
class Error {
public:
	explicit Error(const accel_error &error) : error_(error) {}

	/// Positive errno: EINVAL.
	int code() const { return -error_.record.code; }
	/// "EINVAL"
	std::string_view name() const { return accel_errno_name(code()); }
	/// Description of the error, in a sentence.
	std::string_view message() const { return error_.record.text; }
	/// Remedy for an errno, in a sentence.
	std::string_view action() const { return accel_errno_action(code()); }
	/// ACCEL_REASON_*
	unsigned reason() const { return error_.record.reason; }
	/// "out-of-range"
	std::string_view reason_name() const { return accel_reason_name(reason()); }
	/// Object type, method and attribute of the specification; 0 if none is wrong.
	unsigned object() const { return error_.record.object; }
	unsigned method() const { return error_.record.method; }
	unsigned attribute() const { return error_.record.attribute; }
	/// The wrong number and the allowed range, if the reason concerns one; otherwise 0.
	uint64_t value() const { return error_.record.value; }
	uint64_t minimum() const { return error_.record.minimum; }
	uint64_t maximum() const { return error_.record.maximum; }
	/// The error of the C interface.
	const accel_error &raw() const { return error_; }

private:
	accel_error error_;
};

template <class T>
using Result = std::expected<T, Error>;

/// A time of CLOCK_MONOTONIC. Deadline::max() never passes.
using Deadline = std::chrono::steady_clock::time_point;

/// The deadline of the C interface. A time before the start of the clock has always passed.
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
