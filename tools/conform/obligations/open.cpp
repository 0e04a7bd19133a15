// SPDX-License-Identifier: MIT
// Obligations: opening, closing, the list, and the reasons for operations that a device lacks.
#include "conform/files.hpp"
#include "conform/test.hpp"
#include "conform/tests.hpp"

#include <bit>
#include <cerrno>
#include <cstring>
#include <fcntl.h>

namespace accel::conform::tests {

void open_again_and_again(Test &test)
{
	for (int i = 0; i < 3; i++) {
		Device first = test.open();
		Device second = test.open();
	}
	size_t files = open_files().size();

	for (int i = 0; i < 25; i++) {
		Device first = test.open();
		Device second = test.open();

		CHECK_NE(first.get(), second.get());
		CHECK_EQ(std::string(accel_device_name(first.get())), test.options().device);
	}
	CHECK_EQ(open_files().size(), files);
}

void listed(Test &test)
{
	accel_device_list *made = nullptr;

	CHECK_OK(accel_device_list_get(&made, err()));
	DeviceList list(made);
	const accel_device_info *found = nullptr;

	for (size_t i = 0; i < accel_device_list_count(made); i++) {
		const accel_device_info *info = accel_device_list_at(made, i);

		CHECK(info && info->name && info->reason, "entry {} of the list is empty", i);
		if (test.options().device == info->name || test.options().device == info->path)
			found = info;
	}
	/* Intentionally not listed: see providers/null. */
	if (!found && test.options().device == "null0")
		skip("null0 can be opened only by its name, so that no program chooses it from the "
		     "list");
	CHECK(found, "{} can be opened, but is not in the list", test.options().device);
	CHECK(!accel_device_list_at(made, accel_device_list_count(made)),
	      "an entry after the last");
	CHECK(found->usable == 1 && !*found->reason, "usable {}, reason \"{}\"", found->usable,
	      found->reason);
	CHECK_EQ(std::string(found->provider), accel_device_provider(test.device()));
	CHECK(*found->description && *found->tested && *found->driver,
	      "description \"{}\", tested \"{}\", driver \"{}\"", found->description, found->tested,
	      found->driver);
}

void unknown_name(Test &test)
{
	accel_device *made = nullptr;
	std::string name = test.options().device + "-not-there";

	CHECK_ERRNO(accel_device_open(name.c_str(), &made, err()), ENODEV, ACCEL_REASON_NO_DEVICE);
	CHECK(std::strstr(last_error().text, name.substr(0, 16).c_str()), "the text is \"{}\"",
	      last_error().text);
	CHECK_ERRNO(accel_device_open("", &made, err()), ENODEV, ACCEL_REASON_NO_DEVICE);
	CHECK_EQ(made, nullptr);
}

namespace {

/* 1 if the operation worked, 0 if the device stated why not. */
int works_or_says_why(int result, const char *operation)
{
	const accel_error_record &r = last_error();

	if (result == 0)
		return 1;
	/* A channel may exist, but need a privilege. */
	if (result == -EPERM || result == -EACCES)
		return 1;
	CHECK(result == -EOPNOTSUPP && r.code == result && r.reason == ACCEL_REASON_UNSUPPORTED,
	      "{} answers {}: {}", operation, code_text(result), record_text(r));
	CHECK(std::strlen(r.text) >= 10, "{}: the reason is \"{}\"", operation, r.text);
	return 0;
}

int works_in_space(accel_device *d, accel_address_mode mode)
{
	accel_address_space *space = nullptr;
	int works = works_or_says_why(accel_address_space_create(d, mode, &space, err()),
				      "accel_address_space_create()");

	accel_address_space_destroy(space, nullptr);
	return works;
}

int works_with_buffers(accel_device *d)
{
	static unsigned char memory[8192];
	UniqueFd file = make_memfd(8192);
	accel_buffer *made[3] = {};
	int works = 0;

	works +=
		works_or_says_why(create_buffer(d, 4096, &made[0], err()), "accel_buffer_create()");
	works += works_or_says_why(accel_buffer_register(d, memory, sizeof(memory),
							 ACCEL_ACCESS_READ, &made[1], err()),
				   "accel_buffer_register()");
	works += works_or_says_why(accel_buffer_import(d, file.get(), &made[2], err()),
				   "accel_buffer_import()");
	for (accel_buffer *buffer : made)
		accel_buffer_destroy(buffer, nullptr);
	return works;
}

} // namespace

void works_or_gives_reason(Test &test)
{
	accel_device *d = test.device();
	accel_device_caps caps{.size = sizeof(caps)};
	accel_event *event = nullptr;
	accel_command *command = nullptr;

	works_or_says_why(accel_device_query(d, &caps, err()), "accel_device_query()");
	works_in_space(d, ACCEL_ADDRESS_MODE_SHARED);
	works_in_space(d, ACCEL_ADDRESS_MODE_MAPPED);
	works_in_space(d, ACCEL_ADDRESS_MODE_HANDLES);
	works_with_buffers(d);
	works_or_says_why(accel_event_create(d, &event, err()), "accel_event_create()");
	works_or_says_why(accel_command_create(d, ACCEL_SCOPE_CONFIGURATION, &command, err()),
			  "accel_command_create()");
	accel_event_destroy(event, nullptr);
	accel_command_destroy(command, nullptr);
}

namespace {

constexpr uint64_t kSpaces = ACCEL_FEATURE_SHARED_ADDRESS_SPACE |
			     ACCEL_FEATURE_MAPPED_ADDRESS_SPACE |
			     ACCEL_FEATURE_HANDLE_ADDRESS_SPACE;

bool has(const accel_device_caps &caps, uint64_t feature)
{
	return caps.features & feature;
}

void same(bool works, bool feature, const char *what)
{
	CHECK(works == feature, "{}: the feature bit is {}, the operation {}", what,
	      feature ? "set" : "clear", works ? "works" : "does not work");
}

} // namespace

void features_are_true(Test &test)
{
	accel_device *d = test.device();
	const accel_device_caps &caps = test.caps();
	accel_command *command = nullptr;

	same(works_in_space(d, ACCEL_ADDRESS_MODE_SHARED),
	     has(caps, ACCEL_FEATURE_SHARED_ADDRESS_SPACE), "shared address spaces");
	same(works_in_space(d, ACCEL_ADDRESS_MODE_MAPPED),
	     has(caps, ACCEL_FEATURE_MAPPED_ADDRESS_SPACE), "mapped address spaces");
	same(works_in_space(d, ACCEL_ADDRESS_MODE_HANDLES),
	     has(caps, ACCEL_FEATURE_HANDLE_ADDRESS_SPACE), "address spaces of mode handles");
	same(works_or_says_why(accel_command_create(d, ACCEL_SCOPE_CONFIGURATION, &command, err()),
			       "accel_command_create()"),
	     has(caps, ACCEL_FEATURE_COMMANDS), "commands");
	accel_command_destroy(command, nullptr);
	if (!has(caps, kSpaces))
		return;
	Space space = test.any_space();
	accel_queue_options o = test.queue_options(8, ACCEL_QUEUE_FLAGS_MULTI_PRODUCER);
	accel_queue *queue = nullptr;

	same(works_or_says_why(accel_queue_create(space.get(), &o, &queue, err()),
			       "accel_queue_create(multi-producer)"),
	     has(caps, ACCEL_FEATURE_MULTI_PRODUCER), "multi-producer queues");
	accel_queue_destroy(queue, nullptr);
}

void caps_are_plausible(Test &test)
{
	const accel_device_caps &c = test.caps();

	CHECK(c.driver[0] && std::memchr(c.driver, 0, sizeof(c.driver)), "no driver");
	CHECK(c.model[0] && std::memchr(c.model, 0, sizeof(c.model)), "no model");
	if (!has(c, kSpaces))
		skip("the device has no address spaces, and so no limits of work");
	CHECK_GE(c.max_queues, 1u);
	CHECK(std::has_single_bit(c.max_entries) && c.max_entries >= kLeastEntries,
	      "max-entries is {}", c.max_entries);
	if (c.given & ACCEL_DEVICE_CAPS_GIVEN_MAX_TRANSFER)
		CHECK_GE(c.max_transfer, 1u);
	CHECK_LE(c.queues, c.max_queues);
	if (c.given & ACCEL_DEVICE_CAPS_GIVEN_CLIENTS)
		CHECK_GE(c.clients, 1u);
	Device other = test.open();

	CHECK_CLIENTS(other.get(), c.clients + 1);
	other.close();
	CHECK_CLIENTS(test.device(), c.clients);
}

void files_close_on_exec(Test &test)
{
	auto before = open_files();
	Device device = test.open();
	Space space = test.any_space(&device);
	Queue queue = test.queue(space);
	auto event = Event::create(device);
	auto buffer = Buffer::create(device, 4096);
	int file = -1;

	if (event)
		event->fd();
	if (buffer)
		accel_buffer_export(buffer->get(), &file, nullptr, err());
	UniqueFd file_owner(file);

	for (int fd : open_files()) {
		if (before.contains(fd))
			continue;
		int flags = fcntl(fd, F_GETFD);

		CHECK(flags >= 0 && flags & FD_CLOEXEC, "file {} ({}) stays open across exec", fd,
		      file_name(fd));
	}
}

} // namespace accel::conform::tests
