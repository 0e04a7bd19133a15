// SPDX-License-Identifier: MIT
// `accel run` on the soft accelerator: one function for each verb, which returns the exit code or throws a Failure.
#pragma once

#include "run/options.hpp"

namespace cli {

int run_deflate(const accel::Device &device, const RunOptions &options);
int run_inflate(const accel::Device &device, const RunOptions &options);
int run_crc32c(const accel::Device &device, const RunOptions &options);
int run_copy(const accel::Device &device, const RunOptions &options);
int run_fill(const accel::Device &device, const RunOptions &options);
int run_compare(const accel::Device &device, const RunOptions &options);
int run_matmul(const accel::Device &device, const RunOptions &options);

} // namespace cli
