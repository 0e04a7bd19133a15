// SPDX-License-Identifier: MIT
// Creation and destruction of address spaces.
#include "core/address_space.hpp"

namespace accel::core {

Result<Ref<AddressSpace>> AddressSpace::create(Device &device, uint32_t mode)
{
	auto space = Ref<AddressSpace>::adopt(new AddressSpace(device));
	auto made = device.use([=](Backend &b) { return b.address_space_create({.mode = mode}); });

	if (!made)
		return std::unexpected(made.error());
	space->handle_ = made->handle;
	return space;
}

Result<void> AddressSpace::destroy()
{
	return device_->destroy_object(
		[this](Backend &b) { return b.address_space_destroy({.handle = handle_}); });
}

} // namespace accel::core
