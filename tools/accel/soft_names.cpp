// SPDX-License-Identifier: MIT
// Names of the soft accelerator's numbers.
#include "soft_names.hpp"

#include <fmt/format.h>
#include <string_view>
#include <uapi/accel/soft.h>

namespace cli {

namespace {

struct Operation {
	unsigned number;
	const char *name;
};

constexpr Operation kOperations[] = {
	{ACCEL_SOFT_OP_NOP, "nop"},	    {ACCEL_SOFT_OP_COPY, "copy"},
	{ACCEL_SOFT_OP_FILL, "fill"},	    {ACCEL_SOFT_OP_COMPARE, "compare"},
	{ACCEL_SOFT_OP_CRC32C, "crc32c"},   {ACCEL_SOFT_OP_COPY_CRC32C, "copy-crc32c"},
	{ACCEL_SOFT_OP_DEFLATE, "deflate"}, {ACCEL_SOFT_OP_INFLATE, "inflate"},
	{ACCEL_SOFT_OP_MATMUL, "matmul"},   {ACCEL_SOFT_OP_BATCH, "batch"},
};

} // namespace

std::string operation_name(unsigned operation)
{
	for (const Operation &known : kOperations)
		if (known.number == operation)
			return known.name;
	return fmt::format("{}", operation);
}

int operation_number(const std::string &name)
{
	for (const Operation &known : kOperations)
		if (name == known.name)
			return static_cast<int>(known.number);
	return -1;
}

std::vector<std::string> operation_names(uint32_t bits)
{
	std::vector<std::string> names;

	for (unsigned i = 0; i < 32; ++i)
		if (bits >> i & 1)
			names.push_back(operation_name(i));
	return names;
}

accel_scope scope_of(const std::string &name)
{
	if (name == "debug-read")
		return ACCEL_SCOPE_DEBUG_READ;
	if (name == "debug-write")
		return ACCEL_SCOPE_DEBUG_WRITE;
	return name == "debug-full" ? ACCEL_SCOPE_DEBUG_FULL : ACCEL_SCOPE_CONFIGURATION;
}

} // namespace cli
