// SPDX-License-Identifier: MIT
// The handlers of command channels. They check the scope; the firmware validates the content.
#include "soft/device/firmware.hpp"
#include "soft/objects/command.hpp"
#include "soft/service/service.hpp"

#include <algorithm>
#include <vector>

namespace accel::core::softdev {

using namespace uabi::soft;

namespace {

constexpr const char *kScopeNames[] = {"none", "configuration", "debug-read", "debug-write",
				       "debug-full"};

/* Copies the known part of the request. @clean: all bytes after it, which a newer caller may send, are zero. */
int read_request(CommandExecuteView &view, accel_soft_command_request &request, bool &clean)
{
	const uint32_t length = view.request_length();
	std::byte chunk[256];

	clean = true;
	if (int r = view.copy_request(&request, sizeof(request)))
		return r;
	for (uint32_t at = sizeof(request); at < length && clean; at += sizeof(chunk)) {
		size_t bytes = std::min<size_t>(length - at, sizeof(chunk));

		if (int r = view.copy_request(chunk, bytes, at))
			return r;
		clean = std::all_of(chunk, chunk + bytes,
				    [](std::byte b) { return b == std::byte{}; });
	}
	return 0;
}

} // namespace

int Service::command_create(CommandCreateView &view)
{
	auto handle = made_.reserve(file_.objects());

	if (!handle)
		return refuse(handle.error());
	made_.hold(std::make_shared<Command>(view.scope()));
	view.put_handle(*handle);
	return 0;
}

int Service::command_destroy(CommandDestroyView &view)
{
	return destroy(view.handle(), ACCEL_OBJECT_COMMAND, ACCEL_COMMAND_DESTROY_HANDLE,
		       "nothing");
}

int Service::command_execute(CommandExecuteView &view)
{
	auto channel = find<Command>(view.handle(), ACCEL_OBJECT_COMMAND);
	accel_soft_command_request request;
	bool clean;

	if (!channel)
		return refuse(channel.error(), ACCEL_COMMAND_EXECUTE_HANDLE);
	if (int r = read_request(view, request, clean))
		return r;

	const uint32_t has = (*channel)->scope(), needs = Firmware::scope_of(request.opcode);
	if (needs > has)
		return call_.fail(ACCEL_REASON_SCOPE, ACCEL_COMMAND_EXECUTE_HANDLE, has, needs,
				  ACCEL_SCOPE_DEBUG_FULL,
				  "command %u needs scope %s, and the channel has %s",
				  request.opcode, kScopeNames[needs], kScopeNames[has]);

	/* Check the room before execution: a caller that gets no response would repeat the command. */
	const size_t least = Firmware::answer_bytes(request.opcode);
	if (view.wants_response() && view.response_room() < least)
		return view.put_response(std::vector<std::byte>(least));

	Firmware firmware(file_.device());
	firmware.execute(request, clean);
	if (view.wants_response())
		return view.put_response(firmware.answer());
	if (firmware.status() != ACCEL_SOFT_COMMAND_STATUS_SUCCESS)
		return call_.fail(
			ACCEL_REASON_DEVICE, 0, firmware.status(), 0, 0,
			"command %u failed with status %u; pass a response buffer for the "
			"details",
			request.opcode, firmware.status());
	return 0;
}

} // namespace accel::core::softdev
