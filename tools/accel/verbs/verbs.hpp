// SPDX-License-Identifier: MIT
// The verbs of `accel run`, `bench`, `command` and `top` for the devices of each provider. A provider has one entry
// here, which uses its public header; no other part of this program depends on the provider of a device.
#pragma once

#include "run/options.hpp"
#include "run/verb.hpp"

#include <span>
#include <string>
#include <vector>

namespace cli {

extern const ProviderVerbs idxd_verbs; // idxd.cpp
extern const ProviderVerbs qaic_verbs; // qaic.cpp

std::span<const ProviderVerbs *const> all_verbs();

/// Returns the verbs of all providers for the command line, each name once with the arguments of all providers.
std::vector<RunVerb> run_verbs();
std::vector<CommandVerb> command_verbs();
/// Returns the range that contains those of all providers.
Range range_of(Range ProviderVerbs::*option);
/// Returns the default device of a command.
std::string default_device();

/// Runs the verb on the device of the options. Throws if its provider does not support it; the message lists the
/// supported verbs.
int run_command(const std::string &verb, const RunOptions &options);
int command_command(const std::string &verb, const CommandOptions &options);
int bench_command(const BenchOptions &options);

} // namespace cli
