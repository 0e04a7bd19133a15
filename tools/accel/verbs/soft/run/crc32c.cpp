// SPDX-License-Identifier: MIT
// `accel run crc32c`: the CRCs of the chunks, computed in parallel and joined in order.
#include "run/crc32c.hpp"
#include "file/io.hpp"
#include "run/summary.hpp"
#include "terminal/progress.hpp"
#include "verbs/soft/queue/pipeline.hpp"
#include "verbs/soft/run/run.hpp"

namespace cli {

int run_crc32c(const accel::Device &device, const RunOptions &options)
{
	Input input(options.input);
	Pipeline pipeline(device, options, options.chunk, 0);
	Progress progress(input.size());
	Summary summary = {.operation = "crc32c", .input = input.name()};
	uint64_t offset = 0;
	uint32_t crc = 0;
	CrcJoiner joiner;

	auto fill = [&](Slot &slot, accel_soft_descriptor &descriptor) {
		slot.in_bytes = input.read(slot.in.data(), slot.in.size(), pipeline.stop_fd());
		slot.offset = offset;
		offset += slot.in_bytes;
		accel_soft_crc32c(&descriptor, slot.in.data(), slot.in_bytes, 0, 0);
		return slot.in_bytes != 0;
	};
	auto collect = [&](Slot &slot, const accel_completion &completion) {
		if (completion.status != ACCEL_RING_STATUS_SUCCESS)
			fail_completion(input.shown() + ": crc32c", completion, slot.offset);
		crc = joiner.join(crc, static_cast<uint32_t>(completion.result), slot.in_bytes);
		summary.bytes_in += slot.in_bytes;
		progress.update(summary.bytes_in);
		return true;
	};
	pipeline.accelerator().inject_faults(ACCEL_SOFT_OP_CRC32C, options.faults);
	pipeline.run(fill, collect);
	summary.seconds = progress.seconds();
	pipeline.add_to(summary);
	report_crc32c(options, summary, crc);
	return 0;
}

} // namespace cli
