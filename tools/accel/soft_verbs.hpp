// SPDX-License-Identifier: MIT
// The verbs of the soft accelerator.
#pragma once

#include "names.hpp"
#include "options.hpp"

#include <accel/soft_names.h>

namespace cli {

int run_deflate(const accel::Device &device, const RunOptions &options);
int run_inflate(const accel::Device &device, const RunOptions &options);
int run_crc32c(const accel::Device &device, const RunOptions &options);
int run_copy(const accel::Device &device, const RunOptions &options);
int run_fill(const accel::Device &device, const RunOptions &options);
int run_compare(const accel::Device &device, const RunOptions &options);
int run_matmul(const accel::Device &device, const RunOptions &options);

int soft_bench(const accel::Device &device, const BenchOptions &options);

int identify_command(const accel::Device &device, const CommandOptions &options);
int get_feature_command(const accel::Device &device, const CommandOptions &options);
int set_feature_command(const accel::Device &device, const CommandOptions &options);
int log_command(const accel::Device &device, const CommandOptions &options);
int self_test_command(const accel::Device &device, const CommandOptions &options);
int inject_fault_command(const accel::Device &device, const CommandOptions &options);

/// "crc32c"
inline std::string operation_name(unsigned operation)
{
	return name_of(accel_soft_op_names, operation);
}

} // namespace cli
