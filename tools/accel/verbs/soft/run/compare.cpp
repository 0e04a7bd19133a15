// SPDX-License-Identifier: MIT
// `accel run compare`: finds the first difference between two files.
#include "run/difference.hpp"
#include "run/summary.hpp"
#include "terminal/progress.hpp"
#include "verbs/soft/queue/pipeline.hpp"
#include "verbs/soft/run/run.hpp"

#include <algorithm>

namespace cli {

int run_compare(const accel::Device &device, const RunOptions &options)
{
	ComparedInputs inputs(options);
	Pipeline pipeline(device, options, options.chunk, options.chunk);
	Progress progress(inputs.size());
	Summary summary = {.operation = "compare", .input = inputs.name()};
	uint64_t offset = 0;
	std::optional<FileDifference> found;

	auto fill = [&](Slot &slot, accel_soft_descriptor &descriptor) {
		slot.in_bytes = inputs.a.read(slot.in.data(), slot.in.size(), pipeline.stop_fd());
		slot.second = inputs.b.read(slot.out.data(), slot.out.size(), pipeline.stop_fd());
		slot.offset = offset;
		offset += slot.in_bytes;
		accel_soft_compare(&descriptor, slot.in.data(), slot.out.data(),
				   std::min(slot.in_bytes, slot.second), 0);
		return slot.in_bytes || slot.second;
	};
	auto collect = [&](Slot &slot, const accel_completion &completion) {
		if (completion.status != ACCEL_RING_STATUS_SUCCESS)
			fail_completion(inputs.shown() + ": compare", completion, slot.offset);
		found = find_difference(inputs, slot.offset, completion.result,
					slot.in.first(slot.in_bytes), slot.out.first(slot.second));
		summary.bytes_in += slot.in_bytes;
		progress.update(summary.bytes_in);
		return !found;
	};
	pipeline.accelerator().inject_faults(ACCEL_SOFT_OP_COMPARE, options.faults);
	pipeline.run(fill, collect);
	summary.seconds = progress.seconds();
	pipeline.add_to(summary);
	return report_difference(options, summary, found);
}

} // namespace cli
