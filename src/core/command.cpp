// SPDX-License-Identifier: MIT
// Command channels.
#include "core/command.hpp"

namespace accel::core {

Result<Ref<CommandChannel>> CommandChannel::create(Device &device, uint32_t scope)
{
	auto channel = Ref<CommandChannel>::adopt(new CommandChannel(device));
	auto handle = device.use([=](Backend &b) { return b.command_create({.scope = scope}); });

	if (!handle)
		return std::unexpected(handle.error());
	channel->handle_ = *handle;
	return channel;
}

Result<void> CommandChannel::destroy()
{
	return device_->destroy_object(
		[this](Backend &b) { return b.command_destroy({.handle = handle_}); });
}

} // namespace accel::core
