// SPDX-License-Identifier: MIT
// Address spaces: create, map, unmap.
#include "core/address_space.hpp"

#include "core/buffer.hpp"

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
	return device_->end([this](Backend &b) { return b.address_space_destroy({.handle = handle_}); });
}

namespace {

std::optional<uint64_t> wanted(uint64_t iova)
{
	return iova ? std::optional(iova) : std::nullopt;
}

} // namespace

Result<uint64_t> AddressSpace::map(void *address, uint64_t length, uint64_t access, uint64_t iova)
{
	return device_->use([&](Backend &b) {
		return b.address_space_map({.handle = handle_,
					    .address = reinterpret_cast<uintptr_t>(address),
					    .length = length,
					    .range = {},
					    .access = access,
					    .fixed_iova = wanted(iova)});
	});
}

Result<uint64_t> AddressSpace::map(const Buffer &buffer, uint64_t offset, uint64_t length,
				   uint64_t access, uint64_t iova)
{
	if (auto same = same_device(*device_, buffer.device(), "buffer"); !same)
		return std::unexpected(same.error());
	return device_->use([&](Backend &b) {
		return b.address_space_map(
			{.handle = handle_,
			 .address = {},
			 .length = {},
			 .range = accel_buffer_range{buffer.handle(), offset, length},
			 .access = access,
			 .fixed_iova = wanted(iova)});
	});
}

Result<void> AddressSpace::unmap(uint64_t iova, uint64_t length)
{
	return device_->use([=, this](Backend &b) { return b.address_space_unmap({.handle = handle_, .iova = iova, .length = length}); });
}

Result<accel_address_space_info> AddressSpace::query()
{
	return device_->use([this](Backend &b) { return b.address_space_query({.handle = handle_}); });
}

} // namespace accel::core
