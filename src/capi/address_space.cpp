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
	return run(kMap, error, {{"space", space}, {"address", address}, {"iova", iova}},
		   [&] { return put(iova, object(space)->map(address, length, access, *iova)); });
}

int accel_address_space_map_buffer(accel_address_space *space, accel_buffer *buffer,
				   uint64_t offset, uint64_t length, uint64_t access,
				   uint64_t *iova, accel_error *error)
{
	return run(kMap, error, {{"space", space}, {"buffer", buffer}, {"iova", iova}}, [&] {
		return put(iova,
			   object(space)->map(*object(buffer), offset, length, access, *iova));
	});
}

int accel_address_space_unmap(accel_address_space *space, uint64_t iova, uint64_t length,
			      accel_error *error)
{
	return run(kUnmap, error, {{"space", space}},
		   [&] { return object(space)->unmap(iova, length); });
}

int accel_address_space_query(accel_address_space *space, accel_address_space_info *info,
			      accel_error *error)
{
	return run(kQuery, error, {{"space", space}, {"info", info}},
		   [&] {
			   return put_answer(info, "accel_address_space_info",
					     [&] { return object(space)->query(); });
		   });
}
