// SPDX-License-Identifier: MIT
// What a provider implements of an open device (Backend).
#pragma once

#include "base/result.hpp"
#include "core/failure.hpp"

#include <accel/accel.h>
#include <cstdint>
#include <memory>
#include <span>

namespace accel::core {

/// A buffer as a provider made it. @address is null where the memory is the caller's own.
struct BufferMemory {
	uint64_t handle;
	void *address;
	uint64_t size;
};

/// The memory that @buffer names from @offset on, or of the process at @address.
struct MapRequest {
	uint64_t space;
	void *address;	 // or null
	uint64_t buffer; // if address is null
	uint64_t offset;
	uint64_t length;
	uint64_t access;
	uint64_t fixed_iova; // 0: the device chooses
};

struct QueueRequest {
	uint64_t space;
	uint32_t entries;
	uint64_t flags;
	bool has_event;
	uint64_t event;
	uint32_t parallel;     // 0 and 1: one worker
	uint32_t inline_limit; // bytes; 0: the device's choice
};

/// A queue as a provider made it, with its ring mapped.
struct QueueMemory {
	uint64_t handle;
	void *memory;
	uint64_t size; // bytes mapped
	accel_ring_layout layout;
	/// The submit hook of struct accel_ring, good until unmap_memory(). Null: the device takes everything from the
	/// ring.
	bool (*submit)(void *context, uint64_t sequence, uint32_t count) = nullptr;
	void *submit_context = nullptr;
};

/// An open device. Objects are numbers that the backend chose. Every operation is thread-safe, may
/// be called until close(), and is "not supported" until a provider says otherwise; the text then
/// has the reason given here. Core checks nothing that the device checks: wrong values reach the
/// operation.
class Backend {
public:
	virtual ~Backend() = default;

	/// End the use of the device, once: it forgets every object. Memory that was mapped stays
	/// until unmap(). In a child process after fork() abandon() is called in its place: it
	/// gives back what this process has (file descriptors, memory) and does not touch the
	/// device, which is the parent's.
	virtual void close() noexcept {}
	virtual void abandon() noexcept {}
	/// Give back what create_buffer(), import_buffer() or create_queue() mapped; also right
	/// after close().
	virtual void unmap_memory(void *address, uint64_t size) noexcept;

	/// One message of the attribute uABI as it is: 0 or a negative errno, answers in the
	/// message.
	virtual int call(accel_call &message) noexcept;
	/// Report each message from now on as text; a null @fn ends it.
	virtual Result<void> trace(accel_trace_fn fn, void *context);
	virtual Result<accel_device_caps> query();

	virtual Result<uint64_t> create_address_space(uint32_t mode);
	virtual Result<void> destroy_address_space(uint64_t space);
	/// Returns where the device sees the memory.
	virtual Result<uint64_t> map(const MapRequest &request);
	virtual Result<void> unmap(uint64_t space, uint64_t iova, uint64_t length);
	virtual Result<accel_address_space_info> query_address_space(uint64_t space);

	virtual Result<BufferMemory> create_buffer(uint64_t size);
	virtual Result<BufferMemory> register_buffer(void *address, uint64_t length,
						     uint64_t access);
	virtual Result<BufferMemory> import_buffer(int fd);
	struct File {
		int fd;
		uint32_t kind;
	};
	virtual Result<File> export_buffer(uint64_t buffer);
	virtual Result<void> destroy_buffer(uint64_t buffer);

	virtual Result<uint64_t> create_event(int fd);
	virtual Result<void> destroy_event(uint64_t event);

	virtual Result<QueueMemory> create_queue(const QueueRequest &request);
	virtual Result<void> destroy_queue(uint64_t queue);
	/// The doorbell: the device sleeps and there is work. Nobody could hear of a failure.
	virtual void kick(uint64_t queue) noexcept;
	virtual Result<void> resume_queue(uint64_t queue);
	virtual Result<accel_queue_info> query_queue(uint64_t queue);

	virtual Result<uint64_t> create_command(uint32_t scope);
	virtual Result<void> destroy_command(uint64_t command);
	/// Returns the size of the answer. EMSGSIZE: record.maximum is the size that is needed.
	virtual Result<uint64_t> execute(uint64_t command, std::span<const std::byte> request,
					 std::span<std::byte> response);

protected:
	/// @lacks: why the operations that are not overridden are not to be had, as the end of a
	/// sentence; a literal.
	explicit Backend(const char *lacks) : lacks_(lacks) {}

	/// The failure of an operation that this device does not have.
	std::unexpected<Failure> unsupported(unsigned object, unsigned method,
					     const char *operation) const;

private:
	const char *lacks_;
};

/// Answer @message with @failure, as a device would: fills the caller's error record, returns the
/// errno.
int answer(const accel_call &message, const Failure &failure) noexcept;

} // namespace accel::core
