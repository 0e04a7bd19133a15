// SPDX-License-Identifier: MIT
// Google Benchmark inside a probe: every round runs the registered benchmarks once for each sample, in a
// changing order, and prints their times as samples.
#pragma once

#include "harness.hpp"

#include <benchmark/benchmark.h>
#include <vector>

namespace bench {

class SampleReporter : public benchmark::BenchmarkReporter {
public:
	bool ReportContext(const Context &) override { return true; }

	void ReportRuns(const std::vector<Run> &runs) override
	{
		for (const Run &run : runs) {
			if (run.error_occurred)
				die("%s: %s", run.benchmark_name().c_str(),
				    run.error_message.c_str());
			if (run.run_type != Run::RT_Iteration)
				continue;
			const auto n = static_cast<double>(run.iterations);
			// A benchmark is reported as soon as it has run.
			const double aside = times_put_aside();

			emit(run.run_name.function_name, "ns", run.real_accumulated_time * 1e9 / n,
			     {{"operations", n}, {"aside", aside - aside_}});
			aside_ = aside;
			for (const auto &[name, counter] : run.counters)
				emit(run.run_name.function_name + "/" + name, "count",
				     counter.value);
		}
	}

private:
	double aside_ = times_put_aside();
};

/// Calls serve() with the registered benchmarks. Each benchmark sets the size of a sample with Iterations().
inline int serve_benchmarks()
{
	SampleReporter reporter;
	char name[] = "probe";
	char random[] = "--benchmark_enable_random_interleaving=true";
	char *arguments[] = {name, random, nullptr};
	int count = 2;

	benchmark::Initialize(&count, arguments);
	return serve([&](unsigned samples) {
		while (samples--)
			benchmark::RunSpecifiedBenchmarks(&reporter);
	});
}

} // namespace bench
