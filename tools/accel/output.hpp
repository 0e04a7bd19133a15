// SPDX-License-Identifier: MIT
// What sub-commands print: text on stdout, tables, colours on a terminal only, JSON.
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

/// Write text to stdout; it is checked there and in finish_output() that it arrives.
void print(std::string_view text);

template <class... T>
void say(fmt::format_string<T...> format, T &&...arguments)
{
	print(fmt::format(format, std::forward<T>(arguments)...) + "\n");
}

/// Print a line on stderr: "accel: TEXT". What cannot be printed becomes an escape.
void note(std::string_view text);

/// Flush stdout. Failure (Exit::file) if something did not arrive there.
void finish_output();

/// From now on stdout carries data: JSON goes to stderr.
void claim_stdout();

/// Print JSON, indented, with a newline.
void print_json(const Json &json);

enum class Paint { plain, bold, dim, green, yellow, red };

/// @text in that colour if stdout is a terminal that has colours and NO_COLOR is not set.
std::string painted(Paint paint, std::string_view text);

/// Whether the file descriptor is a terminal on which escape sequences may be used.
bool is_colourful(int fd);

/// Aligned columns. A cell is as wide as its characters (UTF-8), not as its bytes. What cannot be printed becomes an
/// escape, so that no text can change the terminal or begin a line.
class Table {
public:
	explicit Table(std::vector<std::string> headings) { add(std::move(headings)); }
	Table() = default;

	/// A row. The last cell may have any length; cells that are missing are empty.
	void add(std::vector<std::string> cells);
	/// The cell of that column of the last row has this colour.
	void paint(size_t column, Paint paint) { rows_.back().paints[column] = paint; }
	/// A line below the last row, indented, that does not belong to the columns.
	void below(std::string_view text);
	/// Cells of this column stand at its right edge.
	void right(size_t column) { right_.push_back(column); }
	/// @has_headings: the first row is one.
	void print(bool has_headings) const;
	/// The rows as text, without what stands below them.
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

/// Number of characters of UTF-8 text, which is its width for the scripts that we print.
size_t width(std::string_view text);

/// 10485760 -> "10.0 MiB".
std::string size_text(double bytes);

/// The bytes as two hexadecimal digits each.
std::string hex_text(std::string_view bytes);

} // namespace cli
