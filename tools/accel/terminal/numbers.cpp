// SPDX-License-Identifier: MIT
// Numbers and bytes in the syntax of the command line.
#include "terminal/numbers.hpp"

#include <charconv>

namespace cli {

namespace {

/// Returns log2 of the factor of a suffix; 0 if the letter is not a suffix.
unsigned suffix_shift(char letter)
{
	switch (letter) {
	case 'k':
	case 'K': return 10;
	case 'M': return 20;
	case 'G': return 30;
	case 'T': return 40;
	default: return 0;
	}
}

int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

} // namespace

std::optional<uint64_t> parse_number(std::string_view text)
{
	int base = 10;
	unsigned shift = 0;
	uint64_t value = 0;

	if (text.starts_with("0x") || text.starts_with("0X")) {
		base = 16;
		text.remove_prefix(2);
	} else if (!text.empty()) {
		shift = suffix_shift(text.back());
		text.remove_suffix(shift != 0);
	}
	auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
	if (error != std::errc() || end != text.data() + text.size())
		return std::nullopt;
	if (value > (UINT64_MAX >> shift))
		return std::nullopt;
	return value << shift;
}

std::optional<std::string> parse_hex(std::string_view text)
{
	std::string bytes;
	int high = -1;

	if (text.starts_with("0x") || text.starts_with("0X"))
		text.remove_prefix(2);
	for (char c : text) {
		int value = digit(c);

		if (value < 0) {
			if ((c == ' ' || c == ':') && high < 0)
				continue;
			return std::nullopt;
		}
		if (high < 0) {
			high = value;
		} else {
			bytes += static_cast<char>(high << 4 | value);
			high = -1;
		}
	}
	if (high >= 0)
		return std::nullopt;
	return bytes;
}

} // namespace cli
