// SPDX-License-Identifier: MIT
// What conformance must know of a provider to give its devices work: descriptors and commands, made
// through the provider's public header. Without an entry here the obligations that need work are skipped.
#pragma once

#include <accel/accel.h>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace accel::conform {

/// A command that a device of this provider must take.
struct CommandSample {
	const char *name;
	accel_scope scope; ///< the narrowest that is enough
	std::span<const std::byte> request;
	size_t response_size; ///< bytes of the answer, if they are always the same; else 0
};

struct Options;

/// What the entries of one queue need: buffers with handles, completion records. A workload derives its own from it.
/// It ends after its queue has ended.
class QueueState {
public:
	virtual ~QueueState() = default;
};

/// A queue that entries are to be made for.
struct QueuePlace {
	accel_device *device;
	accel_address_space *space;
	accel_queue *queue;
	uint32_t entries; ///< of its ring
};

/// An entry that is to be filled in: reserved, and not published.
struct Entry {
	void *at; ///< in the ring; the first accel_ring.entry_bytes bytes are to be filled
	uint64_t
		sequence; ///< at most `entries` in a row are outstanding: sequence % entries names what is free
	QueueState *state; ///< what prepare() made, or nullptr
};

/// The members that a device lacks stay null or false: what needs them is skipped, with that as its reason.
struct Workload {
	const char *provider; ///< as accel_device_provider() says

	/// The provider's own queue options for a run, or nullptr. They are valid until the thread's next call.
	std::span<const std::byte> (*queue_options)(const Options &options, accel_device *device);
	/// Called once for each queue that gets entries, before the first of them. It may use the checks of
	/// check.hpp, which end the obligation.
	std::unique_ptr<QueueState> (*prepare)(const QueuePlace &place);

	/// The cheapest entry that ends as a success. It writes to no memory that the test has. Several threads may
	/// make entries at once, each with a sequence of its own: so for all of these.
	/// @fence: start after all entries before it have completed; never asked for without has_fence.
	void (*nop)(const Entry &entry, bool fence);
	/// Copy between addresses of the queue's address space.
	void (*copy)(const Entry &entry, uint64_t to, uint64_t from, uint64_t bytes, bool fence);
	/// An operation that the device does not have: bad-opcode.
	void (*unknown)(const Entry &entry);
	/// A known operation with a forbidden value: bad-field, @malformed_field.
	void (*malformed)(const Entry &entry);
	uint8_t malformed_field;
	/// An entry that the kernel refuses, and the device never sees: submit-error, with an errno in `detail`.
	void (*refused)(const Entry &entry);

	bool has_fence; ///< nop and copy can be fenced
	/// A copy that reaches what it may not ends as read-fault or write-fault, with the address.
	bool has_faults;
	/// The fields of a copy that name its ranges, as the completion's `field` has them.
	uint8_t from_field, to_field;

	std::span<const CommandSample> commands;
	/// A request with an operation that the firmware does not have.
	std::span<const std::byte> unknown_command;
	/// Whether @response says that the firmware did what it was told.
	bool (*accepted)(std::span<const std::byte> response);
};

/// nullptr if there is none.
const Workload *find_workload(const char *provider);

} // namespace accel::conform
