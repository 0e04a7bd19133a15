// SPDX-License-Identifier: MIT
// The summary of `run`: one line on stderr, or JSON.
#include "run/summary.hpp"

#include "file/io.hpp"
#include "terminal/text.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace cli {

void report(const RunOptions &options, const Summary &summary, const Json &more)
{
	double seconds = std::max(summary.seconds, 1e-9);
	double rate =
		static_cast<double>(summary.processed ? summary.processed : summary.bytes_in) /
		seconds;

	if (options.common.json) {
		Json json = {{"operation", summary.operation},
			     {"device", options.device},
			     {"input", summary.input},
			     {"output", summary.output},
			     {"bytes-in", summary.bytes_in},
			     {"bytes-out", summary.bytes_out},
			     {"seconds", summary.seconds},
			     {"bytes-per-second", rate},
			     {"descriptors", summary.descriptors},
			     {"in-flight", summary.in_flight},
			     {"parallel", summary.parallel}};

		json.update(more);
		print_json(json);
		return;
	}
	if (!options.common.verbose && !isatty(STDERR_FILENO))
		return;
	std::string sizes = size_text(static_cast<double>(summary.bytes_in));

	if (!summary.output.empty())
		sizes += " → " + size_text(static_cast<double>(summary.bytes_out));
	if (!summary.output.empty() && summary.bytes_in)
		sizes += fmt::format(" ({:.1f} %)", 100.0 * static_cast<double>(summary.bytes_out) /
							    static_cast<double>(summary.bytes_in));
	note(fmt::format(
		"{}: {} on {}: {}, {:.2f} s, {}/s, {} descriptors, up to {} in flight on {} {}",
		shown_name(summary.input), summary.operation, shown_name(options.device), sizes,
		summary.seconds, size_text(rate), summary.descriptors, summary.in_flight,
		summary.parallel, summary.parallel == 1 ? "worker" : "workers"));
}

void report_and_finish(const RunOptions &options, const Summary &summary, Output &output)
{
	report(options, summary, Json::object());
	finish_output();
	output.finish();
}

} // namespace cli
