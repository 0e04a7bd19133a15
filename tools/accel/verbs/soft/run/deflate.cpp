// SPDX-License-Identifier: MIT
// `accel run deflate` and `accel run copy`: one output for each chunk of the input, in order.
#include "file/io.hpp"
#include "run/summary.hpp"
#include "terminal/progress.hpp"
#include "verbs/soft/queue/pipeline.hpp"
#include "verbs/soft/run/members.hpp"
#include "verbs/soft/run/run.hpp"

namespace cli {

namespace {

/// The differences between the operations.
struct Kind {
	const char *name;
	accel_soft_op operation;
	size_t room;		// for the output of a chunk
	bool one_even_if_empty; // an empty input has an output
	std::function<void(const Slot &, accel_soft_descriptor &)> describe;
	std::function<std::span<const std::byte>(const Slot &, const accel_completion &)> written;
	std::span<const std::byte> end = {}; // written after all outputs
};

int run_through(const accel::Device &device, const RunOptions &options, const Kind &kind)
{
	Input input(options.input);
	Output output(options.output, {&input});
	Pipeline pipeline(device, options, options.chunk, kind.room);
	Progress progress(input.size());
	Summary summary = {.operation = kind.name, .input = input.name(), .output = output.name()};
	std::string what = input.shown() + ": " + kind.name;
	uint64_t offset = 0;
	bool first = true;

	auto fill = [&](Slot &slot, accel_soft_descriptor &descriptor) {
		slot.in_bytes = input.read(slot.in.data(), slot.in.size(), pipeline.stop_fd());
		slot.offset = offset;
		offset += slot.in_bytes;
		kind.describe(slot, descriptor);
		bool has_work = slot.in_bytes || (first && kind.one_even_if_empty);

		first = false;
		return has_work;
	};
	auto collect = [&](Slot &slot, const accel_completion &completion) {
		if (completion.status != ACCEL_RING_STATUS_SUCCESS)
			fail_completion(what, completion, slot.offset);
		std::span<const std::byte> written = kind.written(slot, completion);

		output.write(written.data(), written.size());
		summary.bytes_in += slot.in_bytes;
		summary.bytes_out += written.size();
		progress.update(summary.bytes_in);
		return true;
	};
	pipeline.accelerator().inject_faults(kind.operation, options.faults);
	pipeline.run(fill, collect);
	output.write(kind.end.data(), kind.end.size());
	summary.bytes_out += kind.end.size();
	summary.seconds = progress.seconds();
	pipeline.add_to(summary);
	report_and_finish(options, summary, output);
	return 0;
}

} // namespace

namespace {

/// Writes blocks of a fixed size, then the empty block that marks the end.
int run_bgzf(const accel::Device &device, RunOptions options)
{
	auto describe = [&](const Slot &slot, accel_soft_descriptor &descriptor) {
		std::span<std::byte> out = slot.out.subspan(kBgzfField);

		accel_soft_deflate(&descriptor, out.data(), out.size(), slot.in.data(),
				   slot.in_bytes, options.level, 0);
	};
	auto written = [](const Slot &slot, const accel_completion &completion) {
		return record_bgzf(slot.out.first(kBgzfField + completion.result));
	};

	options.chunk = kBgzfContent;
	return run_through(device, options,
			   {"deflate", ACCEL_SOFT_OP_DEFLATE,
			    kBgzfField + member_room(kBgzfContent), false, describe, written,
			    bgzf_end()});
}

} // namespace

int run_deflate(const accel::Device &device, const RunOptions &options)
{
	if (options.bgzf)
		return run_bgzf(device, options);
	auto describe = [&](const Slot &slot, accel_soft_descriptor &descriptor) {
		std::span<std::byte> out = slot.out.subspan(kSizeField);

		accel_soft_deflate(&descriptor, out.data(), out.size(), slot.in.data(),
				   slot.in_bytes, options.level, 0);
	};
	auto written = [](const Slot &slot, const accel_completion &completion) {
		return record_size(slot.out.first(kSizeField + completion.result));
	};

	return run_through(device, options,
			   {"deflate", ACCEL_SOFT_OP_DEFLATE,
			    kSizeField + member_room(options.chunk), true, describe, written});
}

int run_copy(const accel::Device &device, const RunOptions &options)
{
	auto describe = [](const Slot &slot, accel_soft_descriptor &descriptor) {
		accel_soft_copy(&descriptor, slot.out.data(), slot.in.data(), slot.in_bytes, 0);
	};
	auto written = [](const Slot &slot,
			  const accel_completion &) -> std::span<const std::byte> {
		return slot.out.first(slot.in_bytes);
	};

	return run_through(device, options,
			   {"copy", ACCEL_SOFT_OP_COPY, options.chunk, false, describe, written});
}

} // namespace cli
