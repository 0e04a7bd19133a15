// SPDX-License-Identifier: MIT
// The C interface: address spaces.
#include "capi/boundary.hpp"
#include "capi/handles.hpp"
#include "core/sized.hpp"

using namespace accel::core;
using namespace accel::core::capi;

namespace {

constexpr Operation kCreate{ACCEL_OBJECT_ADDRESS_SPACE, ACCEL_ADDRESS_SPACE_CREATE};
constexpr Operation kDestroy{ACCEL_OBJECT_ADDRESS_SPACE, ACCEL_ADDRESS_SPACE_DESTROY};
constexpr Operation kMap{ACCEL_OBJECT_ADDRESS_SPACE, ACCEL_ADDRESS_SPACE_MAP};
constexpr Operation kUnmap{ACCEL_OBJECT_ADDRESS_SPACE, ACCEL_ADDRESS_SPACE_UNMAP};
constexpr Operation kQuery{ACCEL_OBJECT_ADDRESS_SPACE, ACCEL_ADDRESS_SPACE_QUERY};

/* With 0 the device chooses the address. */
std::optional<uint64_t> requested(uint64_t iova)
{
	return iova ? std::optional(iova) : std::nullopt;
}

} // namespace

int accel_address_space_create(accel_device *device, accel_address_mode mode,
			       accel_address_space **space, accel_error *error)
{
	return run(kCreate, error, {{"device", device}, {"space", space}},
		   [&] { return put(space, AddressSpace::create(*object(device), number(mode))); });
}

int accel_address_space_destroy(accel_address_space *space, accel_error *error)
{
	return run(kDestroy, error, {}, [&] { return destroy(object(space)); });
}

int accel_address_space_map(accel_address_space *space, void *address, uint64_t length,
			    uint64_t access, uint64_t *iova, accel_error *error)
{
	return run(kMap, error, {{"space", space}, {"address", address}, {"iova", iova}}, [&] {
		const AddressSpaceMapIn in{.handle = object(space)->handle(),
					   .address = reinterpret_cast<uintptr_t>(address),
					   .length = length,
					   .range = {},
					   .access = access,
					   .fixed_iova = requested(*iova)};

		return put(iova,
			   use(object(space), [&](Backend &b) { return b.address_space_map(in); }));
	});
}

int accel_address_space_map_buffer(accel_address_space *space, accel_buffer *buffer,
				   uint64_t offset, uint64_t length, uint64_t access,
				   uint64_t *iova, accel_error *error)
{
	return run(kMap, error, {{"space", space}, {"buffer", buffer}, {"iova", iova}},
		   [&]() -> Result<void> {
			   const Buffer &part = *object(buffer);
			   const AddressSpaceMapIn in{
				   .handle = object(space)->handle(),
				   .address = {},
				   .length = {},
				   .range = accel_buffer_range{part.handle(), offset, length},
				   .access = access,
				   .fixed_iova = requested(*iova)};

			   if (auto same = same_device(object(space)->device(), part.device(),
						       "buffer");
			       !same)
				   return same;
			   return put(iova, use(object(space), [&](Backend &b) {
					      return b.address_space_map(in);
				      }));
		   });
}

int accel_address_space_unmap(accel_address_space *space, uint64_t iova, uint64_t length,
			      accel_error *error)
{
	return run(kUnmap, error, {{"space", space}}, [&] {
		return use(object(space), [&](Backend &b) {
			return b.address_space_unmap({.handle = object(space)->handle(),
						      .iova = iova,
						      .length = length});
		});
	});
}

int accel_address_space_query(accel_address_space *space, accel_address_space_info *info,
			      accel_error *error)
{
	return run(kQuery, error, {{"space", space}, {"info", info}}, [&] {
		return put_answer(info, "accel_address_space_info", [&] {
			return use(object(space), [&](Backend &b) {
				return b.address_space_query({.handle = object(space)->handle()});
			});
		});
	});
}
