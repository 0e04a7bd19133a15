// SPDX-License-Identifier: MIT
// The whole C++ and C interface on soft0: the operations of all objects. lifetime_test.cpp has their lifetimes.
#include "capi/api_test.hpp"

#include <accel/soft.hpp>
#include <array>
#include <cstring>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <numeric>
#include <poll.h>
#include <sys/mman.h>
#include <unistd.h>
#include <vector>

using namespace accel;
using accel::test::Api;
using accel::test::must;
using namespace std::chrono_literals;
using testing::HasSubstr;

namespace {

TEST_F(Api, ADeviceReportsItsProperties)
{
	accel_device_caps caps = must(device_.query());

	EXPECT_EQ(device_.name(), "soft0");
	EXPECT_EQ(device_.provider(), "soft");
	EXPECT_STREQ(caps.driver, "soft");
	EXPECT_NE(caps.model[0], 0);
	EXPECT_TRUE(caps.features & ACCEL_FEATURE_SHARED_ADDRESS_SPACE);
	EXPECT_GE(caps.max_entries, 2u);
	EXPECT_GE(caps.clients, 1u);
}

TEST_F(Api, TheDeviceListCanBeIterated)
{
	DeviceList list = must(devices());
	bool seen = false;

	for (DeviceInfo info : list)
		seen |= info.name == "soft0" && info.usable && info.reason.empty();
	EXPECT_TRUE(seen);
	DeviceList moved = std::move(list);
	EXPECT_EQ(list.size(), 0u);
	EXPECT_GE(moved.size(), 2u);
}

TEST_F(Api, EachOperationOfTheRing)
{
	std::vector<char> source(10000), target(10000);
	std::iota(source.begin(), source.end(), 0);
	Queue queue = must(Queue::create(space_, {.entries = 8}));

	EXPECT_EQ(queue.submit(soft::copy(target, source)), 0u);
	EXPECT_EQ(queue.submit(soft::compare(source, target, soft::fence)), 1u);
	auto first = must(queue.wait_one());
	auto second = must(queue.wait_one(std::chrono::steady_clock::now() + 60s));
	EXPECT_EQ(first.sequence, 0u);
	EXPECT_EQ(first.status, ACCEL_RING_STATUS_SUCCESS);
	EXPECT_EQ(second.result, source.size());
	EXPECT_EQ(target, source);

	accel_queue_info info = must(queue.query());
	EXPECT_EQ(info.state, ACCEL_QUEUE_STATE_RUNNING);
	EXPECT_EQ(info.submitted, 2u);
	EXPECT_EQ(info.completed, 2u);
	EXPECT_EQ(queue.wait(Deadline()).error().name(), "ETIMEDOUT");
}

TEST_F(Api, AFullRingRefuses)
{
	Queue queue = must(Queue::create(space_, {.entries = 4}));
	std::array<accel_completion, 8> done;

	for (unsigned i = 0; i < 4; i++)
		EXPECT_TRUE(queue.submit(soft::nop()));
	EXPECT_FALSE(queue.submit(soft::nop()));
	uint32_t have = 0;
	while (have < 4) {
		must(queue.wait_one());
		have += 1 + queue.poll(done);
	}
	EXPECT_TRUE(queue.submit(soft::nop()));
	must(queue.wait_one());
}

TEST_F(Api, MappedSpacesAccessOnlyMappedMemory)
{
	AddressSpace mapped = must(AddressSpace::create(device_, AddressMode::mapped));
	Buffer buffer = must(Buffer::create(device_, 8192));
	std::vector<std::byte> source(4096, std::byte{7});
	Queue queue = must(Queue::create(mapped, {.entries = 8}));
	{
		Mapping in = must(mapped.map_read_only(source));
		Mapping out = must(mapped.map(buffer, 4096, 4096));

		EXPECT_EQ(must(mapped.query()).mappings, 2u);
		queue.submit(soft::copy(out, in));
		EXPECT_EQ(must(queue.wait_one()).status, ACCEL_RING_STATUS_SUCCESS);
		EXPECT_EQ(buffer.bytes()[4096], std::byte{7});
		EXPECT_EQ(buffer.bytes()[4095], std::byte{0});
		queue.submit(soft::copy(in, out));
		EXPECT_EQ(must(queue.wait_one()).status, ACCEL_RING_STATUS_WRITE_FAULT)
			<< "mapped read-only";
		EXPECT_EQ(buffer.destroy().error().name(), "EBUSY");
	}
	EXPECT_EQ(must(mapped.query()).mappings, 0u);
	queue.submit(soft::copy(source, source));
	EXPECT_EQ(must(queue.wait_one()).status, ACCEL_RING_STATUS_READ_FAULT);
	EXPECT_TRUE(buffer.destroy());
	EXPECT_TRUE(buffer.bytes().empty());
}

TEST_F(Api, MappingsMoveAndAreUnmappedOnce)
{
	AddressSpace mapped = must(AddressSpace::create(device_, AddressMode::mapped));
	std::vector<std::byte> memory(4096);
	Mapping one = must(mapped.map(memory, ACCEL_ACCESS_READ, 0x10000));

	EXPECT_EQ(one.iova(), 0x10000u);
	EXPECT_EQ(one.length(), 4096u);
	Mapping two = std::move(one);
	EXPECT_TRUE(one.unmap()) << "nothing to unmap";
	EXPECT_EQ(must(mapped.query()).mappings, 1u);
	EXPECT_TRUE(two.unmap());
	EXPECT_TRUE(two.unmap());
	EXPECT_EQ(must(mapped.query()).mapped_bytes, 0u);
	EXPECT_EQ(mapped.map(memory, 0x80).error().name(), "EINVAL");
}

TEST_F(Api, BuffersOfTheCallersMemoryAndOfFiles)
{
	std::vector<std::byte> memory(4096);
	Buffer registered = must(Buffer::from_memory(device_, memory));

	EXPECT_EQ(registered.bytes().data(), memory.data());
	EXPECT_EQ(registered.export_file().error().name(), "EOPNOTSUPP");

	Buffer made = must(Buffer::create(device_, 4096));
	BufferFile file = must(made.export_file());
	EXPECT_TRUE(fcntl(file.fd, F_GETFD) & FD_CLOEXEC);
	Buffer again = must(Buffer::from_file(device_, file.fd));
	close(file.fd);
	made.bytes()[100] = std::byte{42};
	EXPECT_EQ(again.bytes()[100], std::byte{42}) << "both are the same memory";
	EXPECT_EQ(Buffer::from_file(device_, -1).error().name(), "EBADF");
	EXPECT_EQ(Buffer::create(device_, 0).error().name(), "EINVAL");
}

TEST_F(Api, ErrorsNameTheAttributeTheValueAndTheRange)
{
	Error error = Queue::create(space_, {.entries = 3}).error();

	EXPECT_EQ(error.name(), "EINVAL");
	EXPECT_EQ(error.code(), EINVAL);
	EXPECT_EQ(error.reason_name(), "not-power-of-two");
	EXPECT_EQ(error.object(), unsigned{ACCEL_OBJECT_QUEUE});
	EXPECT_EQ(error.method(), unsigned{ACCEL_QUEUE_CREATE});
	EXPECT_EQ(error.attribute(), unsigned{ACCEL_QUEUE_CREATE_ENTRIES});
	EXPECT_EQ(error.value(), 3u);
	EXPECT_EQ(error.minimum(), 2u);
	EXPECT_GE(error.maximum(), 4096u);
	EXPECT_THAT(std::string(error.message()), HasSubstr("entries"));
	EXPECT_FALSE(error.action().empty());
}

TEST_F(Api, UnknownEnumValuesAreRefusedByTheDevice)
{
	EXPECT_EQ(AddressSpace::create(device_, static_cast<AddressMode>(4)).error().name(),
		  "EINVAL");
	Error error = CommandChannel::create(device_, static_cast<Scope>(7)).error();
	EXPECT_EQ(error.reason_name(), "unknown-member");
	EXPECT_EQ(error.value(), 7u);
}

TEST_F(Api, AnEventWakesAPollLoop)
{
	Event event = must(Event::create(device_));
	Queue queue = must(Queue::create(space_, {.entries = 8, .event = &event}));
	pollfd wanted{event.fd(), POLLIN, 0};

	EXPECT_EQ(poll(&wanted, 1, 0), 0);
	bool ready = must(queue.arm());
	EXPECT_FALSE(ready) << "nothing was published yet";
	queue.submit(soft::nop());
	EXPECT_EQ(poll(&wanted, 1, 10000), 1);
	EXPECT_EQ(must(queue.wait_one()).status, ACCEL_RING_STATUS_SUCCESS);
	EXPECT_EQ(event.destroy().error().name(), "EBUSY") << "the queue uses it";
	EXPECT_TRUE(queue.destroy());
	EXPECT_TRUE(event.destroy());
	EXPECT_EQ(event.fd(), -1);
}

TEST_F(Api, AStoppedQueueCanBeResumed)
{
	Queue queue = must(
		Queue::create(space_, {.entries = 8, .flags = ACCEL_QUEUE_FLAGS_STOP_ON_FAULT}));
	soft::Descriptor bad = soft::nop();

	EXPECT_EQ(queue.resume().error().name(), "EALREADY");
	bad.op = 77;
	queue.submit(bad);
	EXPECT_EQ(must(queue.wait_one()).status, ACCEL_RING_STATUS_BAD_OPCODE);
	queue.submit(soft::nop());
	EXPECT_EQ(must(queue.wait_one()).status, ACCEL_RING_STATUS_CANCELED);
	EXPECT_TRUE(queue.resume());
	queue.submit(soft::nop());
	EXPECT_EQ(must(queue.wait_one()).status, ACCEL_RING_STATUS_SUCCESS);
}

TEST_F(Api, DescriptorsOfAnotherSizeAreCutOrExtended)
{
	Queue queue = must(Queue::create(space_, {.entries = 2}));
	struct Longer {
		soft::Descriptor known = soft::nop();
		char more[8] = {};
	};

	memset(queue.ring()->entries, 0xff, 64);
	queue.submit(uint64_t{0}); // opcode nop, and the rest of the slot must become zero
	EXPECT_EQ(must(queue.wait_one()).status, ACCEL_RING_STATUS_SUCCESS);
	queue.submit(Longer{});
	EXPECT_EQ(must(queue.wait_one()).status, ACCEL_RING_STATUS_SUCCESS);
	EXPECT_FALSE(queue.submit(Longer{.more = "x"})) << "the device would ignore it";
}

TEST_F(Api, MessagesAreDeliveredUnchanged)
{
	accel_error_record record{};
	accel_call call{};

	call.size = sizeof(call);
	call.object = 999;
	call.error = reinterpret_cast<uintptr_t>(&record);
	call.error_size = sizeof(record);
	EXPECT_EQ(device_.call(call), -ENOTTY);
	EXPECT_EQ(record.code, -ENOTTY);
	EXPECT_EQ(record.reason, ACCEL_REASON_UNKNOWN_OBJECT);
}

TEST_F(Api, TracedMessagesAreText)
{
	std::vector<std::string> lines;
	auto keep = [](void *context, const char *text) {
		static_cast<std::vector<std::string> *>(context)->emplace_back(text);
	};

	EXPECT_EQ(device_.trace(keep, &lines), 0);
	EXPECT_FALSE(Queue::create(space_, {.entries = 3}));
	EXPECT_EQ(device_.trace(nullptr, nullptr), 0);
	EXPECT_FALSE(Queue::create(space_, {.entries = 3}));
	ASSERT_EQ(lines.size(), 1u);
	EXPECT_THAT(lines[0], HasSubstr("queue.create"));
	EXPECT_THAT(lines[0], HasSubstr("entries=3"));
	EXPECT_THAT(lines[0], HasSubstr("EINVAL"));
}

} // namespace
