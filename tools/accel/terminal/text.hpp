// SPDX-License-Identifier: MIT
// Foreign text for a terminal and for output that is read line by line, and the character set of the user.
#pragma once

#include <string>
#include <string_view>

namespace cli {

/// Takes the character set from the environment (LC_ALL, LC_CTYPE, LANG). Called once, before any output. Without this
/// call the character set is ASCII.
void set_charset();

/// Replaces the characters × → … etc. of a text of this program or of the library by ASCII ("x", "->", "..."), unless
/// the character set of the user is UTF-8. Not for file names, which are bytes in every locale.
std::string in_charset(std::string_view text);
/// The same in every locale, for text that is stored in a file.
std::string in_ascii(std::string_view text);

/// Returns a name for a message, as GNU programs show it: unchanged if it is printable, else quoted for the shell:
/// 'evil'$'\n''name'.
std::string shown_name(std::string_view name);

/// Replaces unprintable characters by escapes, \n or \033. A backslash is unchanged.
std::string escaped(std::string_view text);

/// Returns "SUM  NAME" as sha256sum prints it: if the name has a newline, carriage return or backslash, with \n, \r and
/// \\ in the name and a backslash in front. On a terminal other unprintable characters become question marks, as in ls.
std::string sum_line(std::string_view sum, std::string_view name, bool is_terminal);

/// Returns the text without an incomplete UTF-8 character at its end.
std::string_view whole_characters(std::string_view text);

/// Returns the text of a field up to a zero byte or its end, without an incomplete character.
std::string field_text(const char *field, size_t size);

} // namespace cli
