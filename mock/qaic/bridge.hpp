// SPDX-License-Identifier: MIT
// The DMA bridge of a mock AIC100: channels, their queues, and the device's memory. It moves bytes and executes no
// workload; a function of the test may replace the bytes.
#pragma once

#include "mock/memory.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <uapi/accel/qaic.h>
#include <vector>

namespace accel::core::mock {

/// A buffer object of the driver.
struct QaicBuffer {
	std::shared_ptr<Memory> memory;
	uint64_t map_offset = 0;
	bool imported = false;

	/* Set by attach-slice. */
	bool sliced = false;
	uint32_t channel = 0;
	uint32_t direction = 0;
	std::vector<accel_qaic_slice> slices;

	/* Set by the execution. */
	bool queued = false;
	bool done = true; // condition of wait-bo
	uint64_t moved =
		UINT64_MAX; // bytes from the start that are moved: resize of partial-execute
	uint64_t finish_ns = 0;

	/* Times of the last execution, for perf-stats. */
	uint64_t received_ns = 0;
	uint64_t submitted_ns = 0;
	uint64_t processed_ns = 0;
	uint32_t level = 0;
};
using QaicBufferRef = std::shared_ptr<QaicBuffer>;

/// A DMA-bridge channel as in the driver.
struct QaicChannel {
	const void *owner = nullptr; // the open file that may use it
	bool in_use = false;	     // from its activation until it is released
	uint32_t entries = 0;	     // of its queue, one of which stays empty
	uint32_t used = 0;
	unsigned waiters = 0; // calls in wait-bo
	uint64_t last_finish_ns = 0;
	std::deque<QaicBufferRef> queue;
	std::vector<QaicBufferRef> sliced;
	accel_qaic_dbc_state state = ACCEL_QAIC_DBC_STATE_IDLE;
};

/// The device's memory: all addresses exist; bytes that were never written are zero.
class DeviceMemory {
public:
	void write(uint64_t address, std::span<const std::byte> from);
	void read(uint64_t address, std::span<std::byte> to) const;

private:
	static constexpr uint64_t kPage = 4096;
	using Page = std::array<std::byte, kPage>;

	std::map<uint64_t, std::unique_ptr<Page>> pages_;
};

/// Not thread-safe: the caller holds the device's lock. Has no thread: progress() executes every buffer whose time has
/// passed, when a call reads the state, so that every run is the same.
class QaicBridge {
public:
	using Transform = std::function<void(uint64_t address, std::span<std::byte> bytes)>;

	/// Each buffer takes @buffer_ns; @transform changes the bytes that the device sends.
	QaicBridge(uint64_t buffer_ns, Transform transform)
		: buffer_ns_(buffer_ns), transform_(std::move(transform))
	{}

	std::array<QaicChannel, ACCEL_QAIC_DBC_COUNT> channels;

	/// Appends a buffer to the queue. Returns 0, -EINVAL (not sliced, too small, queued) or -EAGAIN.
	int enqueue(QaicChannel &channel, const QaicBufferRef &buffer, uint64_t moved);
	/// Removes the last @count buffers again. As in the driver, a wait for one of them then ends only when it is
	/// executed or detached, or at its timeout.
	void undo(QaicChannel &channel, size_t count);
	/// Submits the last @count buffers to the device.
	void commit(QaicChannel &channel, size_t count, uint64_t received_ns, uint64_t now_ns);

	/// Executes the buffers that are complete at @now_ns; true if there were any.
	bool progress(uint64_t now_ns);
	/// Returns the time at which the next buffer completes, or UINT64_MAX.
	uint64_t next_finish() const;
	void pause(uint64_t now_ns);
	void resume(uint64_t now_ns);

	void detach(const QaicBufferRef &buffer);
	/// Empties the queue without executing it.
	void empty(QaicChannel &channel);
	/// Releases a channel: its queue, and the slices of its buffers.
	void release(QaicChannel &channel);

	DeviceMemory memory;

private:
	void execute(const QaicBuffer &buffer);
	void move(const QaicBuffer &buffer, const accel_qaic_slice &slice, uint64_t bytes);

	uint64_t buffer_ns_;
	Transform transform_;
	bool paused_ = false;
};

} // namespace accel::core::mock
