// SPDX-License-Identifier: MIT
// `accel errors [NAME]`: the errno contract of the library. `accel version`.
#include "commands/commands.hpp"
#include "terminal/fail.hpp"
#include "terminal/numbers.hpp"
#include "terminal/output.hpp"

#include <nlohmann/json.hpp>
#include <set>

namespace cli {

namespace {

constexpr unsigned kMostReasons = 1024;

bool is_known(const char *name)
{
	return name != std::string_view("unknown");
}

/// Returns the reasons of an errno; with @only, that reason alone.
std::vector<unsigned> reasons_of(int code, std::optional<unsigned> only = std::nullopt)
{
	std::vector<unsigned> reasons;

	for (unsigned reason = 1; reason < kMostReasons && is_known(accel_reason_name(reason));
	     ++reason)
		if (accel_reason_errno(reason) == code && (!only || *only == reason))
			reasons.push_back(reason);
	return reasons;
}

/// Returns every errno that has a reason, in the order of the reasons.
std::vector<int> all_errnos()
{
	std::vector<int> codes;
	std::set<int> seen;

	for (unsigned reason = 1; reason < kMostReasons && is_known(accel_reason_name(reason));
	     ++reason)
		if (seen.insert(accel_reason_errno(reason)).second)
			codes.push_back(accel_reason_errno(reason));
	return codes;
}

Json errno_json(int code, std::optional<unsigned> only)
{
	Json json = {{"name", accel_errno_name(code)},
		     {"number", code},
		     {"meaning", accel_errno_meaning(code)},
		     {"action", accel_errno_action(code)},
		     {"reasons", Json::array()}};

	for (unsigned reason : reasons_of(code, only))
		json["reasons"].push_back({{"name", accel_reason_name(reason)},
					   {"number", reason},
					   {"meaning", accel_reason_meaning(reason)}});
	return json;
}

void print_errno(int code, std::optional<unsigned> only)
{
	Table table;

	println("{}  {}",
		painted(Paint::bold, fmt::format("{} ({})", accel_errno_name(code), code)),
		accel_errno_meaning(code));
	println("    {}", accel_errno_action(code));
	for (unsigned reason : reasons_of(code, only))
		table.add({"    " + std::string(accel_reason_name(reason)),
			   accel_reason_meaning(reason)});
	table.print(false);
}

/// Returns the errno of a name or number; for the name of a reason also that reason.
std::pair<int, std::optional<unsigned>> find(const std::string &name)
{
	std::string number = name.starts_with("-") ? name.substr(1) : name;
	std::optional<uint64_t> value = parse_number(number);
	std::string known;

	for (int code : all_errnos()) {
		if (name == accel_errno_name(code) ||
		    (value && *value == static_cast<uint64_t>(code)))
			return {code, std::nullopt};
		for (unsigned reason : reasons_of(code))
			if (name == accel_reason_name(reason))
				return {code, reason};
		known += fmt::format("{}{}", known.empty() ? "" : ", ", accel_errno_name(code));
	}
	fail(Exit::usage, "errors",
	     "unknown error '{}'; allowed: {}, and the names of their reasons", name, known);
}

} // namespace

int errors_command(const ErrorsOptions &options)
{
	std::vector<int> codes;
	std::optional<unsigned> only;

	if (options.name.empty()) {
		codes = all_errnos();
	} else {
		auto [code, reason] = find(options.name);

		codes.push_back(code);
		only = reason;
	}
	if (options.common.json) {
		Json json = {{"errors", Json::array()}};

		for (int code : codes)
			json["errors"].push_back(errno_json(code, only));
		print_json(json);
		return 0;
	}
	for (int code : codes)
		print_errno(code, only);
	return 0;
}

int version_command(const Common &common)
{
	if (common.json)
		print_json({{"accel", accel_version()}});
	else
		println("accel {}", accel_version());
	return 0;
}

} // namespace cli
