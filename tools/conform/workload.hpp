// SPDX-License-Identifier: MIT
// What conformance must know of a provider to give its devices work: descriptors and commands, made
// through the provider's public header. Without an entry here the obligations that need work are skipped.
#pragma once

#include <accel/accel.h>
#include <cstddef>
#include <cstdint>
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

struct Workload {
	const char *provider; ///< as accel_device_provider() says

	/// Each fills a whole ring entry. @fence: start after all entries before it have completed.
	void (*nop)(void *entry, bool fence);
	void (*copy)(void *entry, uint64_t to, uint64_t from, uint64_t bytes, bool fence);
	/// An operation that the device does not have: bad-opcode.
	void (*unknown)(void *entry);
	/// A known operation with a forbidden value: bad-field, @bad_field.
	void (*malformed)(void *entry);
	uint8_t malformed_field;
	/// The fields of a copy that name its ranges, as the completion's `field` has them.
	uint8_t from_field, to_field;

	/// The provider's own queue options for a run, or nullptr; they stay for ever.
	std::span<const std::byte> (*queue_options)(const Options &options);

	std::span<const CommandSample> commands;
	/// A request with an operation that the firmware does not have.
	std::span<const std::byte> unknown_command;
	/// Whether @response says that the firmware did what it was told.
	bool (*accepted)(std::span<const std::byte> response);
};

/// nullptr if there is none.
const Workload *find_workload(const char *provider);

} // namespace accel::conform
