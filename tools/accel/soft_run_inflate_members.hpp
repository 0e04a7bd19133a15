// SPDX-License-Identifier: MIT
// `accel run inflate` of members that tell their size: side by side, as far as they go.
#pragma once

#include "file_io.hpp"
#include "progress.hpp"
#include "soft_pipeline.hpp"
#include "soft_run_members.hpp"
#include "summary.hpp"

#include <array>
#include <vector>

namespace cli {

/// What was read ahead, then the rest of an input.
class Source {
public:
	explicit Source(Input &input) : input_(input) {}

	/// Read @bytes before anything else. Must be called in the order of the input, before read().
	void put_back(std::span<const std::byte> bytes);
	/// Read until @bytes are there or the input ends; returns how many.
	size_t read(std::byte *to, size_t bytes);

private:
	Input &input_;
	std::vector<std::byte> ahead_;
	size_t used_ = 0;
};

/// Members in slots, one for each descriptor. Whatever is not as the first header promised (a member of another
/// program, a size that is wrong, data that is) ends it: what was read from there on goes back to the source,
/// for who reads members in a row. So there is one place that says what is wrong with data.
class Members {
public:
	Members(const accel::Device &device, const RunOptions &options, Input &input,
		Output &output, Progress &progress);

	/// @header: what was read so far. Fills in what was done. Returns whether that was all of the input.
	bool run(std::span<const std::byte> header, Summary &summary, Source &source);

private:
	bool fill(Slot &slot, accel_soft_descriptor &descriptor);
	bool collect(Slot &slot, const accel_completion &completion);
	bool put_back(Source &source);

	Input &input_;
	Output &output_;
	Progress &progress_;
	Pipeline pipeline_;
	// The reading thread's, until it has ended.
	std::array<std::byte, kSizedHeader> header_;
	size_t header_bytes_ = 0;
	uint64_t offset_ = 0;
	uint64_t filled_ = 0;
	// The collecting thread's.
	uint64_t done_ = 0;
	uint64_t bytes_in_ = 0;
	uint64_t bytes_out_ = 0;
};

} // namespace cli
