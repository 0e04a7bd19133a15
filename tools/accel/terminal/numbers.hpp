// SPDX-License-Identifier: MIT
// Numbers and bytes in the syntax of the command line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cli {

/// "4096", "0x1000", "4k", "1M", "2G", "1T" (factors of 1024). nullopt: not a number, or above 2^64-1.
std::optional<uint64_t> parse_number(std::string_view text);

/// "deadbeef", "de ad be ef", "de:ad:be:ef", "0xdeadbeef": the bytes in the order written.
/// nullopt: not hexadecimal, or an odd number of digits.
std::optional<std::string> parse_hex(std::string_view text);

} // namespace cli
