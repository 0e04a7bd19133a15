// SPDX-License-Identifier: MIT
// The inputs and the result of `accel run compare`, for all providers.
#pragma once

#include "file/io.hpp"
#include "run/options.hpp"
#include "run/summary.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace cli {

/// The two files to compare.
struct ComparedInputs {
	/// Throws if one cannot be opened, or if both are standard input.
	explicit ComparedInputs(const RunOptions &options);

	/// The names in messages, "A B".
	std::string shown() const { return a.shown() + " " + b.shown(); }
	/// The unchanged names, for JSON.
	std::string name() const { return a.name() + " " + b.name(); }
	/// The size of the smaller file, if both are known.
	std::optional<uint64_t> size() const;

	Input a, b;
};

struct FileDifference {
	uint64_t offset;
	std::string text;
};

/// Returns the first difference in two pieces, which begin at @offset of the files, or nothing. The device has found
/// the first @same bytes equal.
std::optional<FileDifference> find_difference(const ComparedInputs &inputs, uint64_t offset,
					      uint64_t same, std::span<const std::byte> one,
					      std::span<const std::byte> other);

/// Reports the difference, if any. Returns the exit code of the command.
int report_difference(const RunOptions &options, const Summary &summary,
		      const std::optional<FileDifference> &found);

} // namespace cli
