// SPDX-License-Identifier: MIT
// Tests of objects: handles and references between objects.
#include "soft/tests/test_client.hpp"

#include <sys/mman.h>

namespace accel::core::softdev::test {
namespace {

class Objects : public testing::Test {
protected:
	Client client_;
};

TEST_F(Objects, ADestroyedHandleNamesNothing)
{
	const uint64_t space = client_.shared();

	EXPECT_EQ(client_.destroy_space(space), 0);
	client_.refused(AddressSpaceDestroy().handle(space), ENOENT, ACCEL_REASON_NO_HANDLE);
	const uint64_t next = client_.shared();
	EXPECT_NE(next, space) << "the place is reused, but not the handle";
	client_.refused(AddressSpaceDestroy().handle(space), ENOENT, ACCEL_REASON_NO_HANDLE);
	client_.refused(AddressSpaceDestroy().handle(0), ENOENT, ACCEL_REASON_NO_HANDLE);
	client_.refused(AddressSpaceDestroy().handle(UINT64_MAX), ENOENT, ACCEL_REASON_NO_HANDLE);
}

TEST_F(Objects, HandlesAreOfOneFileAndOneType)
{
	Client other;
	const uint64_t theirs = other.shared(), ours = client_.shared();

	client_.refused(AddressSpaceDestroy().handle(theirs), ENOENT, ACCEL_REASON_NO_HANDLE);
	client_.refused(BufferDestroy().handle(ours), ENOENT, ACCEL_REASON_HANDLE_TYPE);
	client_.refused(QueueDestroy().handle(ours), ENOENT, ACCEL_REASON_HANDLE_TYPE);
	client_.refused(EventDestroy().handle(ours), ENOENT, ACCEL_REASON_HANDLE_TYPE);
	client_.refused(CommandDestroy().handle(ours), ENOENT, ACCEL_REASON_HANDLE_TYPE);
	client_.refused(StreamDestroy().handle(ours), ENOENT, ACCEL_REASON_HANDLE_TYPE);
	client_.refused(QueueCreate().address_space(theirs).entries(2), ENOENT,
			ACCEL_REASON_NO_HANDLE);
	client_.refused(QueueCreate().address_space(ours).entries(2).event(ours), ENOENT,
			ACCEL_REASON_HANDLE_TYPE);
	client_.refused(QueueKick().handle(ours), ENOENT, ACCEL_REASON_HANDLE_TYPE);
	client_.refused(QueueResume().handle(7), ENOENT, ACCEL_REASON_NO_HANDLE);
	client_.refused(QueueQuery().handle(7), ENOENT, ACCEL_REASON_NO_HANDLE);
	client_.refused(BufferQuery().handle(7), ENOENT, ACCEL_REASON_NO_HANDLE);
	client_.refused(BufferExport().handle(7), ENOENT, ACCEL_REASON_NO_HANDLE);
	client_.refused(AddressSpaceQuery().handle(7), ENOENT, ACCEL_REASON_NO_HANDLE);
	client_.refused(AddressSpaceUnmap().handle(7).iova(1).length(1), ENOENT,
			ACCEL_REASON_NO_HANDLE);
	client_.refused(StreamReset().handle(7), ENOENT, ACCEL_REASON_NO_HANDLE);
}

TEST_F(Objects, WhatIsUsedCannotBeDestroyed)
{
	const uint64_t space = client_.mapped();
	BufferCreate buffer;
	client_.good(buffer.size(100));
	accel_buffer_range range{.memory = buffer.handle(), .offset = 0, .length = 100};
	AddressSpaceMap map;
	client_.good(map.handle(space).range(range).access(kRead));
	{
		TestQueue queue(client_, space);
		AddressSpaceDestroy destroy;
		EXPECT_EQ(client_.send(destroy.handle(space)), -EBUSY);
		EXPECT_EQ(destroy.error().reason, ACCEL_REASON_IN_USE);
		EXPECT_EQ(destroy.error().value, space);
		EXPECT_EQ(queue.run(crc32c(map.iova(), 100)).status, ACCEL_RING_STATUS_SUCCESS);
	}
	BufferDestroy destroy;
	EXPECT_EQ(client_.send(destroy.handle(buffer.handle())), -EBUSY);
	EXPECT_EQ(destroy.error().reason, ACCEL_REASON_IN_USE);
	EXPECT_EQ(destroy.error().value, buffer.handle());
	BufferQuery query;
	client_.good(query.handle(buffer.handle()).want_mappings().want_kind().want_size());
	EXPECT_EQ(query.mappings(), 1u);
	EXPECT_EQ(query.kind(), static_cast<uint32_t>(ACCEL_MEMORY_KIND_ALLOCATED));
	EXPECT_EQ(query.size(), kPageBytes);
	/* Destroying the space removes its mappings. */
	EXPECT_EQ(client_.destroy_space(space), 0);
	EXPECT_EQ(client_.destroy_buffer(buffer.handle()), 0);
}

TEST_F(Objects, AStreamInWorkIsLeftAlone)
{
	/* Zeros compress 1000 : 1, so a small input takes long. */
	constexpr uint64_t kPlain = uint64_t{64} << 20;
	void *zeros;
	ASSERT_EQ(sys::mmap(&zeros, nullptr, kPlain, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0),
		  0);
	std::vector<uint8_t> packed(1 << 20);
	TestQueue queue(client_, client_.shared()), second(client_, client_.shared());
	const uint64_t room = packed.size(), to = address_of(packed.data());
	accel_completion done = queue.run(deflate(to, room, address_of(zeros), kPlain));
	ASSERT_EQ(done.status, ACCEL_RING_STATUS_SUCCESS);
	const uint64_t stream = client_.stream();

	bool busy = false;
	for (int attempt = 0; attempt < 50 && !busy; attempt++) {
		client_.good(StreamReset().handle(stream));
		queue.post(inflate(address_of(zeros), kPlain, to, done.result, stream,
				   ACCEL_SOFT_DESCRIPTOR_FLAGS_LAST));
		while (!busy && !ring::has_completions(queue.ring())) {
			StreamReset reset;
			int r = client_.send(reset.handle(stream));
			if (r) {
				EXPECT_EQ(r, -EBUSY);
				EXPECT_EQ(reset.error().reason, ACCEL_REASON_IN_USE);
				EXPECT_EQ(client_.destroy_stream(stream), -EBUSY);
				busy = true;
			}
		}
		queue.take();
	}
	EXPECT_TRUE(busy);
	EXPECT_EQ(client_.destroy_stream(stream), 0);
	sys::munmap(zeros, kPlain);
}

TEST_F(Objects, HandlesHaveALimit)
{
	std::vector<uint64_t> streams;

	for (;;) {
		StreamCreate create;
		int r = client_.send(create);
		if (r) {
			EXPECT_EQ(r, -ENOSPC);
			EXPECT_EQ(create.error().reason, ACCEL_REASON_LIMIT);
			break;
		}
		streams.push_back(create.handle());
		ASSERT_LE(streams.size(), 65536u);
	}
	EXPECT_EQ(client_.destroy_stream(streams.back()), 0);
	EXPECT_NE(client_.stream(), 0u);
}

} // namespace
} // namespace accel::core::softdev::test
