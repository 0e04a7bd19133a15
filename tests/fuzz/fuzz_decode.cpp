// SPDX-License-Identifier: MIT
// Decodes any bytes as a traced call or as a structure; the text must be one line that fits into the buffer.
#include "window.hpp"

#include "uabi/decode.hpp"
#include "uabi/utf8.hpp"

#include <accel/uabi/soft_policy.hpp>
#include <accel/uabi/types_policy.hpp>
#include <algorithm>
#include <string_view>

namespace {

using namespace accel::core::uabi;
using accel::core::fuzz::check;
using accel::core::fuzz::Window;

/// A heap buffer of exactly the given size.
struct Buffer {
	explicit Buffer(size_t size) : bytes(new char[size]), room(size) {}

	void holds(size_t length) const
	{
		std::string_view text(bytes.get(), length);

		check(room == 0 || (length < room && bytes[length] == '\0'));
		check(utf8_prefix(text) == length);
		check(std::none_of(text.begin(), text.end(),
				   [](char c) { return (c > 0 && c < ' ') || c == 0x7f; }));
		/* C1, line separators, changes of direction. */
		for (size_t i = 0; i + 1 < text.size(); ++i) {
			const std::string_view two = text.substr(i, 2), three = text.substr(i, 3);

			check(two[0] != '\xc2' || two[1] >= '\xa0');
			check(!(three >= "\u2028" && three <= "\u202e") &&
			      !(three >= "\u2066" && three <= "\u2069"));
		}
	}

	std::unique_ptr<char[]> bytes;
	size_t room;
};

void decode_one(const Policy &policy, const uint8_t *data, size_t size, size_t room)
{
	Window window(data, size);
	Buffer buffer(room);
	accel_attribute before[ACCEL_MAX_ATTRIBUTES], after[ACCEL_MAX_ATTRIBUTES];
	CallImage image = {.call = window.at<accel_call>(0)};
	const size_t first = image.call.attributes - Window::kBase;
	const unsigned count = std::min(image.call.attribute_count, ACCEL_MAX_ATTRIBUTES + 0u);
	const auto error = window.at<accel_error_record>(image.call.error - Window::kBase);

	for (unsigned i = 0; i < count; ++i) {
		before[i] = after[i] = window.at<accel_attribute>(first + i * sizeof(before[0]));
		after[i].flags |= i & 1 ? 0 : ACCEL_ATTRIBUTE_FLAGS_WRITTEN;
	}
	image.before = {before, count};
	image.after = {after, count};
	buffer.holds(decode_call(policy, image, window.access(), buffer.bytes.get(), room));
	image.answered = true;
	buffer.holds(decode_call(policy, image, window.access(), buffer.bytes.get(), room));
	image.result = error.code;
	image.error = &error;
	buffer.holds(decode_call(policy, image, window.access(), buffer.bytes.get(), room));
}

} // namespace

/// The first byte is the size of the buffer in units of 8 bytes, the second selects a structure or a call.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 2)
		return 0;
	const size_t room = size_t{data[0]} * 8;
	const size_t which = data[1];
	data += 2;
	size -= 2;
	if (which < all_structs().size()) {
		Window exact(data, size);
		Buffer buffer(room);
		buffer.holds(decode_struct(all_structs()[which], std::as_bytes(exact.bytes()),
					   buffer.bytes.get(), room));
		return 0;
	}
	decode_one(soft::kPolicy, data, size, room);
	decode_one(types::kPolicy, data, size, room);
	return 0;
}
