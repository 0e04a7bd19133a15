// SPDX-License-Identifier: MIT
// The C interface: command channels.
#include "capi/boundary.hpp"
#include "capi/handles.hpp"

using namespace accel::core;
using namespace accel::core::capi;

namespace {

constexpr Operation kCreate{ACCEL_OBJECT_COMMAND, ACCEL_COMMAND_CREATE};
constexpr Operation kDestroy{ACCEL_OBJECT_COMMAND, ACCEL_COMMAND_DESTROY};
constexpr Operation kExecute{ACCEL_OBJECT_COMMAND, ACCEL_COMMAND_EXECUTE};

} // namespace

int accel_command_create(accel_device *device, accel_scope scope, accel_command **command,
			 accel_error *error)
{
	return run(kCreate, error, {{"device", device}, {"command", command}}, [&] {
		return put(command, CommandChannel::create(*object(device), number(scope)));
	});
}

int accel_command_destroy(accel_command *command, accel_error *error)
{
	return run(kDestroy, error, {}, [&] { return destroy(object(command)); });
}

int accel_command_execute(accel_command *command, const void *request, size_t request_size,
			  void *response, size_t *response_size, accel_error *error)
{
	return run(
		kExecute, error,
		{{"command", command}, {"request", request}, {"response_size", response_size}},
		[&]() -> Result<void> {
			size_t room = response ? *response_size : 0;
			auto answer = use(object(command), [&](Backend &b) {
				return b.command_execute(
					{.handle = object(command)->handle(),
					 .request = {static_cast<const std::byte *>(request),
						     request_size},
					 .response = {static_cast<std::byte *>(response), room}});
			});

			if (answer)
				*response_size = answer->response;
			else if (answer.error().code == -EMSGSIZE)
				*response_size = answer.error().maximum;
			return answer ? Result<void>() : std::unexpected(answer.error());
		});
}
