// SPDX-License-Identifier: MIT
// Output of the sub-commands: text on stdout, tables, colours on a terminal only, JSON.
#pragma once

#include <fmt/format.h>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cli {

using Json = nlohmann::ordered_json;

/// Writes text to stdout. Throws (Exit::file) on a write error, as finish_output() does.
void print(std::string_view text);

/// Prints a line on stdout.
template <class... T>
void println(fmt::format_string<T...> format, T &&...arguments)
{
	print(fmt::format(format, std::forward<T>(arguments)...) + "\n");
}

/// Prints a line on stderr: "accel: TEXT". Unprintable characters become escapes.
void note(std::string_view text);

/// Flushes stdout. Throws (Exit::file) if a write has failed.
void finish_output();

/// Reserves stdout for data; JSON goes to stderr from now on.
void claim_stdout();

/// Prints indented JSON and a newline.
void print_json(const Json &json);

enum class Paint { plain, bold, dim, green, yellow, red };

/// Returns @text in that colour if stdout is a terminal with colours and NO_COLOR is not set.
std::string painted(Paint paint, std::string_view text);

/// Returns whether the file descriptor is a terminal on which escape sequences may be used.
bool is_colourful(int fd);

/// Aligned columns. The width of a cell is its number of characters (UTF-8), not of bytes. Unprintable characters
/// become escapes, so that no text can change the terminal or start a line.
class Table {
public:
	explicit Table(std::vector<std::string> headings) { add(std::move(headings)); }
	Table() = default;

	/// Adds a row. The last cell may have any length; missing cells are empty.
	void add(std::vector<std::string> cells);
	/// Sets the colour of a cell of the last row.
	void paint(size_t column, Paint paint) { rows_.back().paints[column] = paint; }
	/// Adds an indented line without columns after the last row.
	void below(std::string_view text);
	/// Aligns the cells of this column to the right.
	void right(size_t column) { right_.push_back(column); }
	/// @has_headings: the first row has the headings.
	void print(bool has_headings) const;
	/// Returns the rows as text, without the lines of below().
	std::vector<std::string> lines() const;

private:
	struct Row {
		std::vector<std::string> cells;
		std::map<size_t, Paint> paints;
		std::vector<std::string> below;
	};

	std::vector<size_t> widths() const;
	std::string line(const Row &row, const std::vector<size_t> &widths) const;

	std::vector<Row> rows_;
	std::vector<size_t> right_;
};

/// Returns the number of characters of UTF-8 text; the texts here have no wide or combining characters.
size_t width(std::string_view text);

/// 10485760 -> "10.0 MiB".
std::string size_text(double bytes);

/// Returns two hexadecimal digits for each byte.
std::string hex_text(std::string_view bytes);

} // namespace cli
