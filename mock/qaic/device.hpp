// SPDX-License-Identifier: MIT
// A mock of the kernel's qaic driver with an AIC100.
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
	uint64_t most_buffer_bytes = 1ull << 34; // a larger buffer is -ENOMEM
	/// Replaces the effect of a workload on the bytes of the device before they are read; no code of the device is
	/// executed.
	QaicBridge::Transform transform;
	/// As in the driver, removal ends a sleeping WAIT_BO with EPERM and a sleeping MANAGE with EIO; only later
	/// calls fail with ENODEV. If false, both fail with ENODEV.
	bool removal_as_driver = true;
	/// execute, partial-execute and wait return 0 at once, perf-stats reports that all entries have ended. No lock
	/// is taken, and arguments are not checked: for measurements, with KernelOptions::null_kernel.
	bool null_execute = false;
};

/// The wrong answers of a broken driver. The objects themselves are correct.
enum class QaicLie {
	none,
	answer_count,  // manage: more transactions than fit into the bytes
	answer_length, // manage: more bytes than a message can have
	item_length,   // manage: a transaction of no bytes
	item_type,     // manage: an unknown type of transaction
	channel,       // manage: a channel number that does not exist
	status,	       // manage: a status that is not 0, in a call that succeeds
	handle,	       // create-bo: no handle
	map_offset,    // mmap-bo: an offset that is no multiple of a page
	latency,       // perf-stats: the largest possible numbers
	wait_result,   // wait-bo: a positive number
};

class QaicDevice : public MockDevice {
public:
	explicit QaicDevice(QaicOptions options = {});

	std::expected<std::unique_ptr<MockFile>, int> open(int flags) override;

	/// Executes nothing until resume().
	void pause();
	void resume();
	/// Offline means starting or in a reset: opening and every call fail with ENODEV.
	void set_online(bool online);
	/// The part of the device that serves a channel crashes, which ends the channel. A sleeping WAIT_BO fails with
	/// EPIPE, and so does every call on a channel of this number that is activated before recover().
	void crash(uint32_t channel);
	void recover();
	/// The firmware does not answer, so manage times out.
	void silence(bool silent);
	/// Selects the wrong answers of later calls.
	void lie(QaicLie lie);

	/// Returns bytes of the device's memory.
	std::vector<std::byte> device_bytes(uint64_t address, size_t size) const;
	/// The number of channels of all open files; of buffers that are queued in them.
	unsigned channels_in_use() const;
	size_t queued() const;
	/// The memory that the last dma-transfer transaction has sent.
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
