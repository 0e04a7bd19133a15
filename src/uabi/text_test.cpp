// SPDX-License-Identifier: MIT
// Text in a buffer of fixed size, and UTF-8.
#include "uabi/text.hpp"

#include "uabi/utf8.hpp"

#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <utility>

namespace accel::core::uabi {
namespace {

TEST(Utf8, PrefixOfText)
{
	const std::pair<std::string_view, size_t> cases[] = {
		{"", 0},
		{"abc", 3},
		{"aä€😀", 10},
		{{"a\0b", 3}, 1},
		{"a\x80", 1},
		{"\xc0\x80", 0},
		{"\xc1\xbf", 0},
		{"\xe0\x9f\xbf", 0},
		{"\xe0\xa0\x80", 3},
		{"\xed\xa0\x80", 0},
		{"\xed\x9f\xbf", 3},
		{"\xf0\x8f\xbf\xbf", 0},
		{"\xf4\x90\x80\x80", 0},
		{"\xf4\x8f\xbf\xbf", 4},
		{"\xf5\x80\x80\x80", 0},
		{"\xe2\x82", 0},
		{"x\xe2\x28\xa1", 1},
		{"\xf0\x9f\x98\x28", 0},
	};

	for (const auto &[text, good] : cases)
		EXPECT_EQ(utf8_prefix(text), good) << text;
}

TEST(Text, ControlCharactersAreEscaped)
{
	auto shown = [](std::string_view from) {
		char to[64];
		Text text(to, sizeof(to));
		text.put_printable(from);
		return std::string(to);
	};
	EXPECT_EQ(shown("a\x1b[2J\x7f"), "a\\x1b[2J\\x7f");
	EXPECT_EQ(shown("\u009b2J"), "\\xc2\\x9b2J");
	EXPECT_EQ(shown("\u2028\u202e"), "\\xe2\\x80\\xa8\\xe2\\x80\\xae");
	EXPECT_EQ(shown("\u2066"), "\\xe2\\x81\\xa6");
	EXPECT_EQ(shown("\u00a0ä€\u2027\u2030"), "\u00a0ä€\u2027\u2030");
	EXPECT_EQ(shown("\xc2"), "\\xc2");
}

TEST(Text, RoomOfEverySize)
{
	char to[8];

	Text none(to, 0);
	none.put("abc");
	EXPECT_EQ(none.length(), 0u);
	for (size_t room = 1; room <= sizeof(to); ++room) {
		Text text(to, room);
		text.add("%s", "ä€");
		text.put("bc");
		text.put_printable("\x01");
		EXPECT_EQ(utf8_prefix(text.view()), text.length());
		EXPECT_TRUE(text.cut());
		EXPECT_EQ(to[text.length()], '\0');
	}
}

} // namespace
} // namespace accel::core::uabi
