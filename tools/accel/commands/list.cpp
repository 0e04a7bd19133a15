// SPDX-License-Identifier: MIT
// `accel list`: every accelerator of the machine, with the reason why one cannot be used. With --watch, then the
// changes of the list.
#include "commands/commands.hpp"
#include "commands/identity.hpp"
#include "terminal/fail.hpp"
#include "terminal/signals.hpp"
#include "terminal/text.hpp"

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <unistd.h>

namespace cli {

namespace {

accel::DeviceList get_list()
{
	return must("the list of devices", accel::devices());
}

Json device_json(const accel::DeviceInfo &info)
{
	Json json = {{"name", info.name},
		     {"provider", info.provider},
		     {"driver", info.driver},
		     {"path", info.path},
		     {"description", info.description},
		     {"tested", info.tested},
		     {"usable", info.usable},
		     {"reason", info.reason}};

	add_identity(&json, info);
	return json;
}

Json list_json(const accel::DeviceList &list)
{
	Json json = Json::array();

	for (const accel::DeviceInfo &info : list)
		json.push_back(device_json(info));
	return json;
}

std::string or_dash(std::string_view text)
{
	return std::string(text.empty() ? "-" : text);
}

void print_table(const accel::DeviceList &list)
{
	Table table({"NAME", "USABLE", "PROVIDER", "DRIVER", "ADDRESS", "TESTED", "DESCRIPTION"});

	for (const accel::DeviceInfo &info : list) {
		table.add({std::string(info.name), info.usable ? "yes" : "no",
			   or_dash(info.provider), std::string(info.driver), or_dash(info.address),
			   or_dash(info.tested), std::string(info.description)});
		table.paint(1, info.usable ? Paint::green : Paint::red);
		if (!info.reason.empty())
			table.below(info.reason);
	}
	table.print(true);
}

void print_line(const Json &json)
{
	println("{}", json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

void print_event(const accel::DeviceEvent &event, bool json)
{
	if (json) {
		Json line = {{"action", event.name()}};

		if (event.device)
			line["device"] = device_json(*event.device);
		else
			line["devices"] = list_json(get_list());
		print_line(line);
		return;
	}
	if (!event.device) {
		println("{:<8}  events were lost; the current list:", event.name());
		print_table(get_list());
		return;
	}
	const accel::DeviceInfo &info = *event.device;

	std::string line =
		fmt::format("{:<8}  {}  {}  {}  {}", event.name(), info.name, info.driver,
			    or_dash(info.address), info.usable ? "usable" : info.reason);

	println("{}", escaped(in_charset(line)));
}

/// Waits for an event; ends the program if the reader of standard output has closed it.
void wait_for_event(int fd)
{
	pollfd files[] = {{.fd = fd, .events = POLLIN, .revents = 0},
			  {.fd = STDOUT_FILENO, .events = 0, .revents = 0}};

	while (poll(files, std::size(files), -1) < 0)
		if (errno != EINTR)
			fail(Exit::resources, "the watch for devices", "cannot wait: {}",
			     strerror(errno));
	if (files[1].revents & POLLERR)
		die_of_broken_pipe();
}

[[noreturn]] void watch(const accel::DeviceWatch &watch, bool json)
{
	for (;;) {
		finish_output();
		wait_for_event(watch.fd());
		while (auto event = must("the watch for devices", watch.next()))
			print_event(*event, json);
	}
}

} // namespace

int list_command(const ListOptions &options)
{
	// Start the watch before reading the list, so that no change in between is missed.
	std::optional<accel::DeviceWatch> events;

	if (options.watch)
		events = must("the watch for devices", accel::DeviceWatch::create());
	accel::DeviceList list = get_list();

	if (options.names) {
		for (const accel::DeviceInfo &info : list)
			println("{}", escaped(info.name));
	} else if (options.common.json) {
		Json json = {{"devices", list_json(list)}};

		options.watch ? print_line(json) : print_json(json);
	} else {
		print_table(list);
	}
	if (events)
		watch(*events, options.common.json);
	return 0;
}

} // namespace cli
