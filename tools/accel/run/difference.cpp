// SPDX-License-Identifier: MIT
// The inputs and the result of `accel run compare`, for all providers.
#include "run/difference.hpp"

#include "terminal/fail.hpp"
#include "terminal/output.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace cli {

ComparedInputs::ComparedInputs(const RunOptions &options) : a(options.input), b(options.second)
{
	if (options.input == "-" && options.second == "-")
		fail(Exit::usage, "run compare", "A and B cannot both be standard input");
}

std::optional<uint64_t> ComparedInputs::size() const
{
	return a.size() && b.size() ? std::min(a.size(), b.size()) : std::nullopt;
}

std::optional<FileDifference> find_difference(const ComparedInputs &inputs, uint64_t offset,
					      uint64_t same, std::span<const std::byte> one,
					      std::span<const std::byte> other)
{
	const size_t both = std::min(one.size(), other.size());

	if (same < both)
		return FileDifference{offset + same,
				      fmt::format("{} differ: offset {} (0x{:x}): {:02x} {:02x}",
						  inputs.shown(), offset + same, offset + same,
						  static_cast<unsigned>(one[same]),
						  static_cast<unsigned>(other[same]))};
	if (one.size() != other.size())
		return FileDifference{
			offset + both,
			fmt::format("{} differ: {} ends after {} bytes, the other is longer",
				    inputs.shown(),
				    (one.size() < other.size() ? inputs.a : inputs.b).shown(),
				    offset + both)};
	return std::nullopt;
}

int report_difference(const RunOptions &options, const Summary &summary,
		      const std::optional<FileDifference> &found)
{
	if (found && !options.common.json)
		println("{}", found->text);
	report(options, summary,
	       {{"equal", !found}, {"offset", found ? Json(found->offset) : Json()}});
	return static_cast<int>(found ? Exit::difference : Exit::ok);
}

} // namespace cli
