// SPDX-License-Identifier: MIT
// `accel run crc32c`: the CRCs of the chunks, computed in parallel and joined in order.
#include "crc32c.hpp"
#include "file_io.hpp"
#include "progress.hpp"
#include "soft_pipeline.hpp"
#include "soft_verbs.hpp"
#include "summary.hpp"

#include <nlohmann/json.hpp>
#include <unistd.h>

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
	summary.descriptors = pipeline.descriptors();
	summary.in_flight = pipeline.slots();
	summary.parallel = pipeline.accelerator().parallel();
	if (!options.common.json)
		println("{}", sum_line(fmt::format("{:08x}", crc),
				       options.input.empty() ? "-" : options.input,
				       isatty(STDOUT_FILENO)));
	report(options, summary, {{"crc32c", fmt::format("{:08x}", crc)}});
	return 0;
}

} // namespace cli
