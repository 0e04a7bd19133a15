// SPDX-License-Identifier: MIT
// An open device: refuses use after close() and after fork(), and connects each object to its provider.
#pragma once

#include "base/failure.hpp"
#include "core/provider.hpp"
#include "core/ref.hpp"
#include "sys/sys.hpp"

#include <atomic>
#include <shared_mutex>
#include <string>
#include <type_traits>

namespace accel::core {

class Queue;

/// Holds the backend. Every operation of the device and of its objects goes through use(), which refuses a forked child
/// and a closed device, and blocks close() while it runs. The hooks of a queue's ring do not: QueueBackend has a gate
/// of its own, so that queues share no word.
class Device final : public Counted {
public:
	static Result<Ref<Device>> open(const Provider &provider, const DeviceEntry &entry);

	/// From now on every operation fails with ENODEV, and every wait ends with it. The memory of queues and buffers
	/// stays mapped.
	void close() noexcept;

	const std::string &name() const { return name_; }
	const char *provider() const { return provider_.name(); }

	/// Fails if the device cannot be used; takes no lock.
	Result<void> check() const
	{
		if (forked())
			return std::unexpected(forked_failure());
		if (closed_.load(std::memory_order_acquire))
			return std::unexpected(closed_failure());
		return {};
	}

	/// Runs @op, which takes a Backend & and returns a Result.
	template <class Op>
	std::invoke_result_t<Op, Backend &> use(Op op)
	{
		/* Before the lock: another thread of the parent may have held it during fork(). */
		if (forked())
			return std::unexpected(forked_failure());
		std::shared_lock lock(mutex_);

		if (closed_)
			return std::unexpected(closed_failure());
		return op(*backend_);
	}

	/// Runs @op, which destroys an object. If the device is closed or gone, or this is a forked child, there is
	/// nothing to destroy, which is a success.
	template <class Op>
	Result<void> destroy_object(Op op)
	{
		if (forked())
			return {};
		std::shared_lock lock(mutex_);

		if (closed_)
			return {};
		Result<void> destroyed = op(*backend_);
		if (!destroyed && destroyed.error().code == -ENODEV)
			return {};
		return destroyed;
	}

	/// Delivers one message unchanged.
	int call(accel_call &message) noexcept;
	/// The open file of the device; -1: it has none, or it is closed.
	int fd() noexcept;
	/// Unmaps memory that the backend mapped; at any time, also in a forked child.
	void unmap_memory(void *address, uint64_t size) noexcept
	{
		backend_->unmap_memory(address, size);
	}

	/// The failure of an operation after the device disappeared.
	Failure gone_failure() const noexcept;

	/// From now on until remove(), close() ends the waits of @queue.
	void add(Queue &queue);
	void remove(Queue &queue) noexcept;

private:
	Device(const Provider &provider, const DeviceEntry &entry);
	~Device() override { close(); }

	bool forked() const noexcept { return generation_ != sys::process_generation(); }
	Failure forked_failure() const noexcept;
	Failure closed_failure() const noexcept;

	const Provider &provider_;
	const std::string name_;
	const uint64_t generation_;
	const int process_;
	std::unique_ptr<Backend> backend_;
	std::shared_mutex mutex_;
	std::atomic<bool> closed_ = false;
	std::mutex queues_mutex_; // taken after mutex_
	Queue *queues_ = nullptr; // a list through Queue::next_
};

/// Fails with ENOENT unless @other, the device of @what ("event"), is @device.
Result<void> same_device(const Device &device, const Device &other, const char *what);

} // namespace accel::core
