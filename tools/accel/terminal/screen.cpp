// SPDX-License-Identifier: MIT
// A full-screen view, which restores the terminal at its end.
#include "terminal/screen.hpp"

#include "terminal/output.hpp"
#include "terminal/signals.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace cli {

namespace {

volatile std::sig_atomic_t is_resized;

extern "C" void on_resize(int)
{
	is_resized = 1;
}

/// Returns the first @columns characters of UTF-8 text.
std::string clipped(const std::string &text, size_t columns)
{
	size_t end = 0;

	for (size_t count = 0; end < text.size(); ++end)
		if ((static_cast<unsigned char>(text[end]) & 0xc0) != 0x80 && ++count > columns)
			break;
	return text.substr(0, end);
}

} // namespace

bool Screen::is_possible()
{
	const char *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && term && *term && strcmp(term, "dumb") != 0;
}

Screen::Screen()
{
	struct sigaction action = {};
	termios now;

	// No SA_RESTART: the signal must interrupt poll().
	action.sa_handler = on_resize;
	sigaction(SIGWINCH, &action, nullptr);
	has_keys_ = isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &now) == 0;
	set_full_screen(has_keys_ ? &now : nullptr);
	if (has_keys_) {
		now.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
		// A stopped program would leave the terminal in this state.
		now.c_cc[VSUSP] = _POSIX_VDISABLE;
		tcsetattr(STDIN_FILENO, TCSANOW, &now);
	}
	print("\033[?1049h\033[?25l");
	finish_output();
}

Screen::~Screen()
{
	// Flush first: buffered text must not appear after the terminal is restored.
	fflush(stdout);
	clear_full_screen();
}

void Screen::draw(const std::vector<std::string> &lines, size_t bold) const
{
	winsize size = {};
	std::string text = "\033[H";

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || !size.ws_row || !size.ws_col)
		size = {24, 80, 0, 0};
	for (size_t i = 0; i < std::min<size_t>(lines.size(), size.ws_row); ++i) {
		std::string line = clipped(lines[i], size.ws_col);

		text += i ? "\r\n" : "";
		text += painted(i < bold ? Paint::bold : Paint::plain, line) + "\033[K";
	}
	print(text + "\033[J");
	finish_output();
}

Screen::Event Screen::wait(double seconds)
{
	pollfd keys = {has_keys_ ? STDIN_FILENO : -1, POLLIN, 0};
	char key = 0;
	int result = poll(&keys, 1, static_cast<int>(seconds * 1000));

	if (is_resized) {
		is_resized = 0;
		return Event::resize;
	}
	if (result <= 0)
		return Event::time;
	// A failed read means that the terminal is closed.
	if (read(STDIN_FILENO, &key, 1) != 1 || key == 'q' || key == 'Q')
		return Event::quit;
	return Event::resize;
}

} // namespace cli
