// SPDX-License-Identifier: MIT
// The result of `accel run crc32c`, for all providers.
#include "run/crc32c.hpp"

#include "terminal/output.hpp"
#include "terminal/text.hpp"

#include <nlohmann/json.hpp>
#include <unistd.h>

namespace cli {

void report_crc32c(const RunOptions &options, const Summary &summary, uint32_t crc)
{
	const std::string text = fmt::format("{:08x}", crc);

	if (!options.common.json)
		println("{}", sum_line(text, options.input.empty() ? "-" : options.input,
				       isatty(STDOUT_FILENO)));
	report(options, summary, {{"crc32c", text}});
}

} // namespace cli
