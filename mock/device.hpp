// SPDX-License-Identifier: MIT
// The interface of a mock device to the mock kernel: a node with sysfs files, and the operations of its open files.
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

/// The identity of a device. Contains what discovery needs from udev, because udev is not mocked.
struct NodeInfo {
	std::string subsystem; // "accel"
	std::string name;      // "accel0"
	std::string node;      // "/dev/accel/accel0", "" for a device without one
	std::string syspath;   // "/sys/devices/.../accel0"
	std::string driver;    // "qaic"
	unsigned major = 0;
	unsigned minor = 0;
	int access =
		0; // errno with which opening the node fails, such as EACCES or ENOENT; 0: it succeeds
};

struct MapRequest {
	size_t length;
	int protection;
	int flags;
	off_t offset;
};

/// The pages of a mapping.
struct MapTarget {
	std::shared_ptr<const Memory> memory;
	off_t offset = 0;
};

class MockDevice;

/// One open file of a device. The kernel calls it from any thread, also concurrently; its destructor is the release,
/// which runs after the last call, mapping and duplicate. Pointers are the program's: use user.hpp. Each call returns
/// -errno on failure.
class MockFile {
public:
	virtual ~MockFile() = default;

	virtual int ioctl(unsigned long request, void *argument);
	virtual ssize_t read(void *to, size_t length);
	virtual ssize_t write(const void *from, size_t length);
	/// Selects the pages of a mapping.
	virtual int map(const MapRequest &request, MapTarget *target);
	/// The events of @events that are pending, without waiting.
	virtual short poll(short events);
	/// 64 bytes that the program stores at once to @offset of a mapping of the file; @asked: the program needs to
	/// know whether the device took them. Returns 0 or -EAGAIN. On a file without a portal the program would fault.
	virtual int store64(off_t offset, const void *descriptor, bool asked);
	/// The number of objects that the program has created and not freed.
	virtual size_t live_handles() const { return 0; }
};

/// One device. remove() and interrupt() may be called at any time by any thread. Always owned by a shared_ptr.
class MockDevice : public std::enable_shared_from_this<MockDevice> {
public:
	using Attribute = std::function<std::string()>;
	using Lock = std::unique_lock<std::mutex>;

	explicit MockDevice(NodeInfo info) : info_(std::move(info)) {}
	virtual ~MockDevice() = default;
	MockDevice(const MockDevice &) = delete;
	MockDevice &operator=(const MockDevice &) = delete;

	const NodeInfo &info() const { return info_; }
	/// Returns a new open file, or -errno. @flags are those of open().
	virtual std::expected<std::unique_ptr<MockFile>, int> open(int flags) = 0;

	/// Removes the device: its paths disappear, and every wait ends. As in the kernel, the driver determines the
	/// results of later calls on open files.
	void remove();
	bool removed() const { return removed_.load(std::memory_order_acquire); }
	/// Every wait in progress ends with EINTR, as if its thread had received a signal.
	void interrupt();
	/// The number of threads that sleep in the device now.
	unsigned sleepers() const;

	/// Adds a sysfs file; @name is relative to the syspath ("device/vendor"). Call it before the device is added.
	void add_attribute(std::string name, Attribute content);
	void add_attribute(std::string name, std::string content);
	/// Returns the content of a file, or null.
	const Attribute *attribute(const std::string &name) const;

protected:
	/// Sleeps until @ready, which is called with the lock held. Returns 0; -ENODEV after removal; -EINTR;
	/// -ETIMEDOUT after the CLOCK_MONOTONIC time @deadline_ns (UINT64_MAX: never).
	int wait(Lock &lock, uint64_t deadline_ns, const std::function<bool()> &ready);
	/// As wait(), but also returns 0 at @check_ns, for a state that changes with time alone.
	int wait_until(Lock &lock, uint64_t deadline_ns, uint64_t check_ns,
		       const std::function<bool()> &ready);
	/// Wakes all waiting threads; the lock is held.
	void changed() { changed_->notify_all(); }
	/// In a forked child, before it waits: the threads that waited at the fork exist only in the parent, and
	/// notifying the inherited condition variable would wait for them. The lock is held.
	void forget_waiters();
	/// remove() calls this first, without the lock: ends the device's accesses to the memory of the program.
	virtual void quiesce() {}
	/// remove() calls this once, with the lock held.
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
