// SPDX-License-Identifier: MIT
// `accel bench` on the soft accelerator: its points and reports.
#pragma once

#include "run/options.hpp"
#include "terminal/output.hpp"

#include <accel/accel.hpp>
#include <accel/soft.h>
#include <accel/soft_names.h>
#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace cli {

/// All operations except batch, the last one.
inline constexpr auto kBenchOperations =
	std::span(accel_soft_op_names).first<std::size(accel_soft_op_names) - 1>();
static_assert(std::rbegin(accel_soft_op_names)->value == ACCEL_SOFT_OP_BATCH);

/// Measures, and prints the report. Returns the exit code, or throws a Failure.
int soft_bench(const accel::Device &device, const BenchOptions &options);

/// Times of one operation at one depth, in ns per operation; statistics over the pieces of a run.
struct BenchTimes {
	double median = 0;
	double minimum = 0;
	double maximum = 0;
	uint64_t operations = 0; // timed
	uint32_t depth = 0;	 // descriptors in flight
};

/// One operation at one size.
struct BenchPoint {
	accel_soft_op operation;
	uint64_t size;	       // bytes that an operation works on; 0 for nop
	double flops = 0;      // floating-point operations of a matmul
	double ratio = 0;      // deflate: output per input
	BenchTimes latency;    // one in flight
	BenchTimes throughput; // many in flight
};

/// Returns bytes per second, or floating-point operations per second for a matmul; 0 for nop.
double bench_rate(const BenchPoint &point);

/// The parameters of a report.
struct BenchSetting {
	std::string device;
	uint32_t depth;
	double seconds; // for each figure
	unsigned workers;
	unsigned parallel;
};

void print_bench(const BenchSetting &setting, std::span<const BenchPoint> points);
Json bench_json(const BenchSetting &setting, std::span<const BenchPoint> points);
/// Returns a plot of all points as an SVG file.
std::string bench_plot(const BenchSetting &setting, std::span<const BenchPoint> points);

} // namespace cli
