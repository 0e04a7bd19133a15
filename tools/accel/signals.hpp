// SPDX-License-Identifier: MIT
// What a signal leaves behind: nothing. A half-written output is removed before the program ends.
#pragma once

#include <string>
#include <termios.h>

namespace cli {

/// Handle the signals so that users, shells and limits end a program with; a broken pipe becomes an ordinary write error.
void install_signals();

/// The file that must not survive if the program is ended now; its path must fit PATH_MAX.
/// One at a time. Called by the main thread only.
void set_unfinished_file(const std::string &path);
void clear_unfinished_file();

/// The terminal shows another screen; when the program ends, the first one comes back, and with it the state of
/// standard input, if that is not null. Called by the main thread only.
void set_full_screen(const termios *input);
void clear_full_screen();

/// End as who is ended by SIGPIPE: without a word, the shell sees 141.
[[noreturn]] void die_of_broken_pipe();

} // namespace cli
