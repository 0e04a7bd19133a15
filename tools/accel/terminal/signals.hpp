// SPDX-License-Identifier: MIT
// Signal handlers, which remove an incomplete output and restore the terminal before the program ends.
#pragma once

#include <string>
#include <termios.h>

namespace cli {

/// Handles the signals by which users, shells and limits end a program; a broken pipe becomes a write error.
void install_signals();

/// Registers the file that a signal handler must remove; its path must fit PATH_MAX. One file at a time, from the main
/// thread only.
void set_unfinished_file(const std::string &path);
void clear_unfinished_file();

/// Registers that the terminal shows the alternate screen; at its end the program restores the first screen, and the
/// state @input of standard input if it is not null. Called by the main thread only.
void set_full_screen(const termios *input);
void clear_full_screen();

/// Ends the program by SIGPIPE, without a message; the shell reports 141.
[[noreturn]] void die_of_broken_pipe();

} // namespace cli
