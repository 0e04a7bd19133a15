/* SPDX-License-Identifier: MIT */
/*
 * Work queues of Intel's DSA and IAX devices: queue options and descriptors. All functions are inline and use accel.h.
 *
 * Descriptors. Each function below fills all 64 bytes of @d, which may be the address that accel_ring_entry() returns
 * between accel_ring_reserve() and accel_ring_publish(). Addresses are pointers of this process. Memory must remain
 * valid until the descriptor has completed. @flags: ACCEL_IDXD_DESCRIPTOR_FLAGS_* or 0. In entries of the ring the
 * library sets the address of the completion record and the flags record-valid and record-request; in an array for a
 * batch the program sets them. The functions check nothing; the device validates a descriptor and reports errors in
 * the status of the completion. Each function documents `result` of its completion; `detail` is the device's own
 * status if that is not success (enum accel_idxd_dsa_status).
 *
 * Order. The device may execute descriptors of a queue in any order and in parallel; a fence is effective only in a
 * batch. Before a descriptor uses the output of an earlier one, wait for the completion of the earlier one.
 *
 * Page faults. If a page is not present, the library makes it present and submits the rest of the operation; the
 * program does not notice. A descriptor with an address that the process has not mapped completes as read-fault or
 * write-fault; `result` then is the number of bytes that were processed.
 */
#ifndef ACCEL_IDXD_H
#define ACCEL_IDXD_H

#include <accel/accel.h>
#include <stdint.h>
#include <string.h>
#include <uapi/accel/idxd.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- queues ------------------------------------------------------------------------------- */

/** enum accel_idxd_path - how the library submits descriptors to the device. */
enum accel_idxd_path {
	ACCEL_IDXD_PATH_AUTOMATIC =
		0, /* the portal if the process may map it, otherwise write(2) */
	ACCEL_IDXD_PATH_WRITE =
		1, /* write(2), Linux 6.9 or later: needs no privilege; no batches on DSA 1 */
	ACCEL_IDXD_PATH_PORTAL =
		2, /* stores to the mapped portal: needs CAP_SYS_RAWIO and the instruction */
};

/** struct accel_idxd_queue_options - target of accel_queue_options.driver. Zero it, then set members. Grows at its
 *  end. */
struct accel_idxd_queue_options {
	uint32_t path;	   /* enum accel_idxd_path */
	uint32_t reserved; /* zero */
};

/* ---- descriptors -------------------------------------------------------------------------- */

/** Address of @address for the device. */
static inline uint64_t accel_idxd_address(const volatile void *address)
{
	return (uint64_t)(uintptr_t)address;
}

/** Set the operation @opcode (enum accel_idxd_dsa_opcode or accel_idxd_iax_opcode) and the flags of a descriptor and
 *  zero the rest. */
static inline void accel_idxd_begin(struct accel_idxd_dsa_descriptor *d, unsigned opcode,
				    uint32_t flags)
{
	memset(d, 0, sizeof(*d));
	d->control = (uint32_t)opcode << ACCEL_IDXD_DSA_DESCRIPTOR_CONTROL_OPCODE_SHIFT |
		     (flags & ACCEL_IDXD_DSA_DESCRIPTOR_CONTROL_FLAGS_MASK);
}

/** Set the completion record of an element of a batch: aligned to 32 bytes, with its status set to zero. */
static inline void accel_idxd_set_record(struct accel_idxd_dsa_descriptor *d,
					 struct accel_idxd_dsa_completion *record)
{
	d->control |= ACCEL_IDXD_DESCRIPTOR_FLAGS_RECORD_VALID |
		      ACCEL_IDXD_DESCRIPTOR_FLAGS_RECORD_REQUEST;
	d->completion_addr = accel_idxd_address(record);
}

/** Complete without any work. */
static inline void accel_idxd_nop(struct accel_idxd_dsa_descriptor *d, uint32_t flags)
{
	accel_idxd_begin(d, ACCEL_IDXD_DSA_OPCODE_NOOP, flags);
}

/** Complete after all earlier descriptors of this process in the work queue have completed. */
static inline void accel_idxd_drain(struct accel_idxd_dsa_descriptor *d, uint32_t flags)
{
	accel_idxd_begin(d, ACCEL_IDXD_DSA_OPCODE_DRAIN, flags);
}

/** Copy @size bytes (at most accel_device_caps.max_transfer); the ranges may overlap. */
static inline void accel_idxd_memmove(struct accel_idxd_dsa_descriptor *d, void *destination,
				      const void *source, uint32_t size, uint32_t flags)
{
	accel_idxd_begin(d, ACCEL_IDXD_DSA_OPCODE_MEMMOVE, flags);
	d->memmove.source = accel_idxd_address(source);
	d->memmove.destination = accel_idxd_address(destination);
	d->memmove.size = size;
}

/** Fill @size bytes with the 8 bytes of @pattern, its low byte first, truncated at the end. */
static inline void accel_idxd_memfill(struct accel_idxd_dsa_descriptor *d, void *destination,
				      uint32_t size, uint64_t pattern, uint32_t flags)
{
	accel_idxd_begin(d, ACCEL_IDXD_DSA_OPCODE_MEMFILL, flags);
	d->memfill.pattern = pattern;
	d->memfill.destination = accel_idxd_address(destination);
	d->memfill.size = size;
}

/** Compare @size bytes; result: offset of the first difference, or @size. */
static inline void accel_idxd_compare(struct accel_idxd_dsa_descriptor *d, const void *one,
				      const void *other, uint32_t size, uint32_t flags)
{
	accel_idxd_begin(d, ACCEL_IDXD_DSA_OPCODE_COMPARE, flags);
	d->compare.source = accel_idxd_address(one);
	d->compare.source2 = accel_idxd_address(other);
	d->compare.size = size;
}

/** Compute the CRC-32C of @size bytes, starting from @seed (0, or the previous CRC to continue); result: the CRC. */
static inline void accel_idxd_crcgen(struct accel_idxd_dsa_descriptor *d, const void *source,
				     uint32_t size, uint32_t seed, uint32_t flags)
{
	accel_idxd_begin(d, ACCEL_IDXD_DSA_OPCODE_CRC_GENERATE, flags);
	d->crc_generate.source = accel_idxd_address(source);
	d->crc_generate.size = size;
	d->crc_generate.seed = seed;
}

/** Copy and compute the CRC-32C in one pass; the ranges must not overlap; result: the CRC. */
static inline void accel_idxd_copy_crc(struct accel_idxd_dsa_descriptor *d, void *destination,
				       const void *source, uint32_t size, uint32_t seed,
				       uint32_t flags)
{
	accel_idxd_begin(d, ACCEL_IDXD_DSA_OPCODE_COPY_CRC, flags);
	d->copy_crc.source = accel_idxd_address(source);
	d->copy_crc.destination = accel_idxd_address(destination);
	d->copy_crc.size = size;
	d->copy_crc.seed = seed;
}

/** Execute @count descriptors (2 to max_batch_size of the queue), 64-byte aligned in memory. Result: number of
 *  successful ones. Status batch-error: one failed; their own records identify it. A page fault inside a batch also
 *  results in batch-error, because the library resumes only descriptors of the ring. Status submit-error with the
 *  detail EINVAL: write(2) accepts no batches on DSA 1; use the portal. */
static inline void accel_idxd_batch(struct accel_idxd_dsa_descriptor *d,
				    const struct accel_idxd_dsa_descriptor *descriptors,
				    uint32_t count, uint32_t flags)
{
	accel_idxd_begin(d, ACCEL_IDXD_DSA_OPCODE_BATCH, flags);
	d->batch.descriptors = accel_idxd_address(descriptors);
	d->batch.count = count;
}

#ifdef __cplusplus
}
#endif
#endif
