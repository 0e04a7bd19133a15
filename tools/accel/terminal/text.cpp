// SPDX-License-Identifier: MIT
// Foreign text for a terminal, and the character set of the user.
#include "terminal/text.hpp"

#include <algorithm>
#include <clocale>
#include <cstring>
#include <cwchar>
#include <cwctype>
#include <fmt/format.h>
#include <langinfo.h>

namespace cli {

namespace {

bool is_utf8;

struct Substitute {
	std::string_view character;
	std::string_view ascii;
};

constexpr Substitute kSubstitutes[] = {
	{"×", "x"},    {"→", "->"}, {"…", "..."}, {"·", "*"},
	{"Σ", "sum "}, {"–", "-"},  {"±", "+-"},  {"µ", "u"},
};

/// Returns the bytes of the first character of @text, 1 if it is invalid; @printable: whether a terminal can show it.
size_t character(std::string_view text, bool &printable)
{
	const auto first = static_cast<unsigned char>(text[0]);
	std::mbstate_t state = {};
	wchar_t wide = 0;

	if (first < 0x80) {
		printable = first >= ' ' && first != 0x7f;
		return 1;
	}
	printable = false;
	if (!is_utf8)
		return 1;
	// main() keeps LC_CTYPE at UTF-8.
	size_t bytes = std::mbrtowc(&wide, text.data(), text.size(), &state);

	if (bytes == 0 || bytes > text.size())
		return 1;
	printable = std::iswprint(static_cast<wint_t>(wide));
	return bytes;
}

/// "\n", "\033"
std::string escape(unsigned char byte)
{
	static constexpr std::string_view kBytes = "\a\b\t\n\v\f\r";
	size_t at = kBytes.find(static_cast<char>(byte));

	if (at != std::string_view::npos)
		return {'\\', "abtnvfr"[at]};
	return fmt::format("\\{:03o}", byte);
}

/// Calls @show(bytes, printable) for each character.
template <class Show>
void each_character(std::string_view text, const Show &show)
{
	while (!text.empty()) {
		bool printable = false;
		size_t bytes = character(text, printable);

		show(text.substr(0, bytes), printable);
		text.remove_prefix(bytes);
	}
}

std::string escape_all(std::string_view bytes)
{
	std::string text;

	for (char byte : bytes)
		text += escape(static_cast<unsigned char>(byte));
	return text;
}

} // namespace

void set_charset()
{
	setlocale(LC_ALL, "C");
	setlocale(LC_CTYPE, "");
	is_utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	// Messages and numbers do not depend on the locale.
	setlocale(LC_ALL, "C.UTF-8");
}

std::string in_ascii(std::string_view text)
{
	std::string ascii(text);

	for (const Substitute &one : kSubstitutes)
		for (size_t at = 0; (at = ascii.find(one.character, at)) != std::string::npos;
		     at += one.ascii.size())
			ascii.replace(at, one.character.size(), one.ascii);
	return ascii;
}

std::string in_charset(std::string_view text)
{
	return is_utf8 ? std::string(text) : in_ascii(text);
}

std::string shown_name(std::string_view name)
{
	bool all_printable = true;
	bool in_escape = false;
	std::string text = "'";

	each_character(name, [&](std::string_view bytes, bool printable) {
		all_printable &= printable;
		if (in_escape == printable)
			text += printable ? "''" : "'$'";
		in_escape = !printable;
		if (!printable)
			text += escape_all(bytes);
		else
			text += bytes == "'" ? "'\\''" : bytes;
	});
	return all_printable ? std::string(name) : text + "'";
}

std::string escaped(std::string_view text)
{
	std::string clean;

	each_character(text, [&](std::string_view bytes, bool printable) {
		clean += printable ? std::string(bytes) : escape_all(bytes);
	});
	return clean;
}

std::string sum_line(std::string_view sum, std::string_view name, bool is_terminal)
{
	bool has_escape = name.find_first_of("\\\n\r") != std::string_view::npos;
	std::string line = fmt::format("{}{}  ", has_escape ? "\\" : "", sum);

	each_character(name, [&](std::string_view bytes, bool printable) {
		if (bytes == "\\")
			line += "\\\\";
		else if (bytes == "\n" || bytes == "\r")
			line += escape_all(bytes);
		else
			line += !printable && is_terminal ? "?" : bytes;
	});
	return line;
}

std::string_view whole_characters(std::string_view text)
{
	constexpr size_t kLongest = 4;

	for (size_t back = 1; back <= std::min(kLongest, text.size()); ++back) {
		const auto byte = static_cast<unsigned char>(text[text.size() - back]);

		if ((byte & 0xc0) == 0x80)
			continue;
		size_t wanted = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;

		return back < wanted ? text.substr(0, text.size() - back) : text;
	}
	return text;
}

std::string field_text(const char *field, size_t size)
{
	return std::string(whole_characters({field, strnlen(field, size)}));
}

} // namespace cli
