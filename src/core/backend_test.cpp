// SPDX-License-Identifier: MIT
// A backend that overrides nothing refuses every operation with its name and the reason.
#include "core/provider.hpp"

#include <atomic>
#include <cstring>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <thread>
#include <vector>

using namespace accel::core;
using testing::HasSubstr;

namespace {

class Bare final : public Backend {
public:
	Bare() : Backend("it is bare") {}
};

/* A queue that overrides only pure functions. */
class BareQueue final : public QueueBackend {
public:
	ring::RingMemory ring() const override { return {}; }
	uint64_t handle() const override { return 1; }
	Result<accel_queue_info> query() override { return accel_queue_info{}; }
	Result<void> destroy() override { return {}; }
};

template <class T>
void expect_unsupported(const Result<T> &r, const char *name = "")
{
	ASSERT_FALSE(r);
	EXPECT_EQ(r.error().code, -EOPNOTSUPP);
	EXPECT_EQ(r.error().reason, ACCEL_REASON_UNSUPPORTED);
	EXPECT_THAT(r.error().text, HasSubstr(name));
}

TEST(Backend, RefusesOperationsThatAreNotGenerated)
{
	Bare b;
	const std::byte own[1]{};
	void *memory = nullptr;
	accel_call message{.size = sizeof(message)};

	expect_unsupported(b.create_queue({}), "queue.create: it is bare");
	expect_unsupported(b.create_buffer({}, {}), "buffer.create: it is bare");
	expect_unsupported(b.create_buffer({}, own), "driver");
	expect_unsupported(b.trace(nullptr, nullptr), "it is bare");
	EXPECT_EQ(b.map_memory(0, 4096, &memory), -EOPNOTSUPP);
	EXPECT_EQ(b.fd(), -1);
	EXPECT_EQ(b.call(message), -EOPNOTSUPP);
	b.close();
	b.abandon();
}

TEST(QueueBackend, RefusesOperationsThatItsDeviceLacks)
{
	BareQueue q;

	expect_unsupported(q.resume());
	expect_unsupported(q.poll_fd(), "accel_queue_wait()");
	expect_unsupported(q.fence(0));
	EXPECT_EQ(q.progress(0), -EAGAIN);
	q.kick();
}

/* The thread in shut() waits for the call inside, and no call enters afterwards. */
TEST(Gate, ShutWaitsForTheCallsInside)
{
	Gate gate;
	std::atomic<bool> inside = true, shut = false;

	ASSERT_TRUE(gate.enter());
	std::thread closer([&] {
		gate.shut();
		EXPECT_FALSE(inside) << "no call is inside";
		shut = true;
	});
	while (!gate.is_shut())
		std::this_thread::yield();
	EXPECT_FALSE(gate.enter());
	EXPECT_FALSE(shut);
	inside = false;
	gate.leave();
	closer.join();
	EXPECT_TRUE(shut);
	gate.shut();
	EXPECT_FALSE(gate.enter());
}

TEST(Gate, ManyCallsAndOneEnd)
{
	for (unsigned round = 0; round < 200; round++) {
		Gate gate;
		std::atomic<bool> over = false;
		std::vector<std::thread> callers;

		for (unsigned i = 0; i < 3; i++)
			callers.emplace_back([&] {
				while (gate.enter()) {
					EXPECT_FALSE(over) << "a call after shut()";
					gate.leave();
				}
			});
		gate.shut();
		over = true;
		for (std::thread &caller : callers)
			caller.join();
	}
}

TEST(Backend, UnmapsMappedMemory)
{
	Bare b;
	void *page = mmap(nullptr, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	b.unmap_memory(page, 4096);
	EXPECT_EQ(msync(page, 4096, MS_ASYNC), -1) << "the page is gone";
}

TEST(Answer, FillsTheMembersThatTheCallerKnows)
{
	Failure failure = fail(EIO, ACCEL_REASON_DEVICE, "broken").error();
	accel_error_record record{};
	accel_call call{.size = sizeof(call)};

	EXPECT_EQ(answer(call, failure), -EIO) << "the caller passes no record";
	call.error = reinterpret_cast<uintptr_t>(&record);
	call.error_size = 1 << 20;
	EXPECT_EQ(answer(call, failure), -EIO);
	EXPECT_STREQ(record.text, "broken");
	memset(&record, 0x11, sizeof(record));
	call.error_size = offsetof(accel_error_record, text);
	EXPECT_EQ(answer(call, failure), -EIO);
	EXPECT_EQ(record.reason, ACCEL_REASON_DEVICE);
	EXPECT_EQ(record.text[0], 0x11);
	call.size = offsetof(accel_call, error_size);
	record.reason = 0;
	EXPECT_EQ(answer(call, failure), -EIO);
	EXPECT_EQ(record.reason, 0) << "a shorter header has no record";
}

/* AddressSanitizer detects an access after the allocation. */
TEST(Backend, ReadsNoByteAfterAShortHeader)
{
	Bare b;

	for (uint32_t bytes : {4u, 8u, 12u, 16u, 24u, 32u, 36u, 40u}) {
		std::vector<std::byte> header(bytes);

		memcpy(header.data(), &bytes, sizeof(bytes));
		EXPECT_EQ(b.call(*reinterpret_cast<accel_call *>(header.data())),
			  bytes < 8 ? -EINVAL : -EOPNOTSUPP)
			<< bytes;
	}
}

TEST(Answer, NamesTheObjectAndTheMethodOfTheMessage)
{
	accel_error_record record{};
	accel_call call{.size = sizeof(call),
			.object = ACCEL_OBJECT_QUEUE,
			.method = ACCEL_QUEUE_KICK,
			.error = reinterpret_cast<uintptr_t>(&record),
			.error_size = sizeof(record)};
	Bare b;

	EXPECT_EQ(b.call(call), -EOPNOTSUPP);
	EXPECT_EQ(record.object, ACCEL_OBJECT_QUEUE);
	EXPECT_EQ(record.method, ACCEL_QUEUE_KICK);
}

} // namespace
