// SPDX-License-Identifier: MIT
// The reports of `accel bench`: tables of operations and sizes, and JSON.
#include "verbs/soft/bench/bench.hpp"
#include "verbs/soft/queue/operation.hpp"

#include <accel/accel.h>
#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <set>

namespace cli {

namespace {

/// Formats a number with three significant digits.
std::string number_text(double value)
{
	return fmt::format("{:.{}f}", value, value < 9.995 ? 2 : value < 99.95 ? 1 : 0);
}

std::string time_text(double ns)
{
	if (ns < 999.5)
		return number_text(ns) + " ns";
	if (ns < 999500)
		return number_text(ns / 1e3) + " µs";
	return number_text(ns / 1e6) + " ms";
}

/// "64 B", "4 KiB": in the largest unit in which the size is an integer.
std::string column_text(uint64_t size)
{
	if (size >= 1 << 20 && size % (1 << 20) == 0)
		return fmt::format("{} MiB", size >> 20);
	if (size >= 1 << 10 && size % (1 << 10) == 0)
		return fmt::format("{} KiB", size >> 10);
	return fmt::format("{} B", size);
}

using Cell = std::function<std::string(const BenchPoint &)>;

/// Returns the columns: all sizes with a cell. Points without a size are in the first column.
std::vector<uint64_t> columns(std::span<const BenchPoint> points, const Cell &cell)
{
	std::set<uint64_t> sizes;

	for (const BenchPoint &point : points)
		if (point.size && !cell(point).empty())
			sizes.insert(point.size);
	if (sizes.empty())
		sizes.insert(0);
	return {sizes.begin(), sizes.end()};
}

/// Prints a row for each operation and a column for each size. @cell: the text of a point; may be empty.
void print_grid(std::span<const BenchPoint> points, const std::string &title, const Cell &cell)
{
	const std::vector<uint64_t> sizes = columns(points, cell);
	std::vector<std::string> row = {""};
	Table table;

	for (size_t i = 0; i < sizes.size(); ++i) {
		row.push_back(sizes[i] ? column_text(sizes[i]) : "");
		table.right(i + 1);
	}
	table.add(row);
	for (auto at = points.begin(); at != points.end();) {
		const accel_soft_op operation = at->operation;
		bool has_cells = false;

		row.assign(1 + sizes.size(), "");
		row[0] = "  " + operation_name(operation);
		for (; at != points.end() && at->operation == operation; ++at) {
			auto column = std::ranges::lower_bound(sizes, at->size) - sizes.begin();
			std::string text = cell(*at);

			if (text.empty())
				continue;
			row[static_cast<size_t>(column) + 1] = text;
			has_cells = true;
		}
		if (has_cells)
			table.add(row);
	}
	println("{}", painted(Paint::bold, title));
	table.print(false);
}

Json times_json(const BenchTimes &times)
{
	return {{"depth", times.depth},
		{"median-ns", times.median},
		{"minimum-ns", times.minimum},
		{"maximum-ns", times.maximum},
		{"operations", times.operations}};
}

Json point_json(const BenchPoint &point)
{
	Json json = {{"operation", operation_name(point.operation)},
		     {"size", point.size},
		     {"latency", times_json(point.latency)},
		     {"throughput", times_json(point.throughput)},
		     {"operations-per-second", 1e9 / point.throughput.median}};

	if (point.flops > 0)
		json["flops-per-second"] = bench_rate(point);
	else if (point.size)
		json["bytes-per-second"] = bench_rate(point);
	if (point.ratio > 0 && point.operation == ACCEL_SOFT_OP_DEFLATE)
		json["output-per-input"] = point.ratio;
	return json;
}

} // namespace

void print_bench(const BenchSetting &setting, std::span<const BenchPoint> points)
{
	auto is_flops = [](const BenchPoint &point) { return point.flops > 0; };
	auto is_bytes = [](const BenchPoint &point) { return point.size && !(point.flops > 0); };
	auto rate = [](const BenchPoint &point) { return number_text(bench_rate(point) / 1e9); };

	print_grid(points, "latency: time of one operation, 1 in flight",
		   [](const BenchPoint &point) { return time_text(point.latency.median); });
	println("");
	print_grid(points,
		   fmt::format("throughput: time per operation, {} in flight", setting.depth),
		   [](const BenchPoint &point) { return time_text(point.throughput.median); });
	if (std::ranges::any_of(points, is_bytes)) {
		println("");
		print_grid(points, "throughput: GB/s", [&](const BenchPoint &point) {
			return is_bytes(point) ? rate(point) : "";
		});
	}
	if (std::ranges::any_of(points, is_flops)) {
		println("");
		print_grid(points, "throughput: GFLOP/s, by the bytes of one matrix",
			   [&](const BenchPoint &point) {
				   return is_flops(point) ? rate(point) : "";
			   });
	}
}

Json bench_json(const BenchSetting &setting, std::span<const BenchPoint> points)
{
	Json json = {{"device", setting.device},   {"version", accel_version()},
		     {"depth", setting.depth},	   {"seconds", setting.seconds},
		     {"workers", setting.workers}, {"parallel", setting.parallel},
		     {"points", Json::array()}};

	for (const BenchPoint &point : points)
		json["points"].push_back(point_json(point));
	return json;
}

} // namespace cli
