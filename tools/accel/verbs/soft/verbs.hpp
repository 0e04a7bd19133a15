// SPDX-License-Identifier: MIT
// The verbs of the soft accelerator.
#pragma once

#include "run/options.hpp"
#include "run/verb.hpp"

namespace cli {

extern const ProviderVerbs soft_verbs;

// `accel command`, in command.cpp.
int identify_command(const accel::Device &device, const CommandOptions &options);
int get_feature_command(const accel::Device &device, const CommandOptions &options);
int set_feature_command(const accel::Device &device, const CommandOptions &options);
int log_command(const accel::Device &device, const CommandOptions &options);
int self_test_command(const accel::Device &device, const CommandOptions &options);
int inject_fault_command(const accel::Device &device, const CommandOptions &options);

} // namespace cli
