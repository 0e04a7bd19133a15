// SPDX-License-Identifier: MIT
// What a provider implements of an open device: Backend, and QueueBackend for its queues.
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

/// What queue.create asks for. @driver: the options of the provider's own header, or empty.
struct QueueRequest {
	uint64_t space;
	uint32_t entries;
	uint64_t flags;
	std::optional<uint64_t> event;
	std::optional<accel_fence> completion_fence;
	std::span<const std::byte> driver;
};

/// A queue as a provider made it. kick() and progress() are called without the lock of the device: the queue's own
/// gate keeps them out once the queue or the device ends, and shut() waits until none of them is inside. The
/// destructor frees the memory; it is right at any time after shut(), also after the device was closed and in
/// a forked child.
class QueueBackend {
public:
	virtual ~QueueBackend() = default;
	QueueBackend(const QueueBackend &) = delete;
	QueueBackend &operator=(const QueueBackend &) = delete;

	/// The ring that the process posts to.
	virtual ring::RingMemory ring() const = 0;
	/// What the ring calls. By default the doorbell, which is kick(): the device completes by itself.
	virtual ring::Hooks hooks() noexcept;
	/// The queue's name in the uABI: what accel_queue_handle() returns.
	virtual uint64_t handle() const = 0;

	/// The device sleeps, or looks at no ring, and there is work. Nobody hears of a failure: an entry that is
	/// refused completes as refused.
	virtual void kick() noexcept {}
	/// Moves finished work into the ring; waits for some until @deadline_ns. See accel_ring.progress.
	virtual int progress(uint64_t deadline_ns) noexcept;
	/// A file to poll for completions. Belongs to the queue.
	virtual Result<int> poll_fd();
	/// What signals when the entry @sequence has completed.
	virtual Result<accel_fence> fence(uint64_t sequence);

	virtual Result<void> resume();
	virtual Result<accel_queue_info> query() = 0;
	/// Ends the queue on the device.
	virtual Result<void> destroy() = 0;

	/// Lets no call in any more and waits until none is inside.
	void shut() noexcept { gate_.shut(); }

protected:
	QueueBackend() = default;

	/// The hooks, through the gate; @context is the QueueBackend.
	static void doorbell(void *context) noexcept;
	static int enter_progress(void *context, uint64_t deadline_ns) noexcept;

	Gate gate_;
};

/// An open device. Objects are numbers that the backend chose. Every operation is thread-safe, may be called until
/// close(), and is "not supported" until a provider overrides it; the text then has the reason given here. Core
/// checks nothing that the device checks: wrong values reach the operation.
class Backend : public Operations {
public:
	/// Ends the use of the device, once: it forgets every object. Memory that was mapped stays until
	/// unmap_memory(). In a child process after fork() abandon() is called in its place: it frees what this
	/// process has (file descriptors, memory) and does not touch the device, which is the parent's.
	virtual void close() noexcept {}
	virtual void abandon() noexcept {}
	/// The open file of the device, for calls that a provider's header makes; -1: it has none.
	virtual int fd() const noexcept { return -1; }

	/// Maps @size bytes at an offset that a map-offset output named. 0 or -errno.
	virtual int map_memory(uint64_t offset, uint64_t size, void **memory) noexcept;
	/// Unmaps what map_memory() mapped; also after close().
	virtual void unmap_memory(void *address, uint64_t size) noexcept;

	/// One message of the attribute uABI as it is: 0 or a negative errno, answers in the message.
	virtual int call(accel_call &message) noexcept;
	/// Reports each message from now on as text; a null @fn ends it.
	virtual Result<void> trace(accel_trace_fn fn, void *context);

	/// buffer.create with the options of the provider's own header; refuses options by default.
	virtual Result<BufferCreateOut> create_buffer(const BufferCreateIn &in,
						      std::span<const std::byte> driver);
	virtual Result<std::unique_ptr<QueueBackend>> create_queue(const QueueRequest &request);

protected:
	using Operations::Operations;

	/// The failure of @what ("queue options") that this device does not take.
	std::unexpected<Failure> no_driver_options(const char *what) const;
};

/// Answers @message with @failure, as a device would: fills the caller's error record, returns the errno.
int answer(const accel_call &message, const Failure &failure) noexcept;

} // namespace accel::core
