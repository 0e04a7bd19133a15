// SPDX-License-Identifier: MIT
// The interface that a provider implements for an open device: Backend, and QueueBackend for its queues.
#pragma once

#include "base/failure.hpp"
#include "base/result.hpp"
#include "core/gate.hpp"
#include "ring/user_ring.hpp"

#include <accel/accel.h>
#include <accel/uabi/operations.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

namespace accel::core {

/// The request of queue.create. @driver: the options of the provider's own header, or empty.
struct QueueRequest {
	uint64_t space;
	uint32_t entries;
	uint64_t flags;
	std::optional<uint64_t> event;
	std::optional<accel_fence> completion_fence;
	std::span<const std::byte> driver;
};

/// A queue of a provider. kick() and progress() are called without the lock of the device: the gate of the queue
/// refuses them once the queue is destroyed or the device is closed, and shut() waits until none of them is inside. The
/// destructor frees the memory; it may run at any time after shut(), also after the device was closed and in a forked
/// child.
class QueueBackend {
public:
	virtual ~QueueBackend() = default;
	QueueBackend(const QueueBackend &) = delete;
	QueueBackend &operator=(const QueueBackend &) = delete;

	/// The ring that the process publishes to.
	virtual ring::RingMemory ring() const = 0;
	/// The hooks of the ring. By default only the doorbell, which is kick(): the device itself completes entries.
	virtual ring::Hooks hooks() noexcept;
	/// The handle of the queue in the uABI, which accel_queue_handle() returns.
	virtual uint64_t handle() const = 0;

	/// Called when the device sleeps, or polls no ring, and entries are published. Cannot report a failure: a
	/// refused entry completes as refused.
	virtual void kick() noexcept {}
	/// Moves finished work into the ring; waits for some until @deadline_ns. See accel_ring.progress.
	virtual int progress(uint64_t deadline_ns) noexcept;
	/// A file to poll for completions. Owned by the queue.
	virtual Result<int> poll_fd();
	/// A fence that is signalled when the entry @sequence has completed.
	virtual Result<accel_fence> fence(uint64_t sequence);

	virtual Result<void> resume();
	virtual Result<accel_queue_info> query() = 0;
	/// Destroys the queue on the device.
	virtual Result<void> destroy() = 0;

	/// Refuses further calls and waits until none is inside.
	void shut() noexcept { gate_.shut(); }

protected:
	QueueBackend() = default;

	/// The hooks, through the gate; @context is the QueueBackend.
	static void doorbell(void *context) noexcept;
	static int enter_progress(void *context, uint64_t deadline_ns) noexcept;

	Gate gate_;
};

/// An open device. Handles are numbers that the backend chooses. Every operation is thread-safe, may be called until
/// close(), and fails with "not supported" until a provider overrides it; the text then has the reason given here. Core
/// repeats no check of the device: wrong values reach the operation.
class Backend : public Operations {
public:
	/// Closes the device, once: it destroys every object. Mapped memory stays until unmap_memory(). A child process
	/// after fork() calls abandon() instead: it frees the resources of this process (file descriptors, memory) and
	/// does not access the device, which belongs to the parent.
	virtual void close() noexcept {}
	virtual void abandon() noexcept {}
	/// The open file of the device, for ioctls of a provider's header; -1: it has none.
	virtual int fd() const noexcept { return -1; }

	/// Maps @size bytes at an offset that a map-offset output returned. 0 or -errno.
	virtual int map_memory(uint64_t offset, uint64_t size, void **memory) noexcept;
	/// Unmaps memory that map_memory() mapped; also after close().
	virtual void unmap_memory(void *address, uint64_t size) noexcept;

	/// Delivers one message of the attribute uABI unchanged: 0 or a negative errno, outputs in the message.
	virtual int call(accel_call &message) noexcept;
	/// Reports each message from now on as text; a null @fn stops it.
	virtual Result<void> trace(accel_trace_fn fn, void *context);

	/// buffer.create with the options of the provider's own header; refuses options by default.
	virtual Result<BufferCreateOut> create_buffer(const BufferCreateIn &in,
						      std::span<const std::byte> driver);
	virtual Result<std::unique_ptr<QueueBackend>> create_queue(const QueueRequest &request);

protected:
	using Operations::Operations;

	/// The failure for @what ("queue options") that this device does not accept.
	std::unexpected<Failure> no_driver_options(const char *what) const;
};

/// Answers @message with @failure, as a device would: fills the caller's error record, with the object and the method
/// of the message, and returns the errno. Accesses no byte of @message after the size that its header states.
int answer(const accel_call &message, const Failure &failure) noexcept;

} // namespace accel::core
