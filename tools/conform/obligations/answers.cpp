// SPDX-License-Identifier: MIT
// Obligations: answers of every size, stable handles, properties of a buffer, and access by the process.
#include "conform/test.hpp"
#include "conform/tests.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <functional>

namespace accel::conform::tests {

namespace {

constexpr unsigned char kUntouched = 0xa5;

/* Query with every size that a version of the header can have, and with invalid sizes. */
template <class T>
void check_sizes(const char *what, const std::function<int(T *)> &ask)
{
	struct {
		T known;
		unsigned char tail[64];
	} room;
	auto *bytes = reinterpret_cast<unsigned char *>(&room);
	constexpr size_t kLeast = offsetof(T, given) + sizeof(uint64_t);
	T whole{};
	auto with = [&](size_t size) {
		std::memset(&room, kUntouched, sizeof(room));
		room.known.size = static_cast<uint32_t>(size);
		return ask(&room.known);
	};

	whole.size = sizeof(whole);
	NEED_OK(ask(&whole));
	CHECK_EQ(whole.size, sizeof(T));
	for (size_t size = kLeast; size <= sizeof(room); size += 8) {
		size_t filled = std::min(size, sizeof(T));
		int result = with(size);

		CHECK(result == 0, "{} of {} bytes: {}", what, size, code_text(result));
		CHECK_EQ(room.known.size, filled);
		CHECK(std::all_of(bytes + filled, bytes + sizeof(room),
				  [](unsigned char c) { return c == kUntouched; }),
		      "{} of {} bytes wrote after byte {}", what, size, filled);
		CHECK_EQ(room.known.given, whole.given);
	}
	for (size_t size : {size_t{0}, size_t{4}, kLeast - 1, size_t{1} << 20}) {
		CHECK_ERRNO(with(size), EINVAL, 0);
		CHECK(std::all_of(bytes + 8, bytes + sizeof(room),
				  [](unsigned char c) { return c == kUntouched; }),
		      "{} of {} bytes was refused, but something was written", what, size);
	}
}

} // namespace

void answers_of_every_size(Test &test)
{
	Space space = test.any_space();
	Queue queue = test.queue(space);
	auto buffer = Buffer::create(test.owner(), 4096);

	check_sizes<accel_device_caps>("device.query", [&](auto *out) {
		return accel_device_query(test.device(), out, err());
	});
	check_sizes<accel_address_space_info>("address-space.query", [&](auto *out) {
		return accel_address_space_query(space.get(), out, err());
	});
	check_sizes<accel_queue_info>("queue.query", [&](auto *out) {
		return accel_queue_query(queue.get(), out, err());
	});
	if (!buffer)
		return;
	check_sizes<accel_buffer_info>("buffer.query", [&](auto *out) {
		return accel_buffer_query(buffer->get(), out, err());
	});
}

void names_are_stable(Test &test)
{
	Space space = test.any_space();
	Queue first = test.queue(space), second = test.queue(space);
	const int fd = accel_device_fd(test.device());
	const uint64_t handle = accel_queue_handle(first.get());

	CHECK_GE(fd, -1);
	CHECK_NE(handle, accel_queue_handle(second.get()));
	for (int i = 0; i < 20; i++) {
		Queue other = test.queue(space);

		CHECK_EQ(accel_device_fd(test.device()), fd);
		CHECK_EQ(accel_queue_handle(first.get()), handle);
		CHECK_NE(accel_queue_handle(other.get()), handle);
	}
	CHECK_EQ(accel_queue_handle(nullptr), 0u);
	CHECK_EQ(accel_buffer_handle(nullptr), 0u);
	Buffer one = test.buffer(4096), two = test.buffer(4096);
	const uint64_t name = accel_buffer_handle(one.get());

	CHECK_NE(name, accel_buffer_handle(two.get()));
	(void)two.destroy();
	CHECK_EQ(accel_buffer_handle(one.get()), name);
}

void buffer_info(Test &test)
{
	Buffer buffer = test.buffer(5000);
	accel_buffer_info info{.size = sizeof(info)};
	uint64_t address = 0;
	int has_address = accel_buffer_device_address(buffer.get(), &address);

	NEED_OK(accel_buffer_query(buffer.get(), &info, err()));
	CHECK(info.given & ACCEL_BUFFER_INFO_GIVEN_KIND, "the kind is not given");
	CHECK_EQ(info.kind, uint32_t{ACCEL_MEMORY_KIND_ALLOCATED});
	CHECK(info.given & ACCEL_BUFFER_INFO_GIVEN_BUFFER_SIZE, "the size is not given");
	CHECK_EQ(info.buffer_size, accel_buffer_size(buffer.get()));
	CHECK_EQ(info.flags, 0u);
	CHECK_EQ((info.given & ACCEL_BUFFER_INFO_GIVEN_DEVICE_ADDRESS) != 0, has_address == 1);
	CHECK_EQ(info.device_address, address);
}

void buffer_sync(Test &test)
{
	constexpr uint64_t kBoth = ACCEL_ACCESS_READ | ACCEL_ACCESS_WRITE;
	Buffer buffer = test.buffer(8192);
	auto *at = static_cast<unsigned char *>(accel_buffer_address(buffer.get()));
	auto sync = [&](int phase, uint64_t access) {
		return accel_buffer_sync(buffer.get(), static_cast<accel_sync_phase>(phase), access,
					 after_ms(kPatienceMs), err());
	};

	for (uint64_t access : {uint64_t{ACCEL_ACCESS_READ}, uint64_t{ACCEL_ACCESS_WRITE}, kBoth}) {
		NEED_OK(sync(ACCEL_SYNC_PHASE_BEGIN, access));
		if (access & ACCEL_ACCESS_WRITE)
			at[8191] = static_cast<unsigned char>(access);
		CHECK_EQ(at[8191], access & ACCEL_ACCESS_WRITE ? access : 0u);
		CHECK_OK(sync(ACCEL_SYNC_PHASE_END, access));
		at[8191] = 0;
	}
	for (int phase : {0, 3, 77})
		CHECK_ERRNO(sync(phase, kBoth), EINVAL, ACCEL_REASON_UNKNOWN_MEMBER);
	CHECK_ERRNO(sync(ACCEL_SYNC_PHASE_BEGIN, uint64_t{1} << 40), EINVAL,
		    ACCEL_REASON_UNKNOWN_FLAG);
	/* The wait for the memory is short, because nothing uses it. */
	CHECK_OK(accel_buffer_sync(buffer.get(), ACCEL_SYNC_PHASE_BEGIN, kBoth,
				   ACCEL_DEADLINE_FOREVER, err()));
	CHECK_OK(accel_buffer_sync(buffer.get(), ACCEL_SYNC_PHASE_END, kBoth,
				   ACCEL_DEADLINE_FOREVER, err()));
}

} // namespace accel::conform::tests
