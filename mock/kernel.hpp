// SPDX-License-Identifier: MIT
// The mock kernel: its table of system calls replaces the real one while it exists.
#pragma once

#include "mock/account.hpp"
#include "mock/device.hpp"
#include "mock/files.hpp"
#include "mock/mappings.hpp"

#include "sys/sys.hpp"

struct pollfd;

namespace accel::core::mock {

struct KernelOptions {
	/// No call is counted or made to fail, and uses of a file are not counted: an ioctl then takes no lock and
	/// writes nothing that two threads share. For measurements; a file must not be closed while another thread uses
	/// it.
	bool null_kernel = false;
};

/// The objects that a program has not freed.
struct Leaks {
	size_t files = 0;    // open, or kept by a mapping
	size_t mappings = 0; // ranges of mapped memory
	size_t handles = 0;  // objects of open files
	std::string text;    // one line for each kind; "" if there are none

	bool none() const { return !files && !mappings && !handles; }
};

/// Installs itself in sys::calls; the destructor restores the previous table. Create and destroy it while no other
/// thread makes system calls. In between all members are thread-safe.
class MockKernel {
public:
	explicit MockKernel(KernelOptions options = {});
	~MockKernel();
	MockKernel(const MockKernel &) = delete;
	MockKernel &operator=(const MockKernel &) = delete;

	/// Adds the device's node and sysfs files.
	void add(std::shared_ptr<MockDevice> device);
	/// Removes it like an unplugged device: calls MockDevice::remove() and notifies the watchers.
	void remove(const std::shared_ptr<MockDevice> &device);
	/// The devices that are present.
	std::vector<NodeInfo> nodes() const;
	/// Called after each add() and remove() by the same thread.
	void watch(std::function<void(const NodeInfo &, bool there)> watcher);

	/// Counts of calls, and calls that must fail.
	Account &account() { return account_; }
	/// Ends every wait in every device with EINTR.
	void interrupt();

	Leaks leaks() const;

private:
	friend struct Route;

	int open(const char *path, int flags);
	int open_node(const std::shared_ptr<MockDevice> &device, int flags);
	int open_attribute(const MockDevice::Attribute &attribute, int flags);
	int close(int fd);
	int ioctl(int fd, unsigned long request, void *argument);
	long mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset);
	int munmap(void *address, size_t length);
	int fstat(int fd, struct stat *out);
	int dup(int fd);
	ssize_t read(int fd, void *to, size_t length);
	ssize_t write(int fd, const void *from, size_t length);
	int poll(pollfd *fds, unsigned count, int timeout_ms);
	/* Polls the descriptors of mock files; returns how many have an event. */
	static int poll_mock(pollfd *fds, const std::vector<FileUse> &files);
	int access(const char *path, int mode);
	int store64(void *portal, const void *descriptor, sys::Store64 how);

	/* The meaning of a path: a node, a file, an absent file in the folder of a device, or not the mock's. */
	struct Place {
		std::shared_ptr<MockDevice> device;
		const MockDevice::Attribute *attribute = nullptr;
		bool node = false;
	};
	Place find(const char *path) const;
	int enter(Call kind, unsigned long request = 0)
	{
		return options_.null_kernel ? 0 : account_.enter(kind, request);
	}

	const KernelOptions options_;
	const sys::Calls *previous_;
	MockKernel *shadowed_;
	Account account_;
	FileTable files_;
	Mappings mappings_;
	mutable std::mutex mutex_; // guards the members below
	std::vector<std::shared_ptr<MockDevice>> devices_;
	std::vector<std::function<void(const NodeInfo &, bool)>> watchers_;
};

} // namespace accel::core::mock
