// SPDX-License-Identifier: MIT
// `accel run fill`: fills a file with a pattern.
#include "file/io.hpp"
#include "run/pattern.hpp"
#include "run/summary.hpp"
#include "terminal/progress.hpp"
#include "verbs/soft/queue/pipeline.hpp"
#include "verbs/soft/run/run.hpp"

#include <algorithm>

namespace cli {

int run_fill(const accel::Device &device, const RunOptions &options)
{
	uint64_t pattern = parse_pattern(options.pattern);
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
	pipeline.add_to(summary);
	summary.processed = summary.bytes_out;
	report_and_finish(options, summary, output);
	return 0;
}

} // namespace cli
