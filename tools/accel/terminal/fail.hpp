// SPDX-License-Identifier: MIT
// The exit codes of accel(1), and the exception that carries one.
#pragma once

#include "terminal/text.hpp"

#include <accel/accel.h>
#include <cerrno>
#include <exception>
#include <fmt/format.h>
#include <optional>
#include <string>
#include <utility>

namespace cli {

enum class Exit : int {
	ok = 0,
	difference = 1, // the answer is no: a difference, or a failed check or test
	usage = 2,
	device = 3,
	file = 4,
	data = 5,
	resources = 6,
};

/// Returns the exit code of an errno of a device or of the system: Exit::resources for missing memory, threads or file
/// descriptors, @other for all other errors. @code: positive or negative.
constexpr Exit exit_of(int code, Exit other)
{
	switch (code < 0 ? -code : code) {
	case ENOMEM:
	case EMFILE:
	case ENFILE: return Exit::resources;
	default: return other;
	}
}

/// Ends the program with one line on stderr: "accel: WHAT: SENTENCE". WHAT is quoted if it has unprintable characters.
class Failure : public std::exception {
public:
	Failure(Exit exit, const std::string &what, const std::string &sentence)
		: code(exit), line(what.empty() ? sentence : shown_name(what) + ": " + sentence)
	{}

	const char *what() const noexcept override { return line.c_str(); }

	Exit code;
	std::string line;
	std::optional<accel_error_record> record; // of the device or the library
	std::string hint;			  // a second line, or empty
};

template <class... T>
[[noreturn]] void fail(Exit code, const std::string &what, fmt::format_string<T...> format,
		       T &&...arguments)
{
	throw Failure(code, what, fmt::format(format, std::forward<T>(arguments)...));
}

} // namespace cli
