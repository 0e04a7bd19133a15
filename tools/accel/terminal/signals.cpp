// SPDX-License-Identifier: MIT
// Signal handlers, which remove an incomplete output and restore the terminal before the program ends.
#include "terminal/signals.hpp"

#include <atomic>
#include <climits>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <initializer_list>
#include <unistd.h>

namespace cli {

namespace {

char unfinished[PATH_MAX];
std::atomic<bool> is_unfinished;
std::atomic<bool> is_full_screen;
bool has_input;
termios input_before;
static_assert(std::atomic<bool>::is_always_lock_free);

[[noreturn]] void end_by_signal(int number)
{
	struct sigaction plain = {};
	sigset_t set;

	plain.sa_handler = SIG_DFL;
	sigaction(number, &plain, nullptr);
	sigemptyset(&set);
	sigaddset(&set, number);
	raise(number);
	pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
	_exit(128 + number);
}

extern "C" void on_signal(int number)
{
	clear_full_screen();
	if (is_unfinished.exchange(false))
		unlink(unfinished);
	end_by_signal(number);
}

} // namespace

void install_signals()
{
	for (int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGALRM, SIGXCPU, SIGUSR1, SIGUSR2}) {
		struct sigaction action = {};
		struct sigaction before = {};

		// Keep signals ignored that nohup or a shell has set to be ignored.
		if (sigaction(number, nullptr, &before) == 0 && before.sa_handler == SIG_IGN)
			continue;
		action.sa_handler = on_signal;
		sigfillset(&action.sa_mask);
		sigaction(number, &action, nullptr);
	}
	struct sigaction ignore = {};

	// Writes fail instead: with EPIPE, and with EFBIG at the file size limit.
	ignore.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &ignore, nullptr);
	sigaction(SIGXFSZ, &ignore, nullptr);
}

void set_unfinished_file(const std::string &path)
{
	if (path.size() >= sizeof(unfinished))
		return;
	memcpy(unfinished, path.c_str(), path.size() + 1);
	is_unfinished = true;
}

void clear_unfinished_file()
{
	is_unfinished = false;
}

void set_full_screen(const termios *input)
{
	has_input = input;
	if (input)
		input_before = *input;
	is_full_screen = true;
}

/* Also called by the signal handler: only async-signal-safe functions are allowed here. */
void clear_full_screen()
{
	static constexpr char kBack[] = "\033[?25h\033[?1049l";

	if (!is_full_screen.exchange(false))
		return;
	static_cast<void>(!write(STDOUT_FILENO, kBack, sizeof(kBack) - 1));
	if (has_input)
		tcsetattr(STDIN_FILENO, TCSANOW, &input_before);
}

void die_of_broken_pipe()
{
	if (is_unfinished.exchange(false))
		unlink(unfinished);
	end_by_signal(SIGPIPE);
}

} // namespace cli
