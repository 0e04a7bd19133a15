// SPDX-License-Identifier: MIT
// What completion records mean, and how an operation goes on after a page fault.
#pragma once

#include <cstdint>
#include <uapi/accel/idxd.h>
#include <uapi/accel/ring.h>

namespace accel::core::idxd {

using Descriptor = accel_idxd_dsa_descriptor;
/// Room for the record of either device; one of DSA uses the first half.
union alignas(64) Record {
	accel_idxd_dsa_completion dsa;
	accel_idxd_iax_completion iax;
};

/// What the queue remembers of an entry that is in the device.
struct Progress {
	uint64_t done = 0; // bytes that were done before the submission that is in the device
	uint32_t resumes_left = 0; // page faults that it may still have
	bool waiting = false;	   // to be submitted again: the device had no room
};

/// The first submission of @d.
Progress begin(const Descriptor &d, bool iax);

struct Fault {
	uint64_t address;
	uint64_t bytes; // from there on which the operation still needs, at least 1
	bool write;
};
/// Whether the operation ended early by a page fault and can go on, and which memory it needs for that.
bool find_fault(const Descriptor &d, const Record &record, bool iax, Fault *fault);
/// Changes @d to the rest of the operation. False: the record makes no sense, or there is no rest that could be
/// submitted.
bool advance(Descriptor &d, const Record &record, bool iax, Progress &progress);

/// The status of the ring for a record that is not a fault to resume. The rest of what is known goes to @out.
uint8_t translate(const Descriptor &d, const Record &record, bool iax, const Progress &progress,
		  accel_ring_record *out);

} // namespace accel::core::idxd
