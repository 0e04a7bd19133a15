// SPDX-License-Identifier: MIT
// An open device: who may still use it, and the way from every object to its provider.
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

/// Holds the backend. Every operation of the device and of what was made from it goes through use(), which refuses a
/// forked child and a closed device, and holds close() back while it runs. What a queue's ring calls does not: it has a
/// gate of its own (QueueBackend), so that queues share no word.
class Device final : public Counted {
public:
	static Result<Ref<Device>> open(const Provider &provider, const DeviceEntry &entry);

	/// From now on every operation answers ENODEV, and every wait ends with it. The memory of queues and buffers
	/// stays.
	void close() noexcept;

	const std::string &name() const { return name_; }
	const char *provider() const { return provider_.name(); }

	/// Why the device cannot be used, if so; without a lock.
	Result<void> check() const
	{
		if (forked())
			return std::unexpected(forked_failure());
		if (closed_.load(std::memory_order_acquire))
			return std::unexpected(closed_failure());
		return {};
	}

	/// Run @op, which takes a Backend & and returns some Result.
	template <class Op>
	std::invoke_result_t<Op, Backend &> use(Op op)
	{
		/* Before the lock: another thread of the parent may have held it at the fork. */
		if (forked())
			return std::unexpected(forked_failure());
		std::shared_lock lock(mutex_);

		if (closed_)
			return std::unexpected(closed_failure());
		return op(*backend_);
	}

	/// Run @op, which destroys something. Where the device is closed or gone, or where this is a forked child,
	/// nothing is left for it to destroy, and that is a success.
	template <class Op>
	Result<void> end(Op op)
	{
		if (forked())
			return {};
		std::shared_lock lock(mutex_);

		if (closed_)
			return {};
		Result<void> ended = op(*backend_);
		if (!ended && ended.error().code == -ENODEV)
			return {};
		return ended;
	}

	/// One message, as it is.
	int call(accel_call &message) noexcept;
	/// The open file of the device; -1: it has none, or it is closed.
	int fd() noexcept;
	/// Unmaps memory that the backend mapped; right at any time, also in a forked child.
	void unmap_memory(void *address, uint64_t size) noexcept
	{
		backend_->unmap_memory(address, size);
	}

	/// The failure of an operation after the device disappeared.
	Failure gone_failure() const noexcept;

	/// close() ends the waits of @queue from now on, until remove().
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

/// Fails with ENOENT if @other, the device of @what ("event"), is not @device.
Result<void> same_device(const Device &device, const Device &other, const char *what);

} // namespace accel::core
