// SPDX-License-Identifier: MIT
// `accel bench DEV`: latency and throughput of descriptors.
#include "verbs/soft/bench/bench.hpp"

#include "file/io.hpp"
#include "terminal/fail.hpp"
#include "verbs/soft/bench/measure.hpp"
#include "verbs/soft/bench/work.hpp"
#include "verbs/soft/queue/accelerator.hpp"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace cli {

namespace {

/// The default sizes: 64 B to 1 MiB in steps of a factor of four.
constexpr uint64_t kSizes[] = {64, 256, 1 << 10, 4 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20};

/// Returns the smallest useful default size: shorter inputs hardly compress, smaller matrices measure only overhead.
uint64_t least_size(accel_soft_op operation)
{
	switch (operation) {
	case ACCEL_SOFT_OP_DEFLATE:
	case ACCEL_SOFT_OP_INFLATE: return 4 << 10;
	case ACCEL_SOFT_OP_MATMUL: return 1 << 10;
	default: return 0;
	}
}

std::vector<uint64_t> sizes_of(accel_soft_op operation, const BenchOptions &options)
{
	std::vector<uint64_t> sizes;

	if (operation == ACCEL_SOFT_OP_NOP)
		return {0};
	if (!options.sizes.empty())
		return options.sizes;
	std::ranges::copy_if(kSizes, std::back_inserter(sizes),
			     [&](uint64_t size) { return size >= least_size(operation); });
	return sizes;
}

/// Returns the points to measure, in the order of the operations.
std::vector<BenchPoint> plan(const BenchOptions &options)
{
	std::vector<BenchPoint> points;

	for (const accel_name &line : kBenchOperations) {
		const std::vector<std::string> &only = options.operations;
		auto operation = static_cast<accel_soft_op>(line.value);

		if (!only.empty() && std::ranges::find(only, line.name) == only.end())
			continue;
		for (uint64_t size : sizes_of(operation, options))
			points.push_back({.operation = operation, .size = size});
	}
	return points;
}

/// Shows the current point on a terminal.
class Position {
public:
	explicit Position(size_t count) : count_(count), is_drawn_(is_colourful(STDERR_FILENO)) {}
	~Position()
	{
		if (is_drawn_)
			fputs("\r\033[K", stderr);
	}
	Position(const Position &) = delete;
	Position &operator=(const Position &) = delete;

	void next(const std::string &name)
	{
		++number_;
		if (!is_drawn_)
			return;
		std::string text = fmt::format("\r{} of {}: {}\033[K", number_, count_, name);

		fwrite(text.data(), 1, text.size(), stderr);
	}

private:
	size_t count_;
	size_t number_ = 0;
	bool is_drawn_;
};

RunOptions run_options(const BenchOptions &options)
{
	RunOptions run;

	run.common = options.common;
	run.device = options.device;
	run.workers = options.workers;
	run.counters = options.counters;
	return run;
}

void measure_all(const BenchOptions &options, Accelerator &accelerator, BenchMemory &memory,
		 std::vector<BenchPoint> &points)
{
	Position position(points.size());
	BenchWork::Execute execute = [&](const accel_soft_descriptor &descriptor) {
		accelerator.publish(descriptor);
		return accelerator.next();
	};

	accelerator.inject_faults(points.front().operation, options.faults);
	for (BenchPoint &point : points) {
		std::unique_ptr<BenchWork> work = BenchWork::make(memory, execute, point.operation,
								  point.size, options.depth);

		position.next(work->name());
		point.latency = measure(accelerator, *work, 1, options.seconds);
		point.throughput = measure(accelerator, *work, work->slots(), options.seconds);
		point.flops = work->flops();
		point.ratio = work->ratio();
	}
}

} // namespace

double bench_rate(const BenchPoint &point)
{
	double work = point.flops > 0 ? point.flops : static_cast<double>(point.size);

	return work / point.throughput.median * 1e9;
}

int soft_bench(const accel::Device &device, const BenchOptions &options)
{
	std::vector<BenchPoint> points = plan(options);
	std::optional<Output> plot;
	BenchMemory memory; // outlives the queue that works on it
	Accelerator accelerator(device, run_options(options), std::max<uint32_t>(options.depth, 2),
				options.parallel);

	// Open the output first, so that an error does not cost the whole measurement.
	if (!options.plot.empty())
		plot.emplace(options.plot, std::initializer_list<const Input *>{});
	measure_all(options, accelerator, memory, points);

	const BenchSetting setting = {.device = options.device,
				      .depth = options.depth,
				      .seconds = options.seconds,
				      .workers = accelerator.workers(),
				      .parallel = accelerator.parallel()};

	if (plot) {
		std::string picture = bench_plot(setting, points);

		plot->write(picture.data(), picture.size());
	}
	if (options.common.json)
		print_json(bench_json(setting, points));
	else if (!plot || !plot->is_stdout())
		print_bench(setting, points);
	if (plot) {
		finish_output(); // a failure here leaves the file unchanged
		plot->finish();
	}
	return 0;
}

} // namespace cli
