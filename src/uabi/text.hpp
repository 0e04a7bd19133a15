// SPDX-License-Identifier: MIT
// A text of fixed size: text that does not fit is cut and ends with a mark.
#pragma once

#include "uabi/utf8.hpp"

#include <algorithm>
#include <cstdarg>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <span>
#include <string_view>

namespace accel::core::uabi {

/// Writes into a buffer of the caller, which always ends with a zero byte (unless its size is 0).
class Text {
public:
	Text(char *to, size_t room) : to_(to), room_(room)
	{
		if (room_)
			to_[0] = '\0';
	}

	/// Appends text unchanged.
	void put(std::string_view text)
	{
		if (cut_ || !room_)
			return;
		if (text.size() > room_ - 1 - length_) {
			text = text.substr(0, room_ - 1 - length_);
			cut_ = true;
		}
		std::memcpy(to_ + length_, text.data(), text.size());
		length_ += text.size();
		to_[length_] = '\0';
		if (cut_)
			mark();
	}

	/// Appends untrusted text: bytes that are not printable, or not UTF-8, become \xNN.
	void put_printable(std::string_view text)
	{
		while (!text.empty() && !cut_) {
			size_t good = std::min(utf8_prefix(text), printable(text));
			put(text.substr(0, good));
			if (good == text.size())
				return;
			add("\\x%02x", static_cast<unsigned char>(text[good]));
			text.remove_prefix(good + 1);
		}
	}

	[[gnu::format(printf, 2, 0)]] void vadd(const char *format, va_list arguments)
	{
		char part[256];
		int length = vsnprintf(part, sizeof(part), format, arguments);

		if (length > 0)
			put({part, std::min(static_cast<size_t>(length), sizeof(part) - 1)});
	}

	[[gnu::format(printf, 2, 3)]] void add(const char *format, ...)
	{
		va_list arguments;

		va_start(arguments, format);
		vadd(format, arguments);
		va_end(arguments);
	}

	/// Bytes written, without the zero byte.
	size_t length() const { return length_; }
	std::string_view view() const { return {to_, length_}; }
	/// Whether text was cut.
	bool cut() const { return cut_; }

private:
	/// Returns the length of the longest prefix of @text without characters that move a cursor, end a line or
	/// change the direction: C0, DEL, C1 (U+0080 on), U+2028 to U+202E, U+2066 to U+2069.
	static size_t printable(std::string_view text)
	{
		auto byte = [&](size_t i) {
			return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
		};
		for (size_t i = 0; i < text.size(); ++i) {
			const unsigned c = byte(i), next = byte(i + 1), last = byte(i + 2);

			if (c < 0x20 || c == 0x7f || (c == 0xc2 && next < 0xa0) ||
			    (c == 0xe2 && next == 0x80 && last >= 0xa8 && last <= 0xae) ||
			    (c == 0xe2 && next == 0x81 && last >= 0xa6 && last <= 0xa9))
				return i;
		}
		return text.size();
	}

	/// Replaces the last bytes by the mark; does not split a character.
	void mark()
	{
		static constexpr std::string_view kMark = "…";

		size_t keep = length_ > kMark.size() ? length_ - kMark.size() : 0;
		while (keep && (static_cast<unsigned char>(to_[keep]) & 0xc0) == 0x80)
			--keep;
		if (keep + kMark.size() < room_) {
			std::memcpy(to_ + keep, kMark.data(), kMark.size());
			keep += kMark.size();
		}
		length_ = keep;
		to_[length_] = '\0';
	}

	char *to_;
	size_t room_;
	size_t length_ = 0;
	bool cut_ = false;
};

} // namespace accel::core::uabi
