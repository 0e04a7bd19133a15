// SPDX-License-Identifier: MIT
// What the conformance tests must know of a provider to give its devices work: descriptors and commands, from its
// public header. Without a workload the obligations that need work are skipped.
#pragma once

#include <accel/accel.h>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace accel::conform {

/// A command that every device of this provider must accept.
struct CommandSample {
	const char *name;
	accel_scope scope; ///< the narrowest sufficient scope
	std::span<const std::byte> request;
	size_t response_size; ///< bytes of the answer if constant, else 0
};

struct Options;

/// What the entries of one queue need: buffers with handles, completion records. A workload derives its own class.
/// Destroyed after its queue.
class QueueState {
public:
	virtual ~QueueState() = default;
};

/// A queue whose entries are to be filled in.
struct QueuePlace {
	accel_device *device;
	accel_address_space *space;
	accel_queue *queue;
	uint32_t entries; ///< of its ring
};

/// An entry to be filled in: reserved, and not published.
struct Entry {
	void *at;	   ///< in the ring; to fill: the first accel_ring.entry_bytes bytes
	uint64_t sequence; ///< at most `entries` are outstanding: item sequence % entries is free
	QueueState *state; ///< returned by prepare(), or nullptr
};

/// Members that a device lacks stay null or false; the tests that need them are skipped with that reason.
struct Workload {
	const char *provider; ///< as returned by accel_device_provider()

	/// Returns the provider's own queue options for a run; or nullptr. They are valid until the thread's next call.
	std::span<const std::byte> (*queue_options)(const Options &options, accel_device *device);
	/// Called once for each queue that gets entries, before the first of them. May use the checks of check.hpp,
	/// which end the obligation.
	std::unique_ptr<QueueState> (*prepare)(const QueuePlace &place);

	/// Fills in the cheapest entry that succeeds; it writes to no memory of the test. Several threads may call
	/// these functions at once, each with a sequence of its own.
	/// @fence: start after all earlier entries have completed; only used with has_fence.
	void (*nop)(const Entry &entry, bool fence);
	/// Copies between addresses of the queue's address space.
	void (*copy)(const Entry &entry, uint64_t to, uint64_t from, uint64_t bytes, bool fence);
	/// An operation that the device does not have: completes as bad-opcode.
	void (*unknown)(const Entry &entry);
	/// A known operation with a forbidden value: completes as bad-field with @malformed_field.
	void (*malformed)(const Entry &entry);
	uint8_t malformed_field;
	/// An entry that the kernel refuses and the device never gets: completes as submit-error with an errno in
	/// `detail`.
	void (*refused)(const Entry &entry);

	bool has_fence; ///< nop and copy can be fenced
	/// A copy that accesses forbidden memory completes as read-fault or write-fault with the address.
	bool has_faults;
	/// The fields of a copy that contain its ranges, as numbered in the completion's `field`.
	uint8_t from_field, to_field;

	std::span<const CommandSample> commands;
	/// A request with an operation that the firmware does not have.
	std::span<const std::byte> unknown_command;
	/// Whether @response reports that the firmware executed the request.
	bool (*accepted)(std::span<const std::byte> response);
};

/// Returns nullptr if the provider has no workload.
const Workload *find_workload(const char *provider);

} // namespace accel::conform
