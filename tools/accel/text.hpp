// SPDX-License-Identifier: MIT
// Text that others wrote, made fit for a terminal and for output that is read line by line; and the characters that
// the terminal of this user can show.
#pragma once

#include <string>
#include <string_view>

namespace cli {

/// Take the character set from the environment (LC_ALL, LC_CTYPE, LANG). Called once, before anything is printed.
/// Without it the character set is ASCII.
void set_charset();

/// A text of this program or of the library, whose characters × → … and the like become ASCII ("x", "->", "...")
/// unless the character set of the user is UTF-8. Not for names of files: they are bytes, whatever the locale.
std::string in_charset(std::string_view text);
/// The same for any user: for what is stored in a file.
std::string in_ascii(std::string_view text);

/// A name in a message, as GNU programs show it: as it is if it can be printed, else quoted as the shell reads it,
/// 'evil'$'\n''name'.
std::string shown_name(std::string_view name);

/// Text with the characters that cannot be printed as escapes, \n or \033. A backslash stays as it is.
std::string escaped(std::string_view text);

/// "SUM  NAME" as sha256sum prints it: with a backslash in front, and \n, \r and \\ in the name, if it has one of
/// these characters. On a terminal each character that cannot be printed is a question mark, as ls shows it.
std::string sum_line(std::string_view sum, std::string_view name, bool is_terminal);

/// The text without the first bytes of a UTF-8 character at its end, whose rest was cut off.
std::string_view whole_characters(std::string_view text);

/// The text before a zero byte, or all of a field that has none, up to its last whole character.
std::string field_text(const char *field, size_t size);

} // namespace cli
