// SPDX-License-Identifier: MIT
// Address spaces: create, map, unmap.
#include "core/address_space.hpp"

#include "core/buffer.hpp"

namespace accel::core {

Result<Ref<AddressSpace>> AddressSpace::create(Device &device, uint32_t mode)
{
	auto space = Ref<AddressSpace>::adopt(new AddressSpace(device));
	auto handle = device.use([=](Backend &b) { return b.create_address_space(mode); });

	if (!handle)
		return std::unexpected(handle.error());
	space->handle_ = *handle;
	return space;
}

Result<void> AddressSpace::destroy()
{
	return device_->end([this](Backend &b) { return b.destroy_address_space(handle_); });
}

Result<uint64_t> AddressSpace::map(void *address, uint64_t length, uint64_t access, uint64_t iova)
{
	return map({.address = address, .length = length, .access = access, .fixed_iova = iova});
}

Result<uint64_t> AddressSpace::map(const Buffer &buffer, uint64_t offset, uint64_t length,
				   uint64_t access, uint64_t iova)
{
	if (auto same = same_device(*device_, buffer.device(), "buffer"); !same)
		return std::unexpected(same.error());
	return map({.buffer = buffer.handle(),
		    .offset = offset,
		    .length = length,
		    .access = access,
		    .fixed_iova = iova});
}

Result<uint64_t> AddressSpace::map(MapRequest request)
{
	request.space = handle_;
	return device_->use([&](Backend &b) { return b.map(request); });
}

Result<void> AddressSpace::unmap(uint64_t iova, uint64_t length)
{
	return device_->use([=, this](Backend &b) { return b.unmap(handle_, iova, length); });
}

Result<accel_address_space_info> AddressSpace::query()
{
	return device_->use([this](Backend &b) { return b.query_address_space(handle_); });
}

} // namespace accel::core
