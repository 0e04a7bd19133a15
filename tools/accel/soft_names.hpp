// SPDX-License-Identifier: MIT
// Names of the soft accelerator's numbers.
#pragma once

#include <accel/accel.h>
#include <cstdint>
#include <string>
#include <vector>

namespace cli {

/// "crc32c"; the number itself for one that is not known.
std::string operation_name(unsigned operation);
/// Number of a name; -1 if there is none.
int operation_number(const std::string &name);
/// The names of the set bits.
std::vector<std::string> operation_names(uint32_t bits);
/// Scope of a name that the command line has checked.
accel_scope scope_of(const std::string &name);

} // namespace cli
