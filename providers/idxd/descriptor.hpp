// SPDX-License-Identifier: MIT
// The meaning of completion records, and the rest of an operation after a page fault.
#pragma once

#include <cstdint>
#include <uapi/accel/idxd.h>
#include <uapi/accel/ring.h>

namespace accel::core::idxd {

using Descriptor = accel_idxd_dsa_descriptor;
/// Room for the record of either device; DSA uses the first half.
union alignas(64) Record {
	accel_idxd_dsa_completion dsa;
	accel_idxd_iax_completion iax;
};

/// The queue's state of an entry that is in the device.
struct Progress {
	uint64_t done = 0;	   // bytes done by earlier submissions
	uint32_t resumes_left = 0; // page faults that it may still resume
	bool waiting = false;	   // must be submitted again, because the device had no room
};

/// The state of the first submission of @d.
Progress begin(const Descriptor &d, bool iax);

struct Fault {
	uint64_t address;
	uint64_t bytes; // from there that the operation still needs, at least 1
	bool write;
};
/// Whether the operation ended early by a page fault and can be resumed, and which memory it needs for that.
bool find_fault(const Descriptor &d, const Record &record, bool iax, Fault *fault);
/// Changes @d to the rest of the operation. False: the record is inconsistent, or there is no rest that could be
/// submitted.
bool advance(Descriptor &d, const Record &record, bool iax, Progress &progress);

/// Returns the status of the ring for a record that is not a fault to resume, with the details in @out.
uint8_t translate(const Descriptor &d, const Record &record, bool iax, const Progress &progress,
		  accel_ring_record *out);

} // namespace accel::core::idxd
