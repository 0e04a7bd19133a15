// SPDX-License-Identifier: MIT
// `accel run compare`: the first difference of two files.
#include "fail.hpp"
#include "file_io.hpp"
#include "progress.hpp"
#include "soft_pipeline.hpp"
#include "soft_verbs.hpp"
#include "summary.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace cli {

namespace {

struct Difference {
	bool found = false;
	uint64_t offset = 0;
	std::string text;
};

/// The difference that a finished slot shows, if there is one.
Difference difference(const Slot &slot, uint64_t same, const Input &a, const Input &b)
{
	size_t common = std::min(slot.in_bytes, slot.second);
	uint64_t offset = slot.offset + same;

	if (same < common)
		return {true, offset,
			fmt::format("{} {} differ: offset {} (0x{:x}): {:02x} {:02x}", a.name(),
				    b.name(), offset, offset, static_cast<unsigned>(slot.in[same]),
				    static_cast<unsigned>(slot.out[same]))};
	if (slot.in_bytes != slot.second)
		return {true, offset,
			fmt::format("{} {} differ: {} ends after {} bytes, the other goes on",
				    a.name(), b.name(),
				    (slot.in_bytes < slot.second ? a : b).name(), offset)};
	return {};
}

} // namespace

int run_compare(const accel::Device &device, const RunOptions &options)
{
	Input a(options.input);
	Input b(options.second);
	Pipeline pipeline(device, options, options.chunk, options.chunk);
	Progress progress(a.size() && b.size() ? std::min(a.size(), b.size()) : std::nullopt);
	Summary summary = {.operation = "compare", .input = a.name() + " " + b.name()};
	uint64_t offset = 0;
	Difference found;

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
			fail_completion(summary.input + ": compare", completion, slot.offset);
		found = difference(slot, completion.result, a, b);
		summary.bytes_in += slot.in_bytes;
		progress.update(summary.bytes_in);
		return !found.found;
	};
	pipeline.accelerator().inject_faults(ACCEL_SOFT_OP_COMPARE, options.faults);
	pipeline.run(fill, collect);
	summary.seconds = progress.seconds();
	summary.descriptors = pipeline.descriptors();
	summary.in_flight = pipeline.slots();
	summary.parallel = pipeline.accelerator().parallel();
	if (found.found && !options.common.json)
		say("{}", found.text);
	report(options, summary,
	       {{"equal", !found.found}, {"offset", found.found ? Json(found.offset) : Json()}});
	return static_cast<int>(found.found ? Exit::difference : Exit::ok);
}

} // namespace cli
