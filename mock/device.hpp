// SPDX-License-Identifier: MIT
// What a mock device is to the mock kernel: a node with sysfs files, and what its open files do.
#pragma once

#include "mock/memory.hpp"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <sys/types.h>

namespace accel::core::mock {

/// Where a device is found. What discovery asks of udev stands here, because udev is not mocked.
struct NodeInfo {
	std::string subsystem; // "accel"
	std::string name;      // "accel0"
	std::string node;      // "/dev/accel/accel0", "" for a device without one
	std::string syspath;   // "/sys/devices/.../accel0"
	std::string driver;    // "qaic"
	unsigned major = 0;
	unsigned minor = 0;
	int access =
		0; // errno with which opening the node fails, as of EACCES or ENOENT; 0: it does not
};

struct MapRequest {
	size_t length;
	int protection;
	int flags;
	off_t offset;
};

/// The pages that a mapping gets.
struct MapTarget {
	std::shared_ptr<const Memory> memory;
	off_t offset = 0;
};

class MockDevice;

/// One open file of a device. The kernel calls it from any thread, also at the same time; its
/// destructor is the release, which comes after the last call, mapping and duplicate. Pointers are
/// the program's: use user.hpp. Each call returns -errno on failure.
class MockFile {
public:
	virtual ~MockFile() = default;

	virtual int ioctl(unsigned long request, void *argument);
	virtual ssize_t read(void *to, size_t length);
	virtual ssize_t write(const void *from, size_t length);
	/// Says which pages the mapping gets.
	virtual int map(const MapRequest &request, MapTarget *target);
	/// The events of @events that are there now, without waiting.
	virtual short poll(short events);
	/// 64 bytes that the program stores in one piece to @offset of a mapping of the file; @asked: it wants to
	/// know whether the device took them. 0 or -EAGAIN. On a file without a portal the program would fault.
	virtual int store64(off_t offset, const void *descriptor, bool asked);
	/// Objects that the program has made and not freed.
	virtual size_t live_handles() const { return 0; }
};

/// One device. remove() and interrupt() may come at any moment from any thread. It is
/// always owned by a shared_ptr.
class MockDevice : public std::enable_shared_from_this<MockDevice> {
public:
	using Attribute = std::function<std::string()>;
	using Lock = std::unique_lock<std::mutex>;

	explicit MockDevice(NodeInfo info) : info_(std::move(info)) {}
	virtual ~MockDevice() = default;
	MockDevice(const MockDevice &) = delete;
	MockDevice &operator=(const MockDevice &) = delete;

	const NodeInfo &info() const { return info_; }
	/// A new open file, or -errno. @flags are those of open().
	virtual std::expected<std::unique_ptr<MockFile>, int> open(int flags) = 0;

	/// The device disappears: its paths are gone, and every wait ends. What calls on open files answer then is
	/// their driver's matter, as in the kernel.
	void remove();
	bool removed() const { return removed_.load(std::memory_order_acquire); }
	/// Every wait in progress ends with EINTR, as if its thread had got a signal.
	void interrupt();
	/// Threads that sleep in the device now.
	unsigned sleepers() const;

	/// A sysfs file; @name is relative to the syspath ("device/vendor"). Before the device is added.
	void add_attribute(std::string name, Attribute content);
	void add_attribute(std::string name, std::string content);
	/// The content of a file, or null.
	const Attribute *attribute(const std::string &name) const;

protected:
	/// Sleeps until @ready, which is called with the lock held. 0; -ENODEV: removed; -EINTR;
	/// -ETIMEDOUT: the CLOCK_MONOTONIC time @deadline_ns is over (UINT64_MAX: never).
	int wait(Lock &lock, uint64_t deadline_ns, const std::function<bool()> &ready);
	/// As wait(), and returns 0 at @look_ns, too, for a state that changes with the time alone.
	int wait_until(Lock &lock, uint64_t deadline_ns, uint64_t look_ns,
		       const std::function<bool()> &ready);
	/// Wakes those who wait; the lock is held.
	void changed() { changed_->notify_all(); }
	/// In a forked child, before it waits: those who waited at the fork are threads of the parent, and waking them
	/// would wait for them. The lock is held.
	void forget_waiters();
	/// Called by remove() first, without the lock: ends what the device does to the memory of the program.
	virtual void quiesce() {}
	/// Called by remove() with the lock held, once.
	virtual void on_remove() {}

	/// Guards the device's state.
	mutable std::mutex mutex_;

private:
	NodeInfo info_;
	std::map<std::string, Attribute> attributes_;
	std::unique_ptr<std::condition_variable> changed_ =
		std::make_unique<std::condition_variable>();
	std::atomic<bool> removed_ = false;
	uint64_t interrupts_ = 0;
	unsigned sleepers_ = 0;
};

} // namespace accel::core::mock
