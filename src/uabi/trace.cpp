// SPDX-License-Identifier: MIT
// Records the call that decode_call() formats.
#include "uabi/decode.hpp"

#include <algorithm>
#include <cstring>

namespace accel::core::uabi {
void CallTracer::before(const accel_call *message, const Access &memory)
{
	const uint64_t address = reinterpret_cast<uintptr_t>(message);
	memory_ = memory;
	count_ = 0;
	if (read_header(memory_, address, call_))
		return;
	/* A server refuses a larger count without reading the attributes, so they may be unreadable. */
	const uint32_t count = call_.attribute_count;
	if (count && count <= ACCEL_MAX_ATTRIBUTES &&
	    !memory_.get(before_, call_.attributes, count * sizeof(before_[0])))
		count_ = count;
}

size_t CallTracer::after(const Policy &policy, int result, char *to, size_t room)
{
	accel_attribute after[ACCEL_MAX_ATTRIBUTES];
	accel_error_record error = {};
	CallImage image = {
		.call = call_, .before = {before_, count_}, .result = result, .answered = true};

	if (count_ && !memory_.get(after, call_.attributes, count_ * sizeof(after[0])))
		image.after = {after, count_};
	const size_t known = std::min<size_t>(call_.error_size, sizeof(error));
	if (result && known && call_.error_size <= Call::kMaxFixed &&
	    !memory_.get(&error, call_.error, known))
		image.error = &error;
	return decode_call(policy, image, memory_, to, room);
}

} // namespace accel::core::uabi
