// SPDX-License-Identifier: MIT
// A view that takes the whole terminal, and gives it back as it was.
#pragma once

#include <string>
#include <termios.h>
#include <vector>

namespace cli {

class Screen {
public:
	/// Whether there can be one: standard output is a terminal that understands it.
	static bool is_possible();

	Screen();
	~Screen();
	Screen(const Screen &) = delete;
	Screen &operator=(const Screen &) = delete;

	/// Show these lines, as far as they have room. The first @bold ones are headings.
	void draw(const std::vector<std::string> &lines, size_t bold) const;

	enum class Event { time, quit, resize };
	/// Wait so long, or for a key that ends it (q), or until the terminal has another size.
	Event wait(double seconds);

private:
	bool has_keys_; // standard input is a terminal, too
};

} // namespace cli
