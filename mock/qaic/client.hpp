// SPDX-License-Identifier: MIT
// A client of the qaic uABI for tests: raw ioctls without the library.
#pragma once

#include "sys/sys.hpp"

#include <cstring>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <span>
#include <string>
#include <sys/mman.h>
#include <uapi/accel/drm.h>
#include <uapi/accel/qaic.h>
#include <utility>
#include <vector>

namespace accel::core::mock {

constexpr size_t kPage = 4096;

/// One open file. Calls return the result of the ioctl; make_... expect success.
class QaicClient {
public:
	explicit QaicClient(const char *node = "/dev/accel/accel0") : fd(sys::open(node, O_RDWR)) {}
	~QaicClient() { close(); }
	QaicClient(const QaicClient &) = delete;
	QaicClient &operator=(const QaicClient &) = delete;

	template <class T>
	int call(unsigned long request, T &argument)
	{
		return sys::ioctl(fd, request, &argument);
	}
	int close() { return fd < 0 ? 0 : sys::close(std::exchange(fd, -1)); }

	/// Sends @message and replaces it with the answer.
	int manage(std::vector<std::byte> &message, uint32_t &count)
	{
		std::vector<std::byte> room(ACCEL_QAIC_MAX_MESSAGE);
		memcpy(room.data(), message.data(), message.size());
		accel_qaic_manage argument{static_cast<uint32_t>(message.size()), count,
					   reinterpret_cast<uint64_t>(room.data())};
		const int r = call(ACCEL_QAIC_IOCTL_MANAGE, argument);

		room.resize(std::min<size_t>(argument.len, room.size()));
		message = room;
		count = argument.count;
		return r;
	}
	int create(uint64_t size, uint32_t *handle)
	{
		accel_qaic_create_bo argument{size, 0, 0};
		const int r = call(ACCEL_QAIC_IOCTL_CREATE_BO, argument);

		*handle = argument.handle;
		return r;
	}
	int free(uint32_t handle)
	{
		accel_drm_gem_close argument{handle, 0};
		return call(ACCEL_DRM_IOCTL_GEM_CLOSE, argument);
	}
	int attach(uint32_t handle, uint32_t channel, uint32_t direction,
		   std::span<const accel_qaic_slice> slices)
	{
		accel_qaic_attach_slice argument = {};

		argument.header.count = static_cast<uint32_t>(slices.size());
		argument.header.dbc_id = channel;
		argument.header.handle = handle;
		argument.header.dir = direction;
		argument.data = reinterpret_cast<uint64_t>(slices.data());
		return call(ACCEL_QAIC_IOCTL_ATTACH_SLICE_BO, argument);
	}
	int detach(uint32_t handle)
	{
		accel_qaic_detach_slice argument{handle, 0};
		return call(ACCEL_QAIC_IOCTL_DETACH_SLICE_BO, argument);
	}
	int execute(uint32_t channel, const std::vector<uint32_t> &handles)
	{
		std::vector<accel_qaic_execute_entry> entries;
		for (uint32_t handle : handles)
			entries.push_back({handle, 0});
		accel_qaic_execute argument{{static_cast<uint32_t>(entries.size()), channel},
					    reinterpret_cast<uint64_t>(entries.data())};
		return call(ACCEL_QAIC_IOCTL_EXECUTE_BO, argument);
	}
	int execute_part(uint32_t channel, uint32_t handle, uint64_t bytes)
	{
		accel_qaic_partial_execute_entry entry{handle, 0, bytes};
		accel_qaic_partial_execute argument{{1, channel},
						    reinterpret_cast<uint64_t>(&entry)};
		return call(ACCEL_QAIC_IOCTL_PARTIAL_EXECUTE_BO, argument);
	}
	int wait(uint32_t channel, uint32_t handle, uint32_t ms)
	{
		accel_qaic_wait argument{handle, ms, channel, 0};
		return call(ACCEL_QAIC_IOCTL_WAIT_BO, argument);
	}
	int stats(uint32_t channel, uint32_t handle, accel_qaic_perf_stats_entry *entry)
	{
		*entry = {};
		entry->handle = handle;
		accel_qaic_perf_stats argument{{1, 0, channel}, reinterpret_cast<uint64_t>(entry)};
		return call(ACCEL_QAIC_IOCTL_PERF_STATS_BO, argument);
	}
	/// Returns 0 and the channel, or -errno.
	int activate(uint32_t entries, uint32_t *channel)
	{
		accel_qaic_activate activate = {};

		activate.header = {ACCEL_QAIC_TRANSACTION_TYPE_ACTIVATE_FROM_USER,
				   sizeof(activate)};
		activate.queue_size = entries;
		std::vector<std::byte> message = bytes_of(activate);
		uint32_t count = 1;
		const int r = manage(message, count);
		accel_qaic_activate_answer answer = {};

		memcpy(&answer, message.data(), std::min(sizeof(answer), message.size()));
		*channel = answer.dbc_id;
		return r;
	}
	/// Deactivates a channel, and requests the same from the firmware.
	int deactivate(uint32_t channel, bool ask = true)
	{
		accel_qaic_deactivate deactivate = {};
		accel_qaic_passthrough passthrough = {};

		deactivate.header = {ACCEL_QAIC_TRANSACTION_TYPE_DEACTIVATE_FROM_USER,
				     sizeof(deactivate)};
		deactivate.dbc_id = channel;
		passthrough.header = {ACCEL_QAIC_TRANSACTION_TYPE_PASSTHROUGH_FROM_USER,
				      sizeof(passthrough)};
		std::vector<std::byte> message = bytes_of(deactivate);
		uint32_t count = 1;
		if (ask) {
			std::vector<std::byte> more = bytes_of(passthrough);
			message.insert(message.end(), more.begin(), more.end());
			count = 2;
		}
		return manage(message, count);
	}
	void *map(uint32_t handle, size_t size = kPage)
	{
		accel_qaic_mmap_bo argument{handle, 0, 0};
		void *at = nullptr;

		EXPECT_EQ(call(ACCEL_QAIC_IOCTL_MMAP_BO, argument), 0);
		EXPECT_EQ(sys::mmap(&at, nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
				    static_cast<off_t>(argument.offset)),
			  0);
		return at;
	}

	uint32_t make_channel(uint32_t entries = 64)
	{
		uint32_t channel = UINT32_MAX;

		EXPECT_EQ(activate(entries, &channel), 0);
		return channel;
	}
	uint32_t make_buffer(uint64_t size = kPage)
	{
		uint32_t handle = 0;

		EXPECT_EQ(create(size, &handle), 0);
		return handle;
	}
	/// Creates a buffer whose @size bytes are sent to or read from @address.
	uint32_t make_sliced(uint32_t channel, uint64_t address = 0x100000,
			     uint32_t direction = ACCEL_QAIC_DATA_DIRECTION_TO_DEVICE,
			     uint64_t size = kPage)
	{
		const uint32_t handle = make_buffer(size);
		accel_qaic_slice slice = {};

		slice.size = size;
		slice.dev_addr = address;
		EXPECT_EQ(attach(handle, channel, direction, {&slice, 1}), 0);
		return handle;
	}

	template <class T>
	static std::vector<std::byte> bytes_of(const T &value)
	{
		auto bytes = std::as_bytes(std::span(&value, 1));
		return {bytes.begin(), bytes.end()};
	}

	int fd;
};

} // namespace accel::core::mock
