// SPDX-License-Identifier: MIT
// From bytes to text: whole calls for tracing, and single structures.
#pragma once

#include "uabi/layout.hpp"
#include "uabi/parse.hpp"
#include "uabi/policy.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <uapi/accel/accel.h>

namespace accel::core::uabi {

// All functions write into the caller's buffer and terminate it with a zero byte; text that does not fit is cut and
// ends with "…". They return the bytes written without the zero byte. For any input the text is one line of UTF-8. No
// allocation; any thread.

/// The recorded parts of a call.
struct CallImage {
	accel_call call;			   ///< the header
	std::span<const accel_attribute> before;   ///< as the caller sent them
	std::span<const accel_attribute> after;	   ///< as returned; empty before the answer
	const accel_error_record *error = nullptr; ///< null: none
	int result = 0;				   ///< 0 or a negative errno, after the answer
	bool answered = false;
};

/// `queue.create address-space=0x2000001 entries=64 → handle=0x4000001 layout={size=12288,…} = 0`
/// @param memory  access to values that are not inline; an unreadable value is shown as its address
size_t decode_call(const Policy &policy, const CallImage &image, const Access &memory, char *to,
		   size_t room);

/// `{op=copy,src=0x7f00aa001000,dst=0x7f00aa002000,length=4096}`. Omits fields that are zero or not completely in
/// @bytes.
/// @param name  "soft.descriptor" or "descriptor"; for an unknown name the bytes are shown in hexadecimal
size_t decode_struct(std::string_view name, std::span<const std::byte> bytes, char *to,
		     size_t room);

/// The same with a known structure.
size_t decode_struct(const StructInfo &info, std::span<const std::byte> bytes, char *to,
		     size_t room);

/// Records a call before and after it, to decode it. One call at a time, one thread.
class CallTracer {
public:
	/// Records the message before the call.
	void before(const accel_call *message, const Access &memory);

	/// Returns the text of the call, with its answer.
	size_t after(const Policy &policy, int result, char *to, size_t room);

private:
	Access memory_;
	accel_call call_;
	accel_attribute before_[ACCEL_MAX_ATTRIBUTES];
	unsigned count_;
};

} // namespace accel::core::uabi
