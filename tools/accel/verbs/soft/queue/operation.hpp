// SPDX-License-Identifier: MIT
// The names of the operations of the soft accelerator.
#pragma once

#include "terminal/names.hpp"

#include <accel/soft_names.h>
#include <string>

namespace cli {

/// "crc32c"
inline std::string operation_name(unsigned operation)
{
	return name_of(accel_soft_op_names, operation);
}

} // namespace cli
