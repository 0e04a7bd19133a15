// SPDX-License-Identifier: MIT
// `accel bench`: its points and reports.
#pragma once

#include "options.hpp"
#include "output.hpp"

#include <accel/soft.h>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace cli {

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
