// SPDX-License-Identifier: MIT
// A mock of the kernel's qaic driver with an AIC100 behind it.
#pragma once

#include "mock/device.hpp"
#include "mock/qaic/bridge.hpp"

namespace accel::core::mock {

struct QaicOptions {
	unsigned number = 0;		      // accelN
	std::string address = "0000:03:00.0"; // on the PCI bus
	uint64_t buffer_ns = 20'000;	      // how long a queued buffer takes
	uint64_t jiffy_ns = 4'000'000;	      // a tick of the kernel's clock, the shortest wait
	uint64_t default_timeout_ms = ACCEL_QAIC_DEFAULT_TIMEOUT_MS;
	uint64_t control_ns = 0; // how long the firmware takes to answer
	uint64_t control_timeout_ms = ACCEL_QAIC_CONTROL_TIMEOUT_MS;
	uint32_t fifo_entries = 0; // of a channel's queue; 0: what its activation asks for
	uint64_t most_buffer_bytes = 1ull << 34; // a greater buffer finds no memory
	/// What a workload would do with the bytes of the device before they are read. A stand-in: no
	/// code of the device is executed.
	QaicBridge::Transform transform;
	/// When the device is removed, a sleeping WAIT_BO gets EPERM and a sleeping MANAGE gets EIO, as from the
	/// driver; only later calls get ENODEV. Without it both get ENODEV.
	bool removal_as_driver = true;
	/// execute, partial-execute and wait return 0 at once, perf-stats says that all is done. No lock
	/// is taken, and arguments are trusted: for measuring, with KernelOptions::null_kernel.
	bool null_execute = false;
};

/// What a driver that is broken may answer. The objects behind it are right.
enum class QaicLie {
	none,
	answer_count,  // manage: more transactions than there are bytes for
	answer_length, // manage: more bytes than a message can have
	item_length,   // manage: a transaction of no bytes
	item_type,     // manage: an unknown transaction
	channel,       // manage: a channel that no device has
	status,	       // manage: a status that is not 0, in a call that succeeds
	handle,	       // create-bo: no handle
	map_offset,    // mmap-bo: an offset that is no multiple of a page
	latency,       // perf-stats: the greatest numbers there are
	wait_result,   // wait-bo: a positive number
};

class QaicDevice : public MockDevice {
public:
	explicit QaicDevice(QaicOptions options = {});

	std::expected<std::unique_ptr<MockFile>, int> open(int flags) override;

	/// The device executes nothing until resume().
	void pause();
	void resume();
	/// Before it is online, and in a reset: opening and every call fail with ENODEV.
	void set_online(bool online);
	/// The part of the device that serves a channel crashes, which ends the channel. A sleeping WAIT_BO gets
	/// EPIPE, and so does every call on a channel of this number that is activated before recover().
	void crash(uint32_t channel);
	void recover();
	/// The firmware answers nothing, so that manage times out.
	void silence(bool silent);
	/// What later answers say.
	void lie(QaicLie lie);

	/// Bytes of the device's memory.
	std::vector<std::byte> device_bytes(uint64_t address, size_t size) const;
	/// Channels that an open file has; buffers that are queued in them.
	unsigned channels_in_use() const;
	size_t queued() const;
	/// The last memory that a dma-transfer transaction has sent.
	std::vector<std::byte> last_transfer() const;

private:
	friend class QaicFile;

	void on_remove() override;
	void end_channels(); // the lock is held
	void add_attributes();

	const QaicOptions options_;
	QaicBridge bridge_;
	bool online_ = true;
	bool silent_ = false;
	uint32_t crashed_ = UINT32_MAX;
	QaicLie lie_ = QaicLie::none;
	uint64_t next_map_offset_ = 0x100000000;
	std::map<uint64_t, std::weak_ptr<QaicBuffer>> by_offset_;
	std::vector<std::byte> last_transfer_;
};

} // namespace accel::core::mock
