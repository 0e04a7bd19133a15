// SPDX-License-Identifier: MIT
// `accel run fill`: a file made of one pattern.
#include "fail.hpp"
#include "file_io.hpp"
#include "numbers.hpp"
#include "progress.hpp"
#include "soft_pipeline.hpp"
#include "soft_verbs.hpp"
#include "summary.hpp"

#include <algorithm>
#include <cstring>

namespace cli {

namespace {

/// The pattern over and over in eight bytes, so that chunks of a multiple of eight fit together.
uint64_t pattern_of(const std::string &text)
{
	std::optional<std::string> bytes = parse_hex(text);
	uint64_t pattern = 0;

	if (!bytes ||
	    (bytes->size() != 1 && bytes->size() != 2 && bytes->size() != 4 && bytes->size() != 8))
		fail(Exit::usage, "--pattern",
		     "'{}' is not allowed; allowed: 1, 2, 4 or 8 bytes as "
		     "hexadecimal digits",
		     text);
	for (size_t i = 0; i < sizeof(pattern); i += bytes->size())
		memcpy(reinterpret_cast<char *>(&pattern) + i, bytes->data(), bytes->size());
	return pattern;
}

} // namespace

int run_fill(const accel::Device &device, const RunOptions &options)
{
	uint64_t pattern = pattern_of(options.pattern);
	Output output(options.output, {});
	Pipeline pipeline(device, options, 0, options.chunk & ~UINT64_C(7));
	Progress progress(options.size);
	Summary summary = {.operation = "fill",
			   .input = "pattern " + options.pattern,
			   .output = output.name()};
	uint64_t left = options.size;

	auto fill = [&](Slot &slot, accel_soft_descriptor &descriptor) {
		slot.in_bytes = std::min<uint64_t>(left, slot.out.size());
		slot.offset = options.size - left;
		left -= slot.in_bytes;
		accel_soft_fill(&descriptor, slot.out.data(), slot.in_bytes, pattern, 0);
		return slot.in_bytes != 0;
	};
	auto collect = [&](Slot &slot, const accel_completion &completion) {
		if (completion.status != ACCEL_RING_STATUS_SUCCESS)
			fail_completion("fill", completion, slot.offset);
		output.write(slot.out.data(), slot.in_bytes);
		summary.bytes_out += slot.in_bytes;
		progress.update(summary.bytes_out);
		return true;
	};
	pipeline.accelerator().inject_faults(ACCEL_SOFT_OP_FILL, options.faults);
	pipeline.run(fill, collect);
	summary.seconds = progress.seconds();
	summary.descriptors = pipeline.descriptors();
	summary.in_flight = pipeline.slots();
	summary.parallel = pipeline.accelerator().parallel();
	summary.processed = summary.bytes_out;
	report_and_finish(options, summary, output);
	return 0;
}

} // namespace cli
