// SPDX-License-Identifier: MIT
// The verbs of all providers, and the search for the verb of a device.
#include "verbs/verbs.hpp"

#include "file/io.hpp"
#include "terminal/fail.hpp"
#include "verbs/soft/verbs.hpp"

#include <algorithm>

namespace cli {

namespace {

const ProviderVerbs *const kProviders[] = {
	&soft_verbs,
	&idxd_verbs,
	&qaic_verbs,
};

/// Returns the verbs of all providers, each name once, in the order of the list.
template <class Verb, class Join>
std::vector<Verb> joined(std::span<const Verb> ProviderVerbs::*verbs, const Join &join)
{
	std::vector<Verb> all;

	for (const ProviderVerbs *provider : kProviders)
		for (const Verb &verb : provider->*verbs) {
			auto known =
				std::ranges::find(all, std::string_view(verb.name), &Verb::name);

			if (known == all.end())
				all.push_back(verb);
			else
				join(*known, verb);
		}
	return all;
}

template <class Verb>
std::string names_of(std::span<const Verb> verbs)
{
	std::string names;

	for (const Verb &verb : verbs)
		names += (names.empty() ? "" : ", ") + std::string(verb.name);
	return names;
}

/// Returns the providers for which @has returns true: "soft, idxd".
template <class Has>
std::string providers_with(const Has &has)
{
	std::string names;

	for (const ProviderVerbs *provider : kProviders)
		if (has(*provider))
			names += (names.empty() ? "" : ", ") + std::string(provider->provider);
	return names;
}

const ProviderVerbs &verbs_of(const accel::Device &device)
{
	static const ProviderVerbs kNone = {.provider = ""};

	for (const ProviderVerbs *provider : kProviders)
		if (device.provider() == provider->provider)
			return *provider;
	return kNone;
}

/// Returns the verb of the provider of the device. @command: "run".
template <class Verb>
const Verb &find_verb(const accel::Device &device, const std::string &name,
		      std::span<const Verb> ProviderVerbs::*verbs, const char *command,
		      const std::string &verb)
{
	std::span<const Verb> all = verbs_of(device).*verbs;
	auto found = std::ranges::find(all, std::string_view(verb), &Verb::name);

	if (found != all.end())
		return *found;
	if (!all.empty())
		fail(Exit::device, name,
		     "the provider '{}' does not support `accel {} {}`; supported: {}",
		     device.provider(), command, verb, names_of(all));
	fail(Exit::device, name,
	     "the provider '{}' does not support `accel {}`; providers that do: {}{}",
	     device.provider(), command,
	     providers_with([&](const ProviderVerbs &one) { return !(one.*verbs).empty(); }),
	     command == std::string_view("command") ?
		     "; use `accel command raw` for other devices" :
		     "");
}

void check_range(const accel::Device &device, const char *option, uint64_t value,
		 const Range &range)
{
	if (!value || (value >= range.minimum && value <= range.maximum))
		return;
	if (!range.exists())
		fail(Exit::usage, option, "the provider '{}' does not support this option",
		     device.provider());
	fail(Exit::usage, option, "'{}' is not allowed for the provider '{}'; allowed: {} to {}",
	     value, device.provider(), range.minimum, range.maximum);
}

/// Throws for options and values that the command line accepts for another provider only.
template <class Options>
void check_options(const accel::Device &device, const Options &options)
{
	const ProviderVerbs &verbs = verbs_of(device);

	check_range(device, "--workers", options.workers, verbs.workers);
	check_range(device, "--faults", options.faults,
		    verbs.has_faults ? Range{1, UINT32_MAX} : Range());
	check_range(device, "--counters", options.counters,
		    verbs.has_counters ? Range{1, 1} : Range());
}

} // namespace

std::span<const ProviderVerbs *const> all_verbs()
{
	return kProviders;
}

std::vector<RunVerb> run_verbs()
{
	return joined(&ProviderVerbs::run,
		      [](RunVerb &known, const RunVerb &other) { known.takes |= other.takes; });
}

std::vector<CommandVerb> command_verbs()
{
	return joined(&ProviderVerbs::commands, [](CommandVerb &, const CommandVerb &) {});
}

Range range_of(Range ProviderVerbs::*option)
{
	Range all;

	for (const ProviderVerbs *provider : kProviders) {
		const Range &one = provider->*option;

		if (!one.exists())
			continue;
		all.minimum = all.exists() ? std::min(all.minimum, one.minimum) : one.minimum;
		all.maximum = std::max(all.maximum, one.maximum);
	}
	return all;
}

std::string default_device()
{
	for (const ProviderVerbs *provider : kProviders)
		if (provider->default_device)
			return provider->default_device;
	return "";
}

int run_command(const std::string &verb, const RunOptions &options)
{
	for (const RunVerb &known : run_verbs())
		if (known.name == verb && ((known.takes & kOutput) || !options.output.empty()))
			claim_if_stdout(options.output);
	accel::Device device = open_device(options.device, options.common);
	const RunVerb &found = find_verb(device, options.device, &ProviderVerbs::run, "run", verb);

	check_options(device, options);
	check_range(device, "--parallel", options.parallel, verbs_of(device).parallel);
	return found.run(device, options);
}

int command_command(const std::string &verb, const CommandOptions &options)
{
	accel::Device device = open_device(options.device, options.common);

	return find_verb(device, options.device, &ProviderVerbs::commands, "command", verb)
		.run(device, options);
}

int bench_command(const BenchOptions &options)
{
	if (!options.plot.empty())
		claim_if_stdout(options.plot);
	accel::Device device = open_device(options.device, options.common);
	const ProviderVerbs &verbs = verbs_of(device);

	if (!verbs.bench)
		fail(Exit::device, options.device,
		     "the provider '{}' does not support `accel bench`; providers that do: {}",
		     device.provider(),
		     providers_with([](const ProviderVerbs &one) { return one.bench != nullptr; }));
	check_options(device, options);
	return verbs.bench(device, options);
}

} // namespace cli
