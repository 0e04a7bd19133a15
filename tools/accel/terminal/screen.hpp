// SPDX-License-Identifier: MIT
// A full-screen view, which restores the terminal at its end.
#pragma once

#include <string>
#include <termios.h>
#include <vector>

namespace cli {

class Screen {
public:
	/// Returns whether standard output is a terminal that supports a full-screen view.
	static bool is_possible();

	Screen();
	~Screen();
	Screen(const Screen &) = delete;
	Screen &operator=(const Screen &) = delete;

	/// Shows as many lines as fit. The first @bold lines are headings.
	void draw(const std::vector<std::string> &lines, size_t bold) const;

	enum class Event { time, quit, resize };
	/// Waits until the time has passed, the user presses q, or the size of the terminal changes.
	Event wait(double seconds);

private:
	bool has_keys_; // standard input is a terminal
};

} // namespace cli
