// SPDX-License-Identifier: MIT
// Today's parser with a server that keeps the handles of its objects and does no work.
#include "today.hpp"

#include <accel/uabi/soft_server.hpp>
#include <set>

namespace accel::core::uabi {
namespace {

class Server : public soft::Handlers {
	int allocate(Call &call, uint64_t &handle)
	{
		handle = uint64_t{call.object()} << 32 | ++last_;
		live_.insert(handle);
		return 0;
	}

	int check(Call &call, uint16_t attribute, uint64_t handle)
	{
		if (live_.contains(handle))
			return 0;
		return call.fail(ACCEL_REASON_NO_HANDLE, attribute, handle, 0, 0, "no such handle");
	}

	int destroy(Call &call, uint64_t handle)
	{
		int result = check(call, 1, handle);

		live_.erase(handle);
		return result;
	}

	int unsupported(Call &call)
	{
		return call.fail(ACCEL_REASON_UNSUPPORTED, 0, 0, 0, 0, "not in this test");
	}

	template <class View>
	int create(View &view)
	{
		uint64_t handle;
		int result = allocate(view.call(), handle);

		view.put_handle(handle);
		return result;
	}

	int device_query(soft::DeviceQueryView &view) override
	{
		view.put_driver("soft");
		view.put_clients(1);
		return 0;
	}
	int address_space_create(soft::AddressSpaceCreateView &v) override { return create(v); }
	int address_space_destroy(soft::AddressSpaceDestroyView &v) override
	{
		return destroy(v.call(), v.handle());
	}
	int address_space_map(soft::AddressSpaceMapView &view) override
	{
		const accel_buffer_range *range = view.range();
		Call &call = view.call();

		if (!range)
			return unsupported(call);
		if (int result = check(call, ACCEL_ADDRESS_SPACE_MAP_RANGE, range->memory))
			return result;
		if (!range->length)
			return call.fail(ACCEL_REASON_OUT_OF_RANGE, ACCEL_ADDRESS_SPACE_MAP_RANGE,
					 0, 1, UINT64_MAX, "range has the length 0");
		view.put_iova(0x10000 + range->offset);
		return check(call, ACCEL_ADDRESS_SPACE_MAP_HANDLE, view.handle());
	}
	int buffer_create(soft::BufferCreateView &view) override { return create(view); }
	int buffer_register(soft::BufferRegisterView &view) override { return create(view); }
	int buffer_destroy(soft::BufferDestroyView &v) override
	{
		return destroy(v.call(), v.handle());
	}
	int queue_create(soft::QueueCreateView &view) override
	{
		accel_ring_layout layout = {.size = 8192,
					    .entry_size = 64,
					    .entry_count = view.entries(),
					    .publication = ACCEL_RING_PUBLICATION_INDEX};

		view.put_layout(layout);
		if (int result = check(view.call(), ACCEL_QUEUE_CREATE_ADDRESS_SPACE,
				       view.address_space()))
			return result;
		return create(view);
	}
	int queue_destroy(soft::QueueDestroyView &v) override
	{
		return destroy(v.call(), v.handle());
	}
	int queue_kick(soft::QueueKickView &v) override { return check(v.call(), 1, v.handle()); }
	int event_create(soft::EventCreateView &view) override { return create(view); }
	int event_destroy(soft::EventDestroyView &v) override
	{
		return destroy(v.call(), v.handle());
	}
	int command_create(soft::CommandCreateView &view) override { return create(view); }
	int command_destroy(soft::CommandDestroyView &v) override
	{
		return destroy(v.call(), v.handle());
	}
	int stream_create(soft::StreamCreateView &view) override { return create(view); }
	int stream_destroy(soft::StreamDestroyView &v) override
	{
		return destroy(v.call(), v.handle());
	}

	std::set<uint64_t> live_;
	uint64_t last_ = 0;
};

int serve(void *context, accel_call *message)
{
	return soft::serve({}, reinterpret_cast<uintptr_t>(message),
			   *static_cast<Server *>(context));
}

} // namespace

Transport today()
{
	static Server server;

	return {serve, &server};
}

} // namespace accel::core::uabi
