// SPDX-License-Identifier: MIT
// The handlers of address spaces.
#include "soft/device/device.hpp"
#include "soft/objects/buffer.hpp"
#include "soft/process/user_memory.hpp"
#include "soft/service/service.hpp"

#include <cinttypes>

namespace accel::core::softdev {

using namespace uabi::soft;

namespace {

constexpr const char *kNoPasid =
	"the workers of the soft accelerator are threads of this process and use its "
	"page tables; there is no IOMMU and no PASID";

} // namespace

int Service::address_space_create(AddressSpaceCreateView &view)
{
	auto handle = made_.reserve(file_.objects());

	if (!handle)
		return refuse(handle.error());
	if (view.mode() == ACCEL_ADDRESS_MODE_HANDLES)
		return call_.fail(ACCEL_REASON_UNSUPPORTED, ACCEL_ADDRESS_SPACE_CREATE_MODE,
				  view.mode(), ACCEL_ADDRESS_MODE_SHARED, ACCEL_ADDRESS_MODE_MAPPED,
				  "descriptors of the soft accelerator name memory by addresses; "
				  "use mode shared "
				  "or mapped");
	made_.hold(std::make_shared<AddressSpace>(file_.device().resources().pool.hazards(),
						  view.mode()));
	view.put_handle(*handle);
	return 0;
}

int Service::address_space_destroy(AddressSpaceDestroyView &view)
{
	return destroy(view.handle(), ACCEL_OBJECT_ADDRESS_SPACE,
		       ACCEL_ADDRESS_SPACE_DESTROY_HANDLE, "queue");
}

Result<MapSource> Service::buffer_source(const accel_buffer_range &range, uint64_t access)
{
	auto blame = [](std::unexpected<Failure> failed, uint64_t value, uint64_t maximum) {
		failed.error().attribute = ACCEL_ADDRESS_SPACE_MAP_RANGE;
		failed.error().value = value;
		failed.error().maximum = maximum;
		return failed;
	};
	auto used = file_.objects().use(range.memory, ACCEL_OBJECT_BUFFER);

	if (!used) {
		used.error().attribute = ACCEL_ADDRESS_SPACE_MAP_RANGE;
		return std::unexpected(used.error());
	}
	auto &buffer = static_cast<const Buffer &>(*used->get());
	if (!range.length)
		return blame(fail(EINVAL, ACCEL_REASON_OUT_OF_RANGE, "the range has no bytes"), 0,
			     buffer.size());
	if (range.offset > buffer.size() || range.length > buffer.size() - range.offset)
		return blame(fail(EOVERFLOW, ACCEL_REASON_WRAPS,
				  "the range leaves the buffer, which has %" PRIu64 " bytes",
				  buffer.size()),
			     range.offset, buffer.size());
	if (access & ~buffer.access()) {
		auto failed = blame(fail(EINVAL, ACCEL_REASON_OUT_OF_RANGE,
					 "the buffer allows the device only to %s it",
					 buffer.access() == ACCEL_ACCESS_READ ? "read" : "write"),
				    access, buffer.access());
		failed.error().attribute = ACCEL_ADDRESS_SPACE_MAP_ACCESS;
		return failed;
	}
	return MapSource{buffer.memory() + range.offset, range.length, std::move(*used)};
}

Result<MapSource> Service::map_source(AddressSpaceMapView &view)
{
	const auto address = view.address(), length = view.length();
	const accel_buffer_range *range = view.range();
	auto wrong = [](unsigned reason, uint16_t attribute, const char *text) {
		auto failed = fail(EINVAL, reason, "%s", text);
		failed.error().attribute = attribute;
		return failed;
	};

	if (range && (address || length))
		return wrong(
			ACCEL_REASON_DUPLICATE_ATTRIBUTE, ACCEL_ADDRESS_SPACE_MAP_RANGE,
			"range cannot be combined with address or length; give either a range of "
			"a buffer, or address and length");
	if (range)
		return buffer_source(*range, view.access());
	if (!address)
		return wrong(ACCEL_REASON_MISSING_ATTRIBUTE, ACCEL_ADDRESS_SPACE_MAP_ADDRESS,
			     "address and range are missing; one of them is required");
	if (!length)
		return wrong(ACCEL_REASON_MISSING_ATTRIBUTE, ACCEL_ADDRESS_SPACE_MAP_LENGTH,
			     "length is missing; it is required with address");
	if (auto there = check_user_memory(*address, *length, view.access(),
					   ACCEL_ADDRESS_SPACE_MAP_ADDRESS);
	    !there)
		return std::unexpected(there.error());
	return MapSource{reinterpret_cast<std::byte *>(*address), *length, Use()};
}

int Service::address_space_map(AddressSpaceMapView &view)
{
	auto space = find<AddressSpace>(view.handle(), ACCEL_OBJECT_ADDRESS_SPACE);

	if (!space)
		return refuse(space.error(), ACCEL_ADDRESS_SPACE_MAP_HANDLE);
	if (!view.access())
		return call_.fail(ACCEL_REASON_OUT_OF_RANGE, ACCEL_ADDRESS_SPACE_MAP_ACCESS, 0, 1,
				  ACCEL_ACCESS_READ | ACCEL_ACCESS_WRITE,
				  "access is 0; give read (0x1), write (0x2) or both");
	auto source = map_source(view);
	if (!source)
		return refuse(source.error());
	const uint64_t length = source->length;
	auto iova = (*space)->map(std::move(*source), view.access(), view.fixed_iova());
	if (!iova)
		return refuse(iova.error());
	mapped_.hold(std::move(*space), *iova, length);
	view.put_iova(*iova);
	return 0;
}

int Service::address_space_unmap(AddressSpaceUnmapView &view)
{
	auto space = find<AddressSpace>(view.handle(), ACCEL_OBJECT_ADDRESS_SPACE);

	if (!space)
		return refuse(space.error(), ACCEL_ADDRESS_SPACE_UNMAP_HANDLE);
	if (auto done = (*space)->unmap(view.iova(), view.length()); !done)
		return refuse(done.error());
	return 0;
}

int Service::address_space_query(AddressSpaceQueryView &view)
{
	auto space = find<AddressSpace>(view.handle(), ACCEL_OBJECT_ADDRESS_SPACE);

	if (!space)
		return refuse(space.error(), ACCEL_ADDRESS_SPACE_QUERY_HANDLE);
	AddressSpace::Info info = (*space)->info();

	view.put_mode((*space)->mode());
	view.put_pasid_reason(kNoPasid);
	view.put_mappings(info.mappings);
	view.put_mapped_bytes(info.bytes);
	return 0;
}

} // namespace accel::core::softdev
