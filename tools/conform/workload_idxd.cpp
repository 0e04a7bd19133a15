// SPDX-License-Identifier: MIT
// The workload of idxd work queues. Fences work only within a batch, so entries of the ring have none. No entry is
// refused everywhere: which entries the kernel refuses depends on the version of the device and on the path.
#include "conform/workload_idxd.hpp"

#include <accel/idxd.h>
#include <cstddef>

namespace accel::conform {

namespace {

accel_idxd_dsa_descriptor *descriptor(const Entry &entry)
{
	return static_cast<accel_idxd_dsa_descriptor *>(entry.at);
}

void nop(const Entry &entry, bool)
{
	accel_idxd_nop(descriptor(entry), 0);
}

void copy(const Entry &entry, uint64_t to, uint64_t from, uint64_t bytes, bool)
{
	accel_idxd_begin(descriptor(entry), ACCEL_IDXD_DSA_OPCODE_MEMMOVE, 0);
	descriptor(entry)->memmove.source = from;
	descriptor(entry)->memmove.destination = to;
	descriptor(entry)->memmove.size = static_cast<uint32_t>(bytes);
}

void unknown(const Entry &entry)
{
	accel_idxd_begin(descriptor(entry), 0xfe, 0);
}

/* A copy of zero bytes. */
void malformed(const Entry &entry)
{
	copy(entry, 0x1000, 0x2000, 0, false);
}

} // namespace

const Workload idxd_workload = {
	.provider = "idxd",
	.nop = nop,
	.copy = copy,
	.unknown = unknown,
	.malformed = malformed,
	.malformed_field = offsetof(accel_idxd_dsa_descriptor, memmove.size),
	.has_faults = true,
	.from_field = offsetof(accel_idxd_dsa_descriptor, memmove.source),
	.to_field = offsetof(accel_idxd_dsa_descriptor, memmove.destination),
};

} // namespace accel::conform
