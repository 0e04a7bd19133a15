// SPDX-License-Identifier: MIT
// The plot of `accel bench` as SVG: three panels over the size, with logarithmic axes.
#include "verbs/soft/bench/bench.hpp"
#include "verbs/soft/queue/operation.hpp"

#include <accel/accel.h>
#include <algorithm>
#include <cmath>
#include <functional>

namespace cli {

namespace {

constexpr double kWidth = 1120, kHeight = 820;
constexpr double kPanelWidth = 440, kPanelHeight = 290;

/// The style of an operation: a colour of a palette for colour-blind readers, and a mark.
struct Style {
	const char *colour;
	const char *mark; // a path around 0,0
};

constexpr const char *kCircle = "M-4,0a4,4 0 1,0 8,0a4,4 0 1,0 -8,0z";
constexpr const char *kSquare = "M-3.6,-3.6h7.2v7.2h-7.2z";
constexpr const char *kDiamond = "M0,-5L5,0L0,5L-5,0z";
constexpr const char *kTriangle = "M0,-4.8L4.6,3.6L-4.6,3.6z";
constexpr const char *kPlumb = "M0,4.8L4.6,-3.6L-4.6,-3.6z";

Style style_of(accel_soft_op operation)
{
	switch (operation) {
	case ACCEL_SOFT_OP_NOP: return {"#777777", kCircle};
	case ACCEL_SOFT_OP_COPY: return {"#0072b2", kCircle};
	case ACCEL_SOFT_OP_FILL: return {"#e69f00", kSquare};
	case ACCEL_SOFT_OP_COMPARE: return {"#009e73", kDiamond};
	case ACCEL_SOFT_OP_CRC32C: return {"#cc79a7", kTriangle};
	case ACCEL_SOFT_OP_COPY_CRC32C: return {"#56b4e9", kPlumb};
	case ACCEL_SOFT_OP_DEFLATE: return {"#d55e00", kSquare};
	case ACCEL_SOFT_OP_INFLATE: return {"#000000", kTriangle};
	default: return {"#6a3d9a", kDiamond};
	}
}

std::string xml_text(std::string_view text)
{
	std::string out;

	for (char c : text)
		out += c == '&' ? "&amp;" :
		       c == '<' ? "&lt;" :
		       c == '>' ? "&gt;" :
				  std::string(1, c);
	return out;
}

/// A logarithmic axis from @low to @high, drawn from @from to @to.
struct Axis {
	double low, high, from, to;

	double at(double value) const
	{
		return from + (to - from) * std::log(value / low) / std::log(high / low);
	}
};

std::string size_label(double bytes)
{
	return bytes >= 1 << 20 ? fmt::format("{:g} MiB", bytes / (1 << 20)) :
	       bytes >= 1 << 10 ? fmt::format("{:g} KiB", bytes / (1 << 10)) :
				  fmt::format("{:g} B", bytes);
}

std::string time_label(double ns)
{
	return ns >= 1e9 ? fmt::format("{:g} s", ns / 1e9) :
	       ns >= 1e6 ? fmt::format("{:g} ms", ns / 1e6) :
	       ns >= 1e3 ? fmt::format("{:g} µs", ns / 1e3) :
			   fmt::format("{:g} ns", ns);
}

class Plot {
public:
	Plot(std::span<const BenchPoint> points) : points_(points)
	{
		low_ = 4096;
		high_ = 4096;
		for (const BenchPoint &point : points) {
			if (!point.size)
				continue;
			double size = static_cast<double>(point.size);

			low_ = is_sized_ ? std::min(low_, size) : size;
			high_ = is_sized_ ? std::max(high_, size) : size;
			is_sized_ = true;
		}
		low_ /= 1.5;
		high_ *= 1.5;
	}

	/// Draws a panel with its upper left corner at (@x, @y). @value: of a point; 0: not shown in this panel.
	void panel(double x, double y, const std::string &title,
		   const std::function<double(const BenchPoint &)> &value,
		   std::string (*label)(double))
	{
		Axis across{low_, high_, x, x + kPanelWidth};
		Axis up = vertical(y, value);

		text(x, y - 12, title, "font-weight='bold' font-size='15'");
		grid(across, up, label);
		for (auto at = points_.begin(); at != points_.end();) {
			auto end = std::find_if(at, points_.end(), [&](const BenchPoint &point) {
				return point.operation != at->operation;
			});

			curve({at, end}, across, up, value);
			at = end;
		}
	}

	void legend(double x, double y)
	{
		const BenchPoint *before = nullptr;

		for (const BenchPoint &point : points_) {
			if (before && before->operation == point.operation)
				continue;
			before = &point;
			Style style = style_of(point.operation);

			line(x, y, x + 36, y,
			     dashes(point) +
				     fmt::format("stroke='{}' stroke-width='2'", style.colour));
			if (point.size)
				mark(x + 18, y, style);
			text(x + 46, y + 5, operation_name(point.operation), "font-size='14'");
			y += 24;
		}
	}

	void text(double x, double y, const std::string &words, const std::string &style)
	{
		out_ += fmt::format("<text x='{:.1f}' y='{:.1f}' {}>{}</text>\n", x, y, style,
				    xml_text(words));
	}

	std::string finish() const
	{
		return fmt::format(
			"<?xml version='1.0' encoding='UTF-8'?>\n"
			"<svg xmlns='http://www.w3.org/2000/svg' width='{0}' height='{1}' "
			"viewBox='0 0 {0} {1}' font-family='sans-serif' fill='#222'>\n"
			"<rect width='{0}' height='{1}' fill='white'/>\n{2}</svg>\n",
			kWidth, kHeight, out_);
	}

private:
	/// Returns the axis from the decade below the smallest value to the decade above the largest.
	Axis vertical(double y, const std::function<double(const BenchPoint &)> &value) const
	{
		double low = 0, high = 0;

		for (const BenchPoint &point : points_)
			if (double v = value(point); v > 0) {
				low = low > 0 ? std::min(low, v) : v;
				high = std::max(high, v);
			}
		if (!(low > 0))
			low = high = 1;
		low = std::pow(10, std::floor(std::log10(low)));
		high = std::pow(10, std::ceil(std::log10(high * 1.0001)));
		return {low, high, y + kPanelHeight, y};
	}

	void grid(const Axis &across, const Axis &up, std::string (*label)(double))
	{
		for (double value = up.low; value < up.high * 1.01; value *= 10) {
			line(across.from, up.at(value), across.to, up.at(value), "stroke='#ccc'");
			text(across.from - 8, up.at(value) + 4, label(value),
			     "text-anchor='end' font-size='12'");
			for (int part = 2; part < 10 && value < up.high * 0.99; ++part)
				line(across.from, up.at(value * part), across.to,
				     up.at(value * part), "stroke='#f0f0f0'");
		}
		double step = high_ / low_ > 256 ? 4 : 2;

		for (double size = std::exp2(std::ceil(std::log2(low_))); size < high_;
		     size *= step) {
			line(across.at(size), up.from, across.at(size), up.to, "stroke='#e4e4e4'");
			text(across.at(size), up.from + 18, size_label(size),
			     "text-anchor='middle' font-size='12'");
		}
		line(across.from, up.from, across.to, up.from, "stroke='#444'");
		line(across.from, up.from, across.from, up.to, "stroke='#444'");
	}

	void curve(std::span<const BenchPoint> points, const Axis &across, const Axis &up,
		   const std::function<double(const BenchPoint &)> &value)
	{
		const Style style = style_of(points.front().operation);
		const std::string stroke =
			dashes(points.front()) +
			fmt::format("fill='none' stroke='{}' stroke-width='2'", style.colour);
		std::string path;

		if (!(value(points.front()) > 0))
			return;
		if (!points.front().size) {
			double y = up.at(value(points.front()));

			return line(across.from, y, across.to, y, stroke);
		}
		std::vector<BenchPoint> sorted(points.begin(), points.end());

		std::ranges::sort(sorted, {}, &BenchPoint::size);
		for (const BenchPoint &point : sorted)
			path += fmt::format("{}{:.1f},{:.1f}", path.empty() ? "M" : "L",
					    across.at(static_cast<double>(point.size)),
					    up.at(value(point)));
		out_ += fmt::format("<path d='{}' {}/>\n", path, stroke);
		for (const BenchPoint &point : sorted)
			mark(across.at(static_cast<double>(point.size)), up.at(value(point)),
			     style);
	}

	/// Points without a size become a dashed horizontal line.
	static std::string dashes(const BenchPoint &point)
	{
		return point.size ? "" : "stroke-dasharray='6 4' ";
	}

	void mark(double x, double y, const Style &style)
	{
		out_ += fmt::format(
			"<path d='{}' transform='translate({:.1f} {:.1f})' fill='{}'/>\n",
			style.mark, x, y, style.colour);
	}

	void line(double x0, double y0, double x1, double y1, const std::string &style)
	{
		out_ += fmt::format("<line x1='{:.1f}' y1='{:.1f}' x2='{:.1f}' y2='{:.1f}' {}/>\n",
				    x0, y0, x1, y1, style);
	}

	std::span<const BenchPoint> points_;
	bool is_sized_ = false;
	double low_, high_; // sizes
	std::string out_;
};

std::string plain_label(double value)
{
	return fmt::format("{:g}", value);
}

} // namespace

std::string bench_plot(const BenchSetting &setting, std::span<const BenchPoint> points)
{
	Plot plot(points);
	constexpr double kLeft = 80, kRight = kLeft + kPanelWidth + 110;
	constexpr double kTop = 90, kBottom = kTop + kPanelHeight + 90;
	const bool has_flops =
		std::ranges::any_of(points, [](const BenchPoint &p) { return p.flops > 0; });

	plot.text(kLeft, 36, "accel bench " + setting.device, "font-weight='bold' font-size='19'");
	plot.panel(
		kLeft, kTop, "time of one operation, 1 in flight",
		[](const BenchPoint &p) { return p.latency.median; }, time_label);
	plot.panel(
		kRight, kTop, fmt::format("time per operation, {} in flight", setting.depth),
		[](const BenchPoint &p) { return p.throughput.median; }, time_label);
	plot.panel(
		kLeft, kBottom,
		fmt::format("GB/s{}, {} in flight", has_flops ? " (matmul: GFLOP/s)" : "",
			    setting.depth),
		[](const BenchPoint &p) { return p.size ? bench_rate(p) / 1e9 : 0.0; },
		plain_label);
	plot.legend(kRight, kBottom + 8);
	plot.text(kRight, kBottom + kPanelHeight,
		  fmt::format("accel {}; the queue is served by {} of {} workers", accel_version(),
			      setting.parallel, setting.workers),
		  "font-size='12' fill='#666'");
	return plot.finish();
}

} // namespace cli
