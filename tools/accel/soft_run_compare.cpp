// SPDX-License-Identifier: MIT
// `accel run compare`: finds the first difference between two files.
#include "difference.hpp"
#include "fail.hpp"
#include "file_io.hpp"
#include "progress.hpp"
#include "soft_pipeline.hpp"
#include "soft_verbs.hpp"
#include "summary.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace cli {

int run_compare(const accel::Device &device, const RunOptions &options)
{
	Input a(options.input);
	Input b(options.second);
	Pipeline pipeline(device, options, options.chunk, options.chunk);
	Progress progress(a.size() && b.size() ? std::min(a.size(), b.size()) : std::nullopt);
	Summary summary = {.operation = "compare", .input = a.name() + " " + b.name()};
	uint64_t offset = 0;
	std::optional<FileDifference> found;

	if (options.input == "-" && options.second == "-")
		fail(Exit::usage, "run compare", "A and B cannot both be standard input");
	auto fill = [&](Slot &slot, accel_soft_descriptor &descriptor) {
		slot.in_bytes = a.read(slot.in.data(), slot.in.size(), pipeline.stop_fd());
		slot.second = b.read(slot.out.data(), slot.out.size(), pipeline.stop_fd());
		slot.offset = offset;
		offset += slot.in_bytes;
		accel_soft_compare(&descriptor, slot.in.data(), slot.out.data(),
				   std::min(slot.in_bytes, slot.second), 0);
		return slot.in_bytes || slot.second;
	};
	auto collect = [&](Slot &slot, const accel_completion &completion) {
		if (completion.status != ACCEL_RING_STATUS_SUCCESS)
			fail_completion(a.shown() + " " + b.shown() + ": compare", completion,
					slot.offset);
		found = find_difference(a, b, slot.offset, completion.result,
					slot.in.first(slot.in_bytes), slot.out.first(slot.second));
		summary.bytes_in += slot.in_bytes;
		progress.update(summary.bytes_in);
		return !found;
	};
	pipeline.accelerator().inject_faults(ACCEL_SOFT_OP_COMPARE, options.faults);
	pipeline.run(fill, collect);
	summary.seconds = progress.seconds();
	summary.descriptors = pipeline.descriptors();
	summary.in_flight = pipeline.slots();
	summary.parallel = pipeline.accelerator().parallel();
	if (found && !options.common.json)
		println("{}", found->text);
	report(options, summary,
	       {{"equal", !found}, {"offset", found ? Json(found->offset) : Json()}});
	return static_cast<int>(found ? Exit::difference : Exit::ok);
}

} // namespace cli
