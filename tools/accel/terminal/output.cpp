// SPDX-License-Identifier: MIT
// Output of the sub-commands: text on stdout, tables, colours on a terminal only, JSON.
#include "terminal/output.hpp"

#include "terminal/fail.hpp"
#include "terminal/signals.hpp"
#include "terminal/text.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace cli {

namespace {

bool is_claimed; // stdout carries data

[[noreturn]] void output_failed(int code)
{
	// Discard the buffer: exit() must not try to write it again.
	static_cast<void>(freopen("/dev/null", "w", stdout));
	if (code == EPIPE)
		die_of_broken_pipe();
	fail(Exit::file, "standard output", "cannot be written: {}", strerror(code ? code : EIO));
}

} // namespace

void print(std::string_view text)
{
	errno = 0;
	if (fwrite(text.data(), 1, text.size(), stdout) != text.size())
		output_failed(errno);
}

void note(std::string_view text)
{
	std::string line = fmt::format("accel: {}\n", escaped(in_charset(text)));

	// A failure cannot be reported.
	fwrite(line.data(), 1, line.size(), stderr);
}

void finish_output()
{
	errno = 0;
	if (fflush(stdout) != 0 || ferror(stdout)) // the error may be of an earlier write
		output_failed(errno);
}

void claim_stdout()
{
	is_claimed = true;
}

void print_json(const Json &json)
{
	std::string text = json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";

	if (is_claimed)
		fwrite(text.data(), 1, text.size(), stderr);
	else
		print(text);
}

bool is_colourful(int fd)
{
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	return isatty(fd) && !(no_color && *no_color) && term && strcmp(term, "dumb") != 0;
}

std::string painted(Paint paint, std::string_view text)
{
	static const bool colourful = is_colourful(STDOUT_FILENO);
	static constexpr const char *kCodes[] = {"0", "1", "2", "32", "33", "31"};

	if (!colourful || paint == Paint::plain)
		return std::string(text);
	return fmt::format("\033[{}m{}\033[0m", kCodes[static_cast<int>(paint)], text);
}

size_t width(std::string_view text)
{
	size_t count = 0;

	for (char byte : text)
		count += (static_cast<unsigned char>(byte) & 0xc0) != 0x80;
	return count;
}

void Table::add(std::vector<std::string> cells)
{
	for (std::string &cell : cells)
		cell = escaped(in_charset(cell));
	rows_.push_back({std::move(cells), {}, {}});
}

void Table::below(std::string_view text)
{
	rows_.back().below.push_back(painted(Paint::dim, escaped(in_charset(text))));
}

std::string Table::line(const Row &row, const std::vector<size_t> &widths) const
{
	std::string text;

	for (size_t i = 0; i < row.cells.size(); ++i) {
		bool at_right = std::find(right_.begin(), right_.end(), i) != right_.end();
		std::string space(widths[i] - width(row.cells[i]), ' ');

		auto paint = row.paints.find(i);
		std::string cell = paint == row.paints.end() ? row.cells[i] :
							       painted(paint->second, row.cells[i]);

		text += at_right ? space + cell : cell + space;
		if (i + 1 < row.cells.size())
			text += "  ";
	}
	return text.erase(text.find_last_not_of(' ') + 1);
}

std::vector<size_t> Table::widths() const
{
	std::vector<size_t> widths;

	for (const Row &row : rows_) {
		widths.resize(std::max(widths.size(), row.cells.size()));
		for (size_t i = 0; i < row.cells.size(); ++i)
			widths[i] = std::max(widths[i], width(row.cells[i]));
	}
	return widths;
}

std::vector<std::string> Table::lines() const
{
	const std::vector<size_t> all = widths();
	std::vector<std::string> lines;

	for (const Row &row : rows_)
		lines.push_back(line(row, all));
	return lines;
}

void Table::print(bool has_headings) const
{
	const std::vector<size_t> all = widths();

	for (const Row &row : rows_) {
		bool heading = has_headings && &row == &rows_.front();

		println("{}", painted(heading ? Paint::bold : Paint::plain, line(row, all)));
		for (const std::string &text : row.below)
			println("    {}", text);
	}
}

std::string size_text(double bytes)
{
	static constexpr const char *kUnits[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
	size_t unit = 0;

	while (bytes >= 1024 && unit + 1 < std::size(kUnits)) {
		bytes /= 1024;
		++unit;
	}
	return unit == 0 ? fmt::format("{:.0f} B", bytes) :
			   fmt::format("{:.{}f} {}", bytes, bytes < 100 ? 1 : 0, kUnits[unit]);
}

std::string hex_text(std::string_view bytes)
{
	std::string text;

	for (char byte : bytes)
		text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
	return text;
}

} // namespace cli
