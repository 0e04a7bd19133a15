// SPDX-License-Identifier: MIT
// The message of a completion that is not a success.
#include "device/completion_error.hpp"

#include "terminal/fail.hpp"

namespace cli {

void fail_completion(const std::string &what, const accel_completion &completion, uint64_t offset)
{
	const char *name = accel_status_name(completion.status);
	const char *meaning = accel_status_meaning(completion.status);

	switch (completion.status) {
	case ACCEL_RING_STATUS_DATA_ERROR:
		fail(Exit::data, what, "invalid data at byte {} ({})", offset + completion.detail,
		     name);
	case ACCEL_RING_STATUS_CHECKSUM_ERROR:
		fail(Exit::data, what, "checksum or length mismatch before byte {} ({})",
		     offset + completion.detail, name);
	case ACCEL_RING_STATUS_ENGINE_ERROR:
	case ACCEL_RING_STATUS_SUBMIT_ERROR:
		fail(exit_of(static_cast<int>(completion.detail), Exit::device), what,
		     "descriptor {}: {} ({}, {})", completion.sequence, meaning, name,
		     accel_errno_name(static_cast<int>(completion.detail)));
	default:
		fail(Exit::device, what, "descriptor {}: {} ({}, field {}, address 0x{:x})",
		     completion.sequence, meaning, name, completion.field, completion.address);
	}
}

} // namespace cli
