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

// All of these write into the caller's buffer, end it with a zero byte, cut what does not fit and then
// end with "…". They return the bytes written without the zero byte. Whatever the bytes are, the text is
// one line of UTF-8. No allocation; any thread.

/// What is known of a call.
struct CallImage {
	accel_call call;			   ///< the header
	std::span<const accel_attribute> before;   ///< as the caller sent them
	std::span<const accel_attribute> after;	   ///< as they came back; empty while it has not
	const accel_error_record *error = nullptr; ///< if there is one
	int result = 0;				   ///< 0 or a negative errno, if it came back
	bool answered = false;
};

/// `queue.create address-space=0x2000001 entries=64 → handle=0x4000001 layout={size=12288,…} = 0`
/// @param memory  where values live that are not inline; what cannot be read is shown as its address
size_t decode_call(const Policy &policy, const CallImage &image, const Access &memory, char *to,
		   size_t room);

/// `{op=copy,src=0x7f00aa001000,dst=0x7f00aa002000,length=4096}`. Fields that are zero are left out,
/// as are those that are not wholly in @bytes.
/// @param name  "soft.descriptor" or "descriptor"; a name that does not exist gives the bytes in hex
size_t decode_struct(std::string_view name, std::span<const std::byte> bytes, char *to,
		     size_t room);

/// The same for a structure that is at hand.
size_t decode_struct(const StructInfo &info, std::span<const std::byte> bytes, char *to,
		     size_t room);

/// Takes a picture of a call before and after it, to decode it. One call at a time, one thread.
class CallTracer {
public:
	/// Before the call goes out.
	void before(const accel_call *message, const Access &memory);

	/// When it has come back: its text.
	size_t after(const Policy &policy, int result, char *to, size_t room);

private:
	Access memory_;
	accel_call call_;
	accel_attribute before_[ACCEL_MAX_ATTRIBUTES];
	unsigned count_;
};

} // namespace accel::core::uabi
