// SPDX-License-Identifier: MIT
// `accel top`: shows the queues of all processes at intervals.
#include "top/top.hpp"

#include "terminal/output.hpp"
#include "terminal/screen.hpp"
#include "top/counters.hpp"

#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

namespace cli {

namespace {

using Clock = std::chrono::steady_clock;

constexpr const char *kNothing =
	"no device publishes its counters; use --counters of `accel run` and `accel bench`, or "
	"the feature `counters`";

/// 1234567 -> "1.23M".
std::string count_text(double value)
{
	static constexpr const char *kUnits[] = {"", "k", "M", "G", "T", "P", "E"};
	size_t unit = 0;

	while (value >= 999.5 && unit + 1 < std::size(kUnits)) {
		value /= 1000;
		++unit;
	}
	if (unit == 0 && value == static_cast<double>(static_cast<int>(value)))
		return fmt::format("{:.0f}", value);
	return fmt::format("{:.{}f}{}", value,
			   value < 9.995 ? 2 :
			   value < 99.95 ? 1 :
					   0,
			   kUnits[unit]);
}

void add_row(Table &table, const TopDevice &device, const TopQueue &queue, bool is_total)
{
	const Rates &rates = queue.rates;

	table.add({is_total ? fmt::format("{}", device.pid) : "", is_total ? device.process : "",
		   is_total ? device.device : "",
		   is_total ? "all" : fmt::format("{}", queue.now.queue),
		   is_total ? "" : fmt::format("{}", queue.now.entries),
		   fmt::format("{}", queue.now.depth), count_text(rates.operations),
		   size_text(rates.bytes), count_text(static_cast<double>(queue.now.faults)),
		   count_text(rates.kicks), count_text(rates.wakes), count_text(rates.spins)});
}

Table table_of(const std::vector<TopDevice> &devices)
{
	Table table({"PID", "PROCESS", "DEVICE", "QUEUE", "ENTRIES", "DEPTH", "OPS/S", "BYTES/S",
		     "FAULTS", "KICKS/S", "WAKES/S", "SPINS/S"});

	for (size_t column : {0, 3, 4, 5, 6, 7, 8, 9, 10, 11})
		table.right(column);
	for (const TopDevice &device : devices) {
		add_row(table, device, device.total, true);
		for (const TopQueue &queue : device.queues)
			add_row(table, device, queue, false);
	}
	return table;
}

Json queue_json(const TopQueue &queue, bool is_total)
{
	Json json;

	if (!is_total)
		json = {{"queue", queue.now.queue},
			{"entries", queue.now.entries},
			{"parallel", queue.now.parallel}};
	json.update({{"depth", queue.now.depth},
		     {"submitted", queue.now.submitted},
		     {"completed", queue.now.completed},
		     {"faults", queue.now.faults},
		     {"bytes", queue.now.bytes},
		     {"kicks", queue.now.kicks},
		     {"wakes", queue.now.wakes},
		     {"spins", queue.now.spins},
		     {"operations-per-second", queue.rates.operations},
		     {"bytes-per-second", queue.rates.bytes},
		     {"faults-per-second", queue.rates.faults},
		     {"kicks-per-second", queue.rates.kicks},
		     {"wakes-per-second", queue.rates.wakes},
		     {"spins-per-second", queue.rates.spins}});
	return json;
}

/// Prints one line for each block, so that a reader can parse block after block.
void print_line(const std::vector<TopDevice> &devices, uint64_t left_out)
{
	Json json = {{"devices", Json::array()}, {"left-out", left_out}};

	for (const TopDevice &device : devices) {
		Json one = {{"pid", device.pid},
			    {"process", device.process},
			    {"device", device.device},
			    {"workers", device.workers},
			    {"total", queue_json(device.total, true)},
			    {"queues", Json::array()}};

		for (const TopQueue &queue : device.queues)
			one["queues"].push_back(queue_json(queue, false));
		json["devices"].push_back(std::move(one));
	}
	println("{}", json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

std::string left_out_text(uint64_t left_out)
{
	return fmt::format("left out: {} files or processes of users with too many of them",
			   left_out);
}

void print_block(const std::vector<TopDevice> &devices, uint64_t left_out, bool is_first)
{
	if (!is_first)
		println("");
	if (devices.empty())
		println("{}", kNothing);
	else
		table_of(devices).print(true);
	if (left_out)
		println("{}", left_out_text(left_out));
}

std::vector<std::string> screen_lines(const std::vector<TopDevice> &devices, uint64_t left_out,
				      double interval)
{
	std::vector<std::string> lines = {fmt::format("accel top: every {} s; q quits", interval)};

	if (left_out)
		lines.front() += "; " + left_out_text(left_out);

	if (devices.empty()) {
		lines.insert(lines.end(), {"", kNothing});
		return lines;
	}
	for (std::string &line : table_of(devices).lines())
		lines.push_back(std::move(line));
	return lines;
}

/// Waits until @then; returns false if the user quits. Draws the lines of a screen again when its size changes.
bool wait_until(Clock::time_point then, std::optional<Screen> &screen,
		const std::vector<std::string> &lines)
{
	for (;;) {
		double left = std::chrono::duration<double>(then - Clock::now()).count();

		if (left <= 0)
			return true;
		if (!screen) {
			std::this_thread::sleep_until(then);
			continue;
		}
		// Rounded up: poll() takes milliseconds.
		switch (screen->wait(left + 0.001)) {
		case Screen::Event::quit: return false;
		case Screen::Event::resize: screen->draw(lines, 2); break;
		case Screen::Event::time: break;
		}
	}
}

} // namespace

int top_command(const TopOptions &options)
{
	auto interval = std::chrono::duration_cast<Clock::duration>(
		std::chrono::duration<double>(options.interval));
	std::vector<CounterTable> before = find_counters().tables;
	Clock::time_point next = Clock::now();
	std::vector<std::string> lines = {
		fmt::format("accel top: every {} s; q quits", options.interval)};
	std::optional<Screen> screen;

	if (!options.common.json && Screen::is_possible()) {
		screen.emplace();
		screen->draw(lines, 2);
	}
	for (uint64_t number = 0; !options.count || number < options.count; ++number) {
		next += interval;
		if (!wait_until(next, screen, lines))
			break;
		Counters now = find_counters();
		std::vector<TopDevice> devices = compare_counters(before, now.tables);

		if (screen)
			screen->draw(lines = screen_lines(devices, now.left_out, options.interval),
				     2);
		else if (options.common.json)
			print_line(devices, now.left_out);
		else
			print_block(devices, now.left_out, number == 0);
		finish_output();
		before = std::move(now.tables);
	}
	return 0;
}

} // namespace cli
