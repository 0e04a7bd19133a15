// SPDX-License-Identifier: MIT
// Functions that the decoders share.
#pragma once

#include "uabi/layout.hpp"
#include "uabi/text.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace accel::core::uabi::detail {

/// Appends @value in decimal, or in hexadecimal if it exceeds 32 bits: then it is an address or a pattern.
void put_number(Text &text, uint64_t value);

/// Appends bytes in the form `01020304… (64 bytes)`.
void put_hex(Text &text, std::span<const std::byte> bytes, uint64_t total);

/// Appends a structure in the form `{entry-size=64,entry-count=128}`.
void put_struct(Text &text, const StructInfo &info, std::span<const std::byte> bytes);

/// Appends the names of the bits that are set, joined by "|". Set bits without a name are one hexadecimal number.
/// @name_of(i, value, name) sets value and name of the i-th member; it returns false after the last one.
template <class F>
void put_flags(Text &text, uint64_t value, F &&name_of)
{
	uint64_t rest = value, bit;
	std::string_view name;
	const char *between = "";

	for (unsigned i = 0; name_of(i, bit, name); ++i) {
		if (!bit || (value & bit) != bit)
			continue;
		text.put(between);
		text.put_printable(name);
		between = "|";
		rest &= ~bit;
	}
	if (rest || !value) {
		text.put(between);
		text.add(rest ? "0x%llx" : "%llu", static_cast<unsigned long long>(rest));
	}
}

} // namespace accel::core::uabi::detail
