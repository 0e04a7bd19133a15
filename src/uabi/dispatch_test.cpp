// SPDX-License-Identifier: MIT
// A message that the generated client sends reaches the method of the generated server.
#include "uabi/uabi_test.hpp"

#include <accel/uabi/soft_client.hpp>
#include <accel/uabi/soft_server.hpp>
#include <algorithm>

namespace accel::core::uabi {
namespace {

using soft::kPolicy;

/// Serves methods that need no object.
class NoObjects : public soft::Handlers {
	int device_query(soft::DeviceQueryView &view) override
	{
		view.put_driver("soft");
		view.put_workers(view.wants_workers() ? 3 : 0);
		return 0;
	}
	int address_space_create(soft::AddressSpaceCreateView &view) override
	{
		view.put_handle(view.mode());
		return 0;
	}
	int address_space_map(soft::AddressSpaceMapView &view) override
	{
		view.put_iova(view.range() ? view.range()->offset : *view.address());
		return 0;
	}
	int buffer_import(soft::BufferImportView &view) override
	{
		view.put_size(static_cast<uint64_t>(-view.fd()));
		return 0;
	}
	int buffer_export(soft::BufferExportView &view) override
	{
		view.put_fd(-7);
		return 0;
	}
};

int serve_no_objects(void *context, accel_call *message)
{
	return soft::serve({}, reinterpret_cast<uintptr_t>(message),
			   *static_cast<NoObjects *>(context));
}

TEST(Dispatch, CallsTheMethod)
{
	NoObjects handlers;
	Transport transport = {serve_no_objects, &handlers};
	soft::DeviceQuery query;
	AddressSpaceCreate space;
	BufferImport import;
	BufferExport exported;
	accel_buffer_range range = {1, 77, 3};
	AddressSpaceMap map;
	soft::StreamReset reset;
	char driver[64];

	ASSERT_EQ(query.want_driver(driver).want_workers().deliver(transport), 0);
	EXPECT_EQ(query.driver(), "soft");
	EXPECT_EQ(query.workers(), 3u);
	ASSERT_EQ(space.mode(ACCEL_ADDRESS_MODE_MAPPED).deliver(transport), 0);
	EXPECT_EQ(space.handle(), ACCEL_ADDRESS_MODE_MAPPED);
	ASSERT_EQ(map.handle(1).range(range).access(1).deliver(transport), 0);
	EXPECT_EQ(map.iova(), 77u);
	ASSERT_EQ(import.fd(-5).want_size().deliver(transport), 0);
	EXPECT_EQ(import.size(), 5u);
	ASSERT_EQ(exported.handle(1).deliver(transport), 0);
	EXPECT_EQ(exported.fd(), -7);
	EXPECT_EQ(reset.handle(1).deliver(transport), -EOPNOTSUPP);
	EXPECT_EQ(reset.error().reason, ACCEL_REASON_UNSUPPORTED);
	EXPECT_EQ(reset.error().method, ACCEL_SOFT_STREAM_RESET);

	DeviceDescribe describe;
	std::vector<std::byte> room(kPolicy.description().size());
	ASSERT_EQ(describe.want_policy(room).deliver(transport), 0);
	EXPECT_TRUE(std::ranges::equal(*describe.policy(), kPolicy.description()));
}

TEST(Deliver, TransportWithoutARecord)
{
	AddressSpaceDestroy message;
	Transport broken = {[](void *, accel_call *) { return -EBADF; }, nullptr};

	EXPECT_EQ(message.handle(1).deliver(broken), -EBADF);
	EXPECT_EQ(message.error().code, -EBADF);
	EXPECT_EQ(message.error().object, ACCEL_OBJECT_ADDRESS_SPACE);
	EXPECT_STRNE(message.error().text, "");
}

} // namespace
} // namespace accel::core::uabi
