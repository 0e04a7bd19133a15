// SPDX-License-Identifier: MIT
// Whether untrusted bytes are text.
#pragma once

#include <cstddef>
#include <string_view>

namespace accel::core::uabi {

/// Returns the length of the longest prefix of @text that is UTF-8 without zero bytes: no overlong forms, no
/// surrogates, nothing above U+10FFFF.
inline size_t utf8_prefix(std::string_view text)
{
	size_t at = 0;

	while (at < text.size()) {
		auto byte = [&](size_t i) { return static_cast<unsigned char>(text[at + i]); };
		unsigned lead = byte(0);
		size_t more = lead < 0x80 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
		unsigned low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
		unsigned high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;

		if (!lead || (lead >= 0x80 && lead < 0xc2) || lead > 0xf4 ||
		    text.size() - at <= more)
			return at;
		if (more && (byte(1) < low || byte(1) > high))
			return at;
		for (size_t i = 2; i <= more; ++i)
			if (byte(i) < 0x80 || byte(i) > 0xbf)
				return at;
		at += more + 1;
	}
	return at;
}

} // namespace accel::core::uabi
