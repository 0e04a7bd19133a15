// SPDX-License-Identifier: MIT
// `accel run inflate` of members with a size field, in parallel.
#pragma once

#include "file/io.hpp"
#include "run/summary.hpp"
#include "terminal/progress.hpp"
#include "verbs/soft/queue/pipeline.hpp"
#include "verbs/soft/run/members.hpp"

#include <array>
#include <vector>

namespace cli {

/// An input with bytes that were read ahead.
class Source {
public:
	explicit Source(Input &input) : input_(input) {}

	/// Makes read() return @bytes first. Must be called in the order of the input, before read().
	void put_back(std::span<const std::byte> bytes);
	/// Reads until the input ends or @bytes have been read; returns their number.
	size_t read(std::byte *to, size_t bytes);

private:
	Input &input_;
	std::vector<std::byte> ahead_;
	size_t used_ = 0;
};

/// Decompresses one member for each slot and descriptor. Stops at the first member without a valid size field or with
/// invalid data, and returns the input from there on to the source. Inflater continues there, and reports all errors of
/// the data.
class Members {
public:
	Members(const accel::Device &device, const RunOptions &options, Input &input,
		Output &output, Progress &progress);

	/// @header: the bytes read so far. Fills in @summary. Returns whether all of the input was decompressed.
	bool run(std::span<const std::byte> header, Summary &summary, Source &source);

private:
	bool fill(Slot &slot, accel_soft_descriptor &descriptor);
	bool collect(Slot &slot, const accel_completion &completion);
	bool put_back(Source &source);

	Input &input_;
	Output &output_;
	Progress &progress_;
	Pipeline pipeline_;
	// Used by the reading thread until it has ended.
	std::array<std::byte, kSizedHeader> header_;
	size_t header_bytes_ = 0;
	uint64_t offset_ = 0;
	uint64_t filled_ = 0;
	// Used by the thread that takes the completions.
	uint64_t done_ = 0;
	uint64_t bytes_in_ = 0;
	uint64_t bytes_out_ = 0;
};

} // namespace cli
