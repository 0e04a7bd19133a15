/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR MIT */
/* idxd: generated from spec/idxd.yaml by gen/; do not edit. */
#ifndef _UAPI_ACCEL_IDXD_H
#define _UAPI_ACCEL_IDXD_H

#include <linux/types.h>

/**
 * DOC: idxd
 *
 * A work queue of the type "user" has a node, /dev/dsa/wqM.N or /dev/iax/wqM.N. A program submits
 * 64-byte descriptors to it in one of two ways. write(2) takes an array of them and returns the
 * number of bytes that it submitted; it stops at the first descriptor that it refuses. With
 * CAP_SYS_RAWIO, mmap(2) maps the portal, one page to which a descriptor is stored with a single
 * instruction: MOVDIR64B for a dedicated queue, which does not report that it is full, and ENQCMD
 * for a shared one. The device uses the address space of the process, so descriptors contain its
 * addresses. It writes a completion record to the address in the descriptor, and the status in it
 * last. Descriptors complete in any order. A page that is not present ends an operation early; the
 * record reports the progress, and the program submits the rest again. Only the process that opened
 * the node may use it, not a forked child. All numbers are little-endian.
 */

/* Bytes of a descriptor and its alignment in a batch. */
#define ACCEL_IDXD_DESCRIPTOR_SIZE 64

/* Bytes of the portal; a descriptor may be stored at any multiple of 64. */
#define ACCEL_IDXD_PORTAL_SIZE 0x1000

/* The address of the completion record of a DSA descriptor is a multiple of this. */
#define ACCEL_IDXD_DSA_RECORD_ALIGNMENT 32

/* The address of the completion record of an IAX descriptor is a multiple of this. */
#define ACCEL_IDXD_IAX_RECORD_ALIGNMENT 64

/* Fewest descriptors of a batch. */
#define ACCEL_IDXD_BATCH_MINIMUM 2

/* Bits of a status byte that contain the status. */
#define ACCEL_IDXD_STATUS_MASK 0x7f

/* Bit of a status byte: a write caused the fault, otherwise a read. */
#define ACCEL_IDXD_STATUS_WRITE 0x80

/* Bit of cmd_status: the driver refused, otherwise the device. */
#define ACCEL_IDXD_COMMAND_ERROR_MASK 0x80000000ULL

/* First bit of the driver's reason in cmd_status. */
#define ACCEL_IDXD_COMMAND_ERROR_SHIFT 16

/* ACCEL_IDXD_DESCRIPTOR_FLAGS_*: Flags of the execution of a descriptor. */
/* In a batch: start when all earlier descriptors have completed, and only if none failed. */
#define ACCEL_IDXD_DESCRIPTOR_FLAGS_FENCE 0x1
/* Wait for a page that is not present; the queue must allow it. */
#define ACCEL_IDXD_DESCRIPTOR_FLAGS_BLOCK_ON_FAULT 0x2
/* The descriptor contains the address of a completion record. */
#define ACCEL_IDXD_DESCRIPTOR_FLAGS_RECORD_VALID 0x4
/* Write the completion record also on success; operations that return a result need it. */
#define ACCEL_IDXD_DESCRIPTOR_FLAGS_RECORD_REQUEST 0x8
/* Interrupt on completion; not for programs. */
#define ACCEL_IDXD_DESCRIPTOR_FLAGS_INTERRUPT_REQUEST 0x10
/* Use the steering tag for the completion record. */
#define ACCEL_IDXD_DESCRIPTOR_FLAGS_RECORD_STEERING 0x20
/* Compare the result with the expected one; the status is success-false if it differs. */
#define ACCEL_IDXD_DESCRIPTOR_FLAGS_CHECK_RESULT 0x80
/* Write the destination to the cache; without it, to memory. */
#define ACCEL_IDXD_DESCRIPTOR_FLAGS_CACHE_CONTROL 0x100
/* Use traffic class B for the first address. */
#define ACCEL_IDXD_DESCRIPTOR_FLAGS_ADDRESS1_CLASS 0x200
/* Use traffic class B for the second address. */
#define ACCEL_IDXD_DESCRIPTOR_FLAGS_ADDRESS2_CLASS 0x400
/* Use traffic class B for the third address. */
#define ACCEL_IDXD_DESCRIPTOR_FLAGS_ADDRESS3_CLASS 0x800
/* Use traffic class B for the completion record. */
#define ACCEL_IDXD_DESCRIPTOR_FLAGS_RECORD_CLASS 0x1000
/* All other writes are visible before the completion record. */
#define ACCEL_IDXD_DESCRIPTOR_FLAGS_STRICT_ORDER 0x2000
/* Read the destination back before completion. */
#define ACCEL_IDXD_DESCRIPTOR_FLAGS_DESTINATION_READBACK 0x4000
/* Use the steering tag for the destination. */
#define ACCEL_IDXD_DESCRIPTOR_FLAGS_DESTINATION_STEERING 0x8000
/* IAX: read the state of the operation (AECS) from the second source. */
#define ACCEL_IDXD_DESCRIPTOR_FLAGS_AECS_READ 0x10000
/* IAX: the second source is input. */
#define ACCEL_IDXD_DESCRIPTOR_FLAGS_SOURCE2_READ 0x20000
/* IAX: write the state to the second source when the operation completes. */
#define ACCEL_IDXD_DESCRIPTOR_FLAGS_AECS_WRITE 0x40000
/* IAX: write the state only if the output was too small. */
#define ACCEL_IDXD_DESCRIPTOR_FLAGS_AECS_WRITE_ON_OVERFLOW 0x80000
/* IAX: use the steering tag for the second source. */
#define ACCEL_IDXD_DESCRIPTOR_FLAGS_SOURCE2_STEERING 0x100000
/* IAX: the checksum is the CRC-32C of RFC 3720 (iSCSI). */
#define ACCEL_IDXD_DESCRIPTOR_FLAGS_CRC_ISCSI 0x200000

/**
 * enum accel_idxd_dsa_opcode - Operations of a DSA device. The file op_cap lists those of a device.
 * @ACCEL_IDXD_DSA_OPCODE_NOOP: No operation.
 * @ACCEL_IDXD_DSA_OPCODE_BATCH: Execute an array of descriptors. write(2) refuses it on DSA 1.
 * @ACCEL_IDXD_DSA_OPCODE_DRAIN: Complete when all earlier descriptors of this process in this queue
 *   have completed; not allowed as the only descriptor of a batch.
 * @ACCEL_IDXD_DSA_OPCODE_MEMMOVE: Copy.
 * @ACCEL_IDXD_DSA_OPCODE_MEMFILL: Fill with 8 or 16 bytes.
 * @ACCEL_IDXD_DSA_OPCODE_COMPARE: Compare two ranges; result is 0 if they are equal, otherwise 1,
 *   and completed is the offset of the difference.
 * @ACCEL_IDXD_DSA_OPCODE_COMPARE_PATTERN: Compare a range with a repeated pattern of 8 bytes;
 *   result and completed as for compare.
 * @ACCEL_IDXD_DSA_OPCODE_CREATE_DELTA: Write a record of the words in which two ranges differ;
 *   result is 0 if none, 1 if some, 2 if the room was too small.
 * @ACCEL_IDXD_DSA_OPCODE_APPLY_DELTA: Apply a record of create-delta to a range.
 * @ACCEL_IDXD_DSA_OPCODE_DUALCAST: Copy to two destinations.
 * @ACCEL_IDXD_DSA_OPCODE_TRANSLATION_FETCH: Load address translations into the device.
 * @ACCEL_IDXD_DSA_OPCODE_CRC_GENERATE: Compute a CRC-32C.
 * @ACCEL_IDXD_DSA_OPCODE_COPY_CRC: Copy and compute a CRC-32C.
 * @ACCEL_IDXD_DSA_OPCODE_DIF_CHECK: Check the protection information of blocks.
 * @ACCEL_IDXD_DSA_OPCODE_DIF_INSERT: Copy blocks and add protection information.
 * @ACCEL_IDXD_DSA_OPCODE_DIF_STRIP: Check blocks and copy them without protection information.
 * @ACCEL_IDXD_DSA_OPCODE_DIF_UPDATE: Check blocks and copy them with new protection information.
 * @ACCEL_IDXD_DSA_OPCODE_DIX_GENERATE: Write the protection information of blocks to a separate
 *   range.
 * @ACCEL_IDXD_DSA_OPCODE_CACHE_FLUSH: Flush a range from all caches to memory.
 */
enum accel_idxd_dsa_opcode {
	ACCEL_IDXD_DSA_OPCODE_NOOP = 0x0,
	ACCEL_IDXD_DSA_OPCODE_BATCH = 0x1,
	ACCEL_IDXD_DSA_OPCODE_DRAIN = 0x2,
	ACCEL_IDXD_DSA_OPCODE_MEMMOVE = 0x3,
	ACCEL_IDXD_DSA_OPCODE_MEMFILL = 0x4,
	ACCEL_IDXD_DSA_OPCODE_COMPARE = 0x5,
	ACCEL_IDXD_DSA_OPCODE_COMPARE_PATTERN = 0x6,
	ACCEL_IDXD_DSA_OPCODE_CREATE_DELTA = 0x7,
	ACCEL_IDXD_DSA_OPCODE_APPLY_DELTA = 0x8,
	ACCEL_IDXD_DSA_OPCODE_DUALCAST = 0x9,
	ACCEL_IDXD_DSA_OPCODE_TRANSLATION_FETCH = 0xa,
	ACCEL_IDXD_DSA_OPCODE_CRC_GENERATE = 0x10,
	ACCEL_IDXD_DSA_OPCODE_COPY_CRC = 0x11,
	ACCEL_IDXD_DSA_OPCODE_DIF_CHECK = 0x12,
	ACCEL_IDXD_DSA_OPCODE_DIF_INSERT = 0x13,
	ACCEL_IDXD_DSA_OPCODE_DIF_STRIP = 0x14,
	ACCEL_IDXD_DSA_OPCODE_DIF_UPDATE = 0x15,
	ACCEL_IDXD_DSA_OPCODE_DIX_GENERATE = 0x17,
	ACCEL_IDXD_DSA_OPCODE_CACHE_FLUSH = 0x20,
};

/**
 * enum accel_idxd_iax_opcode - Operations of an IAX device. The file op_cap lists those of a
 *   device.
 * @ACCEL_IDXD_IAX_OPCODE_NOOP: No operation.
 * @ACCEL_IDXD_IAX_OPCODE_DRAIN: Complete when all earlier descriptors of this process in this queue
 *   have completed.
 * @ACCEL_IDXD_IAX_OPCODE_MEMMOVE: Copy.
 * @ACCEL_IDXD_IAX_OPCODE_DECOMPRESS: Decompress.
 * @ACCEL_IDXD_IAX_OPCODE_COMPRESS: Compress.
 * @ACCEL_IDXD_IAX_OPCODE_CRC64: Compute a 64-bit checksum.
 * @ACCEL_IDXD_IAX_OPCODE_ZERO_DECOMPRESS_32: Insert the omitted zeros, in words of 32 bits.
 * @ACCEL_IDXD_IAX_OPCODE_ZERO_DECOMPRESS_16: Insert the omitted zeros, in words of 16 bits.
 * @ACCEL_IDXD_IAX_OPCODE_ZERO_COMPRESS_32: Omit zeros, in words of 32 bits.
 * @ACCEL_IDXD_IAX_OPCODE_ZERO_COMPRESS_16: Omit zeros, in words of 16 bits.
 * @ACCEL_IDXD_IAX_OPCODE_SCAN: Find the elements in a range of values.
 * @ACCEL_IDXD_IAX_OPCODE_SET_MEMBER: Find the elements that are in a set.
 * @ACCEL_IDXD_IAX_OPCODE_EXTRACT: Return the elements from one index to another.
 * @ACCEL_IDXD_IAX_OPCODE_SELECT: Return the elements that a bit vector selects.
 * @ACCEL_IDXD_IAX_OPCODE_RLE_BURST: Expand a run-length encoding.
 * @ACCEL_IDXD_IAX_OPCODE_FIND_UNIQUE: Find the distinct values.
 * @ACCEL_IDXD_IAX_OPCODE_EXPAND: Place elements at the ones of a bit vector.
 */
enum accel_idxd_iax_opcode {
	ACCEL_IDXD_IAX_OPCODE_NOOP = 0x0,
	ACCEL_IDXD_IAX_OPCODE_DRAIN = 0x2,
	ACCEL_IDXD_IAX_OPCODE_MEMMOVE = 0x3,
	ACCEL_IDXD_IAX_OPCODE_DECOMPRESS = 0x42,
	ACCEL_IDXD_IAX_OPCODE_COMPRESS = 0x43,
	ACCEL_IDXD_IAX_OPCODE_CRC64 = 0x44,
	ACCEL_IDXD_IAX_OPCODE_ZERO_DECOMPRESS_32 = 0x48,
	ACCEL_IDXD_IAX_OPCODE_ZERO_DECOMPRESS_16 = 0x49,
	ACCEL_IDXD_IAX_OPCODE_ZERO_COMPRESS_32 = 0x4c,
	ACCEL_IDXD_IAX_OPCODE_ZERO_COMPRESS_16 = 0x4d,
	ACCEL_IDXD_IAX_OPCODE_SCAN = 0x50,
	ACCEL_IDXD_IAX_OPCODE_SET_MEMBER = 0x51,
	ACCEL_IDXD_IAX_OPCODE_EXTRACT = 0x52,
	ACCEL_IDXD_IAX_OPCODE_SELECT = 0x53,
	ACCEL_IDXD_IAX_OPCODE_RLE_BURST = 0x54,
	ACCEL_IDXD_IAX_OPCODE_FIND_UNIQUE = 0x55,
	ACCEL_IDXD_IAX_OPCODE_EXPAND = 0x56,
};

/**
 * enum accel_idxd_dsa_status - Completion status of a descriptor of a DSA device.
 * @ACCEL_IDXD_DSA_STATUS_NONE: Not completed.
 * @ACCEL_IDXD_DSA_STATUS_SUCCESS: Executed successfully.
 * @ACCEL_IDXD_DSA_STATUS_SUCCESS_FALSE: Executed successfully; the result is not the expected one.
 * @ACCEL_IDXD_DSA_STATUS_PAGE_FAULT: A page at fault-addr is not present, without block-on-fault;
 *   completed is the progress.
 * @ACCEL_IDXD_DSA_STATUS_PAGE_FAULT_INVALID: A page at fault-addr is not accessible; completed is
 *   the progress.
 * @ACCEL_IDXD_DSA_STATUS_BATCH_FAILED: A descriptor of the batch failed; completed is the number of
 *   successful ones.
 * @ACCEL_IDXD_DSA_STATUS_BATCH_PAGE_FAULT: A page of the array of descriptors is not present;
 *   completed is the number of executed descriptors.
 * @ACCEL_IDXD_DSA_STATUS_DELTA_ORDER: The offsets of the delta record do not increase.
 * @ACCEL_IDXD_DSA_STATUS_DELTA_OFFSET: An offset of the delta record is beyond the range.
 * @ACCEL_IDXD_DSA_STATUS_DIF_ERROR: Protection information is wrong; the record identifies the
 *   block.
 * @ACCEL_IDXD_DSA_STATUS_BAD_OPCODE: The device has no such operation or the queue does not allow
 *   it.
 * @ACCEL_IDXD_DSA_STATUS_BAD_FLAGS: Flags are not allowed for the operation; they are in
 *   invalid-flags.
 * @ACCEL_IDXD_DSA_STATUS_RESERVED_NOT_ZERO: A reserved field is not zero.
 * @ACCEL_IDXD_DSA_STATUS_BAD_SIZE: The size is zero, more than the queue allows, or not a multiple
 *   that the operation requires.
 * @ACCEL_IDXD_DSA_STATUS_BAD_COUNT: The batch has fewer descriptors than 2 or more than the queue
 *   allows.
 * @ACCEL_IDXD_DSA_STATUS_BAD_DELTA_SIZE: The size of the delta record is invalid.
 * @ACCEL_IDXD_DSA_STATUS_OVERLAP: Ranges overlap that must be disjoint.
 * @ACCEL_IDXD_DSA_STATUS_DUALCAST_MISMATCH: The two destinations of a dualcast have different
 *   offsets in their pages.
 * @ACCEL_IDXD_DSA_STATUS_BAD_LIST_ALIGNMENT: The array of descriptors is not aligned to 64 bytes.
 * @ACCEL_IDXD_DSA_STATUS_BAD_INTERRUPT: The interrupt handle is invalid.
 * @ACCEL_IDXD_DSA_STATUS_RECORD_FAULT: The completion record could not be written; this status is
 *   only in the device's log.
 * @ACCEL_IDXD_DSA_STATUS_BAD_RECORD_ALIGNMENT: The address of the completion record is not aligned;
 *   this status is only in the device's log.
 * @ACCEL_IDXD_DSA_STATUS_BAD_ALIGNMENT: An address is not aligned as the operation requires.
 * @ACCEL_IDXD_DSA_STATUS_BAD_PRIVILEGE: The descriptor requests a privilege that the queue does not
 *   have.
 * @ACCEL_IDXD_DSA_STATUS_BAD_CLASS: A traffic class is not configured.
 * @ACCEL_IDXD_DSA_STATUS_READBACK_FAULT: A page of the address to read back is not present.
 * @ACCEL_IDXD_DSA_STATUS_HARDWARE_ERROR: Hardware error.
 * @ACCEL_IDXD_DSA_STATUS_HARDWARE_ERROR_READBACK: Hardware error while the destination was read
 *   back.
 * @ACCEL_IDXD_DSA_STATUS_TRANSLATION_FAILED: The device could not translate an address.
 * @ACCEL_IDXD_DSA_STATUS_DRAIN_LOGGED: The drain completed, and an earlier descriptor failed
 *   without a completion record; the device's log has an entry.
 * @ACCEL_IDXD_DSA_STATUS_BATCH_LOGGED: The batch completed, and one of its descriptors failed
 *   without a completion record; the device's log has an entry.
 */
enum accel_idxd_dsa_status {
	ACCEL_IDXD_DSA_STATUS_NONE = 0x0,
	ACCEL_IDXD_DSA_STATUS_SUCCESS = 0x1,
	ACCEL_IDXD_DSA_STATUS_SUCCESS_FALSE = 0x2,
	ACCEL_IDXD_DSA_STATUS_PAGE_FAULT = 0x3,
	ACCEL_IDXD_DSA_STATUS_PAGE_FAULT_INVALID = 0x4,
	ACCEL_IDXD_DSA_STATUS_BATCH_FAILED = 0x5,
	ACCEL_IDXD_DSA_STATUS_BATCH_PAGE_FAULT = 0x6,
	ACCEL_IDXD_DSA_STATUS_DELTA_ORDER = 0x7,
	ACCEL_IDXD_DSA_STATUS_DELTA_OFFSET = 0x8,
	ACCEL_IDXD_DSA_STATUS_DIF_ERROR = 0x9,
	ACCEL_IDXD_DSA_STATUS_BAD_OPCODE = 0x10,
	ACCEL_IDXD_DSA_STATUS_BAD_FLAGS = 0x11,
	ACCEL_IDXD_DSA_STATUS_RESERVED_NOT_ZERO = 0x12,
	ACCEL_IDXD_DSA_STATUS_BAD_SIZE = 0x13,
	ACCEL_IDXD_DSA_STATUS_BAD_COUNT = 0x14,
	ACCEL_IDXD_DSA_STATUS_BAD_DELTA_SIZE = 0x15,
	ACCEL_IDXD_DSA_STATUS_OVERLAP = 0x16,
	ACCEL_IDXD_DSA_STATUS_DUALCAST_MISMATCH = 0x17,
	ACCEL_IDXD_DSA_STATUS_BAD_LIST_ALIGNMENT = 0x18,
	ACCEL_IDXD_DSA_STATUS_BAD_INTERRUPT = 0x19,
	ACCEL_IDXD_DSA_STATUS_RECORD_FAULT = 0x1a,
	ACCEL_IDXD_DSA_STATUS_BAD_RECORD_ALIGNMENT = 0x1b,
	ACCEL_IDXD_DSA_STATUS_BAD_ALIGNMENT = 0x1c,
	ACCEL_IDXD_DSA_STATUS_BAD_PRIVILEGE = 0x1d,
	ACCEL_IDXD_DSA_STATUS_BAD_CLASS = 0x1e,
	ACCEL_IDXD_DSA_STATUS_READBACK_FAULT = 0x1f,
	ACCEL_IDXD_DSA_STATUS_HARDWARE_ERROR = 0x20,
	ACCEL_IDXD_DSA_STATUS_HARDWARE_ERROR_READBACK = 0x21,
	ACCEL_IDXD_DSA_STATUS_TRANSLATION_FAILED = 0x22,
	ACCEL_IDXD_DSA_STATUS_DRAIN_LOGGED = 0x26,
	ACCEL_IDXD_DSA_STATUS_BATCH_LOGGED = 0x27,
};

/**
 * enum accel_idxd_iax_status - Completion status of a descriptor of an IAX device.
 * @ACCEL_IDXD_IAX_STATUS_NONE: Not completed.
 * @ACCEL_IDXD_IAX_STATUS_SUCCESS: Executed successfully.
 * @ACCEL_IDXD_IAX_STATUS_PAGE_FAULT_INVALID: A page at fault-addr is not accessible; completed is
 *   the progress.
 * @ACCEL_IDXD_IAX_STATUS_ANALYTICS_ERROR: The input is invalid for the operation; error-code is the
 *   cause.
 * @ACCEL_IDXD_IAX_STATUS_OUTPUT_FULL: The output did not fit.
 * @ACCEL_IDXD_IAX_STATUS_BAD_OPCODE: The device has no such operation or the queue does not allow
 *   it.
 * @ACCEL_IDXD_IAX_STATUS_BAD_FLAGS: Flags are not allowed for the operation; they are in
 *   invalid-flags.
 * @ACCEL_IDXD_IAX_STATUS_RESERVED_NOT_ZERO: A reserved field is not zero.
 * @ACCEL_IDXD_IAX_STATUS_BAD_SIZE: A size is zero or more than the queue allows.
 * @ACCEL_IDXD_IAX_STATUS_OVERLAP: Ranges overlap that must be disjoint.
 * @ACCEL_IDXD_IAX_STATUS_BAD_INTERRUPT: The interrupt handle is invalid.
 * @ACCEL_IDXD_IAX_STATUS_RECORD_FAULT: The completion record could not be written; this status is
 *   only in the device's log.
 * @ACCEL_IDXD_IAX_STATUS_BAD_RECORD_ALIGNMENT: The address of the completion record is not aligned;
 *   this status is only in the device's log.
 * @ACCEL_IDXD_IAX_STATUS_BAD_ALIGNMENT: An address is not aligned as the operation requires.
 * @ACCEL_IDXD_IAX_STATUS_BAD_PRIVILEGE: The descriptor requests a privilege that the queue does not
 *   have.
 * @ACCEL_IDXD_IAX_STATUS_BAD_CLASS: A traffic class is not configured.
 * @ACCEL_IDXD_IAX_STATUS_READBACK_FAULT: A page of the address to read back is not present.
 * @ACCEL_IDXD_IAX_STATUS_HARDWARE_ERROR: Hardware error.
 * @ACCEL_IDXD_IAX_STATUS_HARDWARE_ERROR_READBACK: Hardware error while the destination was read
 *   back.
 * @ACCEL_IDXD_IAX_STATUS_TRANSLATION_FAILED: The device could not translate an address.
 * @ACCEL_IDXD_IAX_STATUS_PAGE_TIMEOUT: The kernel did not provide a page in time.
 * @ACCEL_IDXD_IAX_STATUS_WATCHDOG: The operation took too long.
 * @ACCEL_IDXD_IAX_STATUS_BAD_COMPRESS_FLAGS: The compression flags are invalid.
 * @ACCEL_IDXD_IAX_STATUS_BAD_FILTER_FLAGS: The filter flags are invalid.
 * @ACCEL_IDXD_IAX_STATUS_BAD_INPUT_SIZE: The size of the input does not match the number of
 *   elements.
 * @ACCEL_IDXD_IAX_STATUS_BAD_ELEMENT_COUNT: The number of elements is invalid.
 * @ACCEL_IDXD_IAX_STATUS_BAD_ELEMENT_WIDTH: The width of the elements is invalid.
 * @ACCEL_IDXD_IAX_STATUS_BAD_INVERT: The output of the operation cannot be inverted.
 */
enum accel_idxd_iax_status {
	ACCEL_IDXD_IAX_STATUS_NONE = 0x0,
	ACCEL_IDXD_IAX_STATUS_SUCCESS = 0x1,
	ACCEL_IDXD_IAX_STATUS_PAGE_FAULT_INVALID = 0x4,
	ACCEL_IDXD_IAX_STATUS_ANALYTICS_ERROR = 0xa,
	ACCEL_IDXD_IAX_STATUS_OUTPUT_FULL = 0xb,
	ACCEL_IDXD_IAX_STATUS_BAD_OPCODE = 0x10,
	ACCEL_IDXD_IAX_STATUS_BAD_FLAGS = 0x11,
	ACCEL_IDXD_IAX_STATUS_RESERVED_NOT_ZERO = 0x12,
	ACCEL_IDXD_IAX_STATUS_BAD_SIZE = 0x13,
	ACCEL_IDXD_IAX_STATUS_OVERLAP = 0x16,
	ACCEL_IDXD_IAX_STATUS_BAD_INTERRUPT = 0x19,
	ACCEL_IDXD_IAX_STATUS_RECORD_FAULT = 0x1a,
	ACCEL_IDXD_IAX_STATUS_BAD_RECORD_ALIGNMENT = 0x1b,
	ACCEL_IDXD_IAX_STATUS_BAD_ALIGNMENT = 0x1c,
	ACCEL_IDXD_IAX_STATUS_BAD_PRIVILEGE = 0x1d,
	ACCEL_IDXD_IAX_STATUS_BAD_CLASS = 0x1e,
	ACCEL_IDXD_IAX_STATUS_READBACK_FAULT = 0x1f,
	ACCEL_IDXD_IAX_STATUS_HARDWARE_ERROR = 0x20,
	ACCEL_IDXD_IAX_STATUS_HARDWARE_ERROR_READBACK = 0x21,
	ACCEL_IDXD_IAX_STATUS_TRANSLATION_FAILED = 0x22,
	ACCEL_IDXD_IAX_STATUS_PAGE_TIMEOUT = 0x23,
	ACCEL_IDXD_IAX_STATUS_WATCHDOG = 0x24,
	ACCEL_IDXD_IAX_STATUS_BAD_COMPRESS_FLAGS = 0x30,
	ACCEL_IDXD_IAX_STATUS_BAD_FILTER_FLAGS = 0x31,
	ACCEL_IDXD_IAX_STATUS_BAD_INPUT_SIZE = 0x32,
	ACCEL_IDXD_IAX_STATUS_BAD_ELEMENT_COUNT = 0x33,
	ACCEL_IDXD_IAX_STATUS_BAD_ELEMENT_WIDTH = 0x34,
	ACCEL_IDXD_IAX_STATUS_BAD_INVERT = 0x35,
};

/*
 * ACCEL_IDXD_COMMAND_STATUS_*: Reasons of the driver for not enabling a device or a queue, in the
 * file cmd_status.
 */
/* The device is enabled already. */
#define ACCEL_IDXD_COMMAND_STATUS_DEVICE_ENABLED 0x80000010ULL
/* The device is not enabled. */
#define ACCEL_IDXD_COMMAND_STATUS_DEVICE_NOT_ENABLED 0x80000020ULL
/* The queue is enabled already. */
#define ACCEL_IDXD_COMMAND_STATUS_QUEUE_ENABLED 0x80000021ULL
/* The device could not be registered with the kernel's DMA engine. */
#define ACCEL_IDXD_COMMAND_STATUS_DEVICE_DMA_ERROR 0x80020000ULL
/* The queue has no group. */
#define ACCEL_IDXD_COMMAND_STATUS_QUEUE_NO_GROUP 0x80030000ULL
/* The queue has no name. */
#define ACCEL_IDXD_COMMAND_STATUS_QUEUE_NO_NAME 0x80040000ULL
/* A shared queue needs an address space per process (PASID). */
#define ACCEL_IDXD_COMMAND_STATUS_QUEUE_NO_SVM 0x80050000ULL
/* A shared queue needs a threshold. */
#define ACCEL_IDXD_COMMAND_STATUS_QUEUE_NO_THRESHOLD 0x80060000ULL
/* The portal of the queue could not be mapped. */
#define ACCEL_IDXD_COMMAND_STATUS_QUEUE_PORTAL_ERROR 0x80070000ULL
/* Memory for the queue could not be allocated. */
#define ACCEL_IDXD_COMMAND_STATUS_QUEUE_NO_MEMORY 0x80080000ULL
/* Memory for the reference counters of the queue could not be allocated. */
#define ACCEL_IDXD_COMMAND_STATUS_PERCPU_ERROR 0x80090000ULL
/* The queue could not be registered with the kernel's DMA engine. */
#define ACCEL_IDXD_COMMAND_STATUS_DMA_CHANNEL_ERROR 0x800A0000ULL
/* The node of the queue could not be created. */
#define ACCEL_IDXD_COMMAND_STATUS_NODE_ERROR 0x800B0000ULL
/* The device or the processor does not support shared queues. */
#define ACCEL_IDXD_COMMAND_STATUS_QUEUE_NO_SHARED_SUPPORT 0x800C0000ULL
/* No queue of the device is configured. */
#define ACCEL_IDXD_COMMAND_STATUS_NO_QUEUE_CONFIGURED 0x800D0000ULL
/* The queue has no size. */
#define ACCEL_IDXD_COMMAND_STATUS_QUEUE_NO_SIZE 0x800E0000ULL
/* The queue lacks the privilege that the kernel requires. */
#define ACCEL_IDXD_COMMAND_STATUS_QUEUE_NO_PRIVILEGE 0x800F0000ULL
/* The interrupt of the queue could not be set up. */
#define ACCEL_IDXD_COMMAND_STATUS_QUEUE_INTERRUPT_ERROR 0x80100000ULL
/*
 * A user queue needs the IOMMU in scalable mode with shared virtual addresses (kernel command line:
 * intel_iommu=on,sm_on).
 */
#define ACCEL_IDXD_COMMAND_STATUS_USER_NO_IOMMU 0x80110000ULL
/* The event log of the device could not be set up. */
#define ACCEL_IDXD_COMMAND_STATUS_EVENT_LOG_ERROR 0x80120000ULL
/* The queue names no driver; a user queue needs driver_name user. */
#define ACCEL_IDXD_COMMAND_STATUS_QUEUE_NO_DRIVER_NAME 0x80200000ULL

/**
 * struct accel_idxd_dsa_descriptor_noop - Nothing.
 * @pad16: Zero.
 * @interrupt: Interrupt handle; 0 for programs.
 * @reserved: Zero. Checked.
 * @pad40: Zero.
 */
struct accel_idxd_dsa_descriptor_noop {
	__u8 pad16[20];
	__u16 interrupt;
	__u16 reserved;
	__u8 pad40[24];
};

/**
 * struct accel_idxd_dsa_descriptor_batch - Several descriptors.
 * @descriptors: Address of an array of descriptors, aligned to 64 bytes.
 * @pad24: Zero.
 * @count: Number of them, at most max_batch_size of the queue. In elements. At least 2.
 * @interrupt: Interrupt handle; 0 for programs.
 * @reserved: Zero. Checked.
 * @pad40: Zero.
 */
struct accel_idxd_dsa_descriptor_batch {
	__u64 descriptors;
	__u8 pad24[8];
	__u32 count;
	__u16 interrupt;
	__u16 reserved;
	__u8 pad40[24];
};

/**
 * struct accel_idxd_dsa_descriptor_drain - Addresses that the device reads to make sure that writes
 *   are complete.
 * @readback: First address to read; 0 for none.
 * @readback2: Second address to read; 0 for none.
 * @pad32: Zero.
 * @interrupt: Interrupt handle; 0 for programs.
 * @reserved: Zero. Checked.
 * @pad40: Zero.
 */
struct accel_idxd_dsa_descriptor_drain {
	__u64 readback;
	__u64 readback2;
	__u8 pad32[4];
	__u16 interrupt;
	__u16 reserved;
	__u8 pad40[24];
};

/**
 * struct accel_idxd_dsa_descriptor_memmove - A copy.
 * @source: Address to read from.
 * @destination: Address to write to.
 * @size: Bytes, at most max_transfer_size of the queue. In bytes. At least 1.
 * @interrupt: Interrupt handle; 0 for programs.
 * @reserved: Zero. Checked.
 * @pad40: Zero.
 */
struct accel_idxd_dsa_descriptor_memmove {
	__u64 source;
	__u64 destination;
	__u32 size;
	__u16 interrupt;
	__u16 reserved;
	__u8 pad40[24];
};

/**
 * struct accel_idxd_dsa_descriptor_memfill - A pattern and its destination.
 * @pattern: The first 8 bytes of the pattern, or all of it.
 * @destination: Address to write to.
 * @size: Bytes, at most max_transfer_size of the queue. In bytes. At least 1.
 * @interrupt: Interrupt handle; 0 for programs.
 * @reserved: Zero. Checked.
 * @pattern_upper: The last 8 bytes of a pattern of 16.
 * @pad48: Zero.
 */
struct accel_idxd_dsa_descriptor_memfill {
	__u64 pattern;
	__u64 destination;
	__u32 size;
	__u16 interrupt;
	__u16 reserved;
	__u64 pattern_upper;
	__u8 pad48[16];
};

/**
 * struct accel_idxd_dsa_descriptor_compare - Two ranges.
 * @source: Address to read from.
 * @source2: The other address to read from.
 * @size: Bytes, at most max_transfer_size of the queue. In bytes. At least 1.
 * @interrupt: Interrupt handle; 0 for programs.
 * @reserved: Zero. Checked.
 * @expected: The result that is a success with check-result: 0 or 1.
 * @pad41: Zero.
 */
struct accel_idxd_dsa_descriptor_compare {
	__u64 source;
	__u64 source2;
	__u32 size;
	__u16 interrupt;
	__u16 reserved;
	__u8 expected;
	__u8 pad41[23];
};

/**
 * struct accel_idxd_dsa_descriptor_compare_pattern - A range and a pattern.
 * @source: Address to read from.
 * @pattern: The 8 bytes that it must repeat.
 * @size: Bytes, at most max_transfer_size of the queue. In bytes. At least 1.
 * @interrupt: Interrupt handle; 0 for programs.
 * @reserved: Zero. Checked.
 * @expected: The result that is a success with check-result: 0 or 1.
 * @pad41: Zero.
 */
struct accel_idxd_dsa_descriptor_compare_pattern {
	__u64 source;
	__u64 pattern;
	__u32 size;
	__u16 interrupt;
	__u16 reserved;
	__u8 expected;
	__u8 pad41[23];
};

/**
 * struct accel_idxd_dsa_descriptor_create_delta - Two ranges and the room for their difference.
 * @source: Address to read from.
 * @source2: The other address to read from.
 * @size: Bytes, at most max_transfer_size of the queue. In bytes. At least 1.
 * @interrupt: Interrupt handle; 0 for programs.
 * @reserved: Zero. Checked.
 * @delta: Address of the delta record, a multiple of 8.
 * @delta_size: Bytes of room for the delta record. In bytes.
 * @reserved2: Zero. Checked.
 * @expected_mask: The results that are a success with check-result, one bit per result.
 * @pad57: Zero.
 */
struct accel_idxd_dsa_descriptor_create_delta {
	__u64 source;
	__u64 source2;
	__u32 size;
	__u16 interrupt;
	__u16 reserved;
	__u64 delta;
	__u32 delta_size;
	__u32 reserved2;
	__u8 expected_mask;
	__u8 pad57[7];
};

/**
 * struct accel_idxd_dsa_descriptor_apply_delta - A difference and the range to change.
 * @delta: Address of the delta record.
 * @destination: Address to write to.
 * @size: Bytes, at most max_transfer_size of the queue. In bytes. At least 1.
 * @interrupt: Interrupt handle; 0 for programs.
 * @reserved: Zero. Checked.
 * @delta_size: Bytes of the delta record. In bytes.
 * @pad44: Zero.
 */
struct accel_idxd_dsa_descriptor_apply_delta {
	__u64 delta;
	__u64 destination;
	__u32 size;
	__u16 interrupt;
	__u16 reserved;
	__u32 delta_size;
	__u8 pad44[20];
};

/**
 * struct accel_idxd_dsa_descriptor_dualcast - A copy to two destinations.
 * @source: Address to read from.
 * @destination: Address to write to.
 * @size: Bytes, at most max_transfer_size of the queue. In bytes. At least 1.
 * @interrupt: Interrupt handle; 0 for programs.
 * @reserved: Zero. Checked.
 * @destination2: The other address to write to, with the same lowest 12 bits.
 * @pad48: Zero.
 */
struct accel_idxd_dsa_descriptor_dualcast {
	__u64 source;
	__u64 destination;
	__u32 size;
	__u16 interrupt;
	__u16 reserved;
	__u64 destination2;
	__u8 pad48[16];
};

/**
 * struct accel_idxd_dsa_descriptor_translation_fetch - Addresses to translate.
 * @address: First address.
 * @pad24: Zero.
 * @region_size: Bytes of the range. In bytes.
 * @interrupt: Interrupt handle; 0 for programs.
 * @reserved: Zero. Checked.
 * @reserved2: Zero. Checked.
 * @region_stride: Bytes from one address to the next. In bytes.
 * @pad52: Zero.
 */
struct accel_idxd_dsa_descriptor_translation_fetch {
	__u64 address;
	__u8 pad24[8];
	__u32 region_size;
	__u16 interrupt;
	__u16 reserved;
	__u64 reserved2;
	__u32 region_stride;
	__u8 pad52[12];
};

/**
 * struct accel_idxd_dsa_descriptor_crc_generate - A range.
 * @source: Address to read from.
 * @pad24: Zero.
 * @size: Bytes, at most max_transfer_size of the queue. In bytes. At least 1.
 * @interrupt: Interrupt handle; 0 for programs.
 * @reserved: Zero. Checked.
 * @seed: Initial value of the checksum; to continue, the inverse of the previous checksum.
 * @reserved2: Zero. Checked.
 * @seed_address: Address of the seed, if it is read from memory; needs a flag of the operation.
 * @pad56: Zero.
 */
struct accel_idxd_dsa_descriptor_crc_generate {
	__u64 source;
	__u8 pad24[8];
	__u32 size;
	__u16 interrupt;
	__u16 reserved;
	__u32 seed;
	__u32 reserved2;
	__u64 seed_address;
	__u8 pad56[8];
};

/**
 * struct accel_idxd_dsa_descriptor_copy_crc - A copy.
 * @source: Address to read from.
 * @destination: Address to write to.
 * @size: Bytes, at most max_transfer_size of the queue. In bytes. At least 1.
 * @interrupt: Interrupt handle; 0 for programs.
 * @reserved: Zero. Checked.
 * @seed: Initial value of the checksum; to continue, the inverse of the previous checksum.
 * @reserved2: Zero. Checked.
 * @seed_address: Address of the seed, if it is read from memory; needs a flag of the operation.
 * @pad56: Zero.
 */
struct accel_idxd_dsa_descriptor_copy_crc {
	__u64 source;
	__u64 destination;
	__u32 size;
	__u16 interrupt;
	__u16 reserved;
	__u32 seed;
	__u32 reserved2;
	__u64 seed_address;
	__u8 pad56[8];
};

/**
 * struct accel_idxd_dsa_descriptor_dif_check - Blocks with protection information. dif-check has no
 *   destination.
 * @source: Address to read from.
 * @destination: Address to write to.
 * @size: Bytes, at most max_transfer_size of the queue. In bytes. At least 1.
 * @interrupt: Interrupt handle; 0 for programs.
 * @reserved: Zero. Checked.
 * @source_flags: Which tags of the source are checked.
 * @reserved2: Zero. Checked.
 * @dif_flags: Size of the blocks and kind of the checksum.
 * @reserved3: Zero. Checked.
 * @reference_tag: Reference tag of the first block.
 * @application_mask: Bits of the application tag that are not checked.
 * @application_tag: Application tag of the first block.
 * @pad56: Zero.
 */
struct accel_idxd_dsa_descriptor_dif_check {
	__u64 source;
	__u64 destination;
	__u32 size;
	__u16 interrupt;
	__u16 reserved;
	__u8 source_flags;
	__u8 reserved2;
	__u8 dif_flags;
	__u8 reserved3[5];
	__u32 reference_tag;
	__u16 application_mask;
	__u16 application_tag;
	__u8 pad56[8];
};

/**
 * struct accel_idxd_dsa_descriptor_dif_insert - Blocks to which protection information is added.
 * @source: Address to read from.
 * @destination: Address to write to.
 * @size: Bytes, at most max_transfer_size of the queue. In bytes. At least 1.
 * @interrupt: Interrupt handle; 0 for programs.
 * @reserved: Zero. Checked.
 * @reserved2: Zero. Checked.
 * @destination_flags: How the tags of the destination are generated.
 * @dif_flags: Size of the blocks and kind of the checksum.
 * @reserved3: Zero. Checked.
 * @reference_tag: Reference tag of the first block.
 * @application_mask: Bits of the application tag that are not used.
 * @application_tag: Application tag of the first block.
 */
struct accel_idxd_dsa_descriptor_dif_insert {
	__u64 source;
	__u64 destination;
	__u32 size;
	__u16 interrupt;
	__u16 reserved;
	__u8 reserved2;
	__u8 destination_flags;
	__u8 dif_flags;
	__u8 reserved3[13];
	__u32 reference_tag;
	__u16 application_mask;
	__u16 application_tag;
};

/**
 * struct accel_idxd_dsa_descriptor_dif_update - Blocks whose protection information is replaced.
 * @source: Address to read from.
 * @destination: Address to write to.
 * @size: Bytes, at most max_transfer_size of the queue. In bytes. At least 1.
 * @interrupt: Interrupt handle; 0 for programs.
 * @reserved: Zero. Checked.
 * @source_flags: Which tags of the source are checked.
 * @destination_flags: How the tags of the destination are generated.
 * @dif_flags: Size of the blocks and kind of the checksum.
 * @reserved3: Zero. Checked.
 * @source_reference_tag: Reference tag of the first block of the source.
 * @source_application_mask: Bits of the application tag of the source that are not checked.
 * @source_application_tag: Application tag of the first block of the source.
 * @reference_tag: Reference tag of the first block of the destination.
 * @application_mask: Bits of the application tag of the destination that are not used.
 * @application_tag: Application tag of the first block of the destination.
 */
struct accel_idxd_dsa_descriptor_dif_update {
	__u64 source;
	__u64 destination;
	__u32 size;
	__u16 interrupt;
	__u16 reserved;
	__u8 source_flags;
	__u8 destination_flags;
	__u8 dif_flags;
	__u8 reserved3[5];
	__u32 source_reference_tag;
	__u16 source_application_mask;
	__u16 source_application_tag;
	__u32 reference_tag;
	__u16 application_mask;
	__u16 application_tag;
};

/**
 * struct accel_idxd_dsa_descriptor_dix_generate - Blocks and the destination of their protection
 *   information.
 * @source: Address to read from.
 * @destination: Address to write to.
 * @size: Bytes, at most max_transfer_size of the queue. In bytes. At least 1.
 * @interrupt: Interrupt handle; 0 for programs.
 * @reserved: Zero. Checked.
 * @reserved2: Zero. Checked.
 * @destination_flags: How the tags are generated.
 * @dif_flags: Size of the blocks and kind of the checksum.
 * @reserved3: Zero. Checked.
 * @reference_tag: Reference tag of the first block.
 * @application_mask: Bits of the application tag that are not used.
 * @application_tag: Application tag of the first block.
 */
struct accel_idxd_dsa_descriptor_dix_generate {
	__u64 source;
	__u64 destination;
	__u32 size;
	__u16 interrupt;
	__u16 reserved;
	__u8 reserved2;
	__u8 destination_flags;
	__u8 dif_flags;
	__u8 reserved3[13];
	__u32 reference_tag;
	__u16 application_mask;
	__u16 application_tag;
};

/**
 * struct accel_idxd_dsa_descriptor_cache_flush - A range.
 * @pad16: Zero.
 * @destination: Address to write to.
 * @size: Bytes, at most max_transfer_size of the queue. In bytes. At least 1.
 * @interrupt: Interrupt handle; 0 for programs.
 * @reserved: Zero. Checked.
 * @pad40: Zero.
 */
struct accel_idxd_dsa_descriptor_cache_flush {
	__u8 pad16[8];
	__u64 destination;
	__u32 size;
	__u16 interrupt;
	__u16 reserved;
	__u8 pad40[24];
};

/**
 * struct accel_idxd_dsa_descriptor - A descriptor of a DSA device.
 * @context: Address space of the addresses. The kernel or the processor fills it in for shared
 *   queues; for dedicated queues it is zero. Parts ACCEL_IDXD_DSA_DESCRIPTOR_CONTEXT_*.
 * @control: Operation and flags. Parts ACCEL_IDXD_DSA_DESCRIPTOR_CONTROL_*.
 * @completion_addr: Address of the completion record, aligned to its size; 0 without record-valid.
 * @noop: Nothing. For noop.
 * @batch: Several descriptors. For batch.
 * @drain: Addresses that the device reads to make sure that writes are complete. For drain.
 * @memmove: A copy. For memmove.
 * @memfill: A pattern and its destination. For memfill.
 * @compare: Two ranges. For compare.
 * @compare_pattern: A range and a pattern. For compare-pattern.
 * @create_delta: Two ranges and the room for their difference. For create-delta.
 * @apply_delta: A difference and the range to change. For apply-delta.
 * @dualcast: A copy to two destinations. For dualcast.
 * @translation_fetch: Addresses to translate. For translation-fetch.
 * @crc_generate: A range. For crc-generate.
 * @copy_crc: A copy. For copy-crc.
 * @dif_check: Blocks with protection information. dif-check has no destination. For dif-check,
 *   dif-strip.
 * @dif_insert: Blocks to which protection information is added. For dif-insert.
 * @dif_update: Blocks whose protection information is replaced. For dif-update.
 * @dix_generate: Blocks and the destination of their protection information. For dix-generate.
 * @cache_flush: A range. For cache-flush.
 */
struct accel_idxd_dsa_descriptor {
	__u32 context;
	__u32 control;
	__u64 completion_addr;
	union {
		struct accel_idxd_dsa_descriptor_noop noop;
		struct accel_idxd_dsa_descriptor_batch batch;
		struct accel_idxd_dsa_descriptor_drain drain;
		struct accel_idxd_dsa_descriptor_memmove memmove;
		struct accel_idxd_dsa_descriptor_memfill memfill;
		struct accel_idxd_dsa_descriptor_compare compare;
		struct accel_idxd_dsa_descriptor_compare_pattern compare_pattern;
		struct accel_idxd_dsa_descriptor_create_delta create_delta;
		struct accel_idxd_dsa_descriptor_apply_delta apply_delta;
		struct accel_idxd_dsa_descriptor_dualcast dualcast;
		struct accel_idxd_dsa_descriptor_translation_fetch translation_fetch;
		struct accel_idxd_dsa_descriptor_crc_generate crc_generate;
		struct accel_idxd_dsa_descriptor_copy_crc copy_crc;
		struct accel_idxd_dsa_descriptor_dif_check dif_check;
		struct accel_idxd_dsa_descriptor_dif_insert dif_insert;
		struct accel_idxd_dsa_descriptor_dif_update dif_update;
		struct accel_idxd_dsa_descriptor_dix_generate dix_generate;
		struct accel_idxd_dsa_descriptor_cache_flush cache_flush;
	};
};

/* Parts of context of struct accel_idxd_dsa_descriptor. */
/* Number of the address space. */
#define ACCEL_IDXD_DSA_DESCRIPTOR_CONTEXT_PASID_SHIFT 0
#define ACCEL_IDXD_DSA_DESCRIPTOR_CONTEXT_PASID_MASK 0xfffff
/* Executed with the rights of the kernel; not for programs. */
#define ACCEL_IDXD_DSA_DESCRIPTOR_CONTEXT_PRIVILEGED_SHIFT 31
#define ACCEL_IDXD_DSA_DESCRIPTOR_CONTEXT_PRIVILEGED_MASK 0x80000000ULL

/* Parts of control of struct accel_idxd_dsa_descriptor. */
/* Flags of the execution. */
#define ACCEL_IDXD_DSA_DESCRIPTOR_CONTROL_FLAGS_SHIFT 0
#define ACCEL_IDXD_DSA_DESCRIPTOR_CONTROL_FLAGS_MASK 0xffffff
/* The operation. */
#define ACCEL_IDXD_DSA_DESCRIPTOR_CONTROL_OPCODE_SHIFT 24
#define ACCEL_IDXD_DSA_DESCRIPTOR_CONTROL_OPCODE_MASK 0xFF000000ULL

/**
 * struct accel_idxd_iax_descriptor - A descriptor of an IAX device.
 * @context: Address space of the addresses. The kernel or the processor fills it in for shared
 *   queues; for dedicated queues it is zero. Parts ACCEL_IDXD_IAX_DESCRIPTOR_CONTEXT_*.
 * @control: Operation and flags. Parts ACCEL_IDXD_IAX_DESCRIPTOR_CONTROL_*.
 * @completion_addr: Address of the completion record, aligned to its size; 0 without record-valid.
 * @source: Address to read from.
 * @destination: Address to write to.
 * @source_size: Bytes to read, at most max_transfer_size of the queue. In bytes.
 * @interrupt: Interrupt handle; 0 for programs.
 * @compression_flags: Flags of compression or decompression.
 * @source2: Address of the state (AECS) or of more input.
 * @destination_size: Room for the output. In bytes.
 * @source2_size: Bytes of the second source. In bytes.
 * @filter_flags: Format of input and output of a filter.
 * @elements: Elements of the input of a filter. In elements.
 */
struct accel_idxd_iax_descriptor {
	__u32 context;
	__u32 control;
	__u64 completion_addr;
	__u64 source;
	__u64 destination;
	__u32 source_size;
	__u16 interrupt;
	__u16 compression_flags;
	__u64 source2;
	__u32 destination_size;
	__u32 source2_size;
	__u32 filter_flags;
	__u32 elements;
};

/* Parts of context of struct accel_idxd_iax_descriptor. */
/* Number of the address space. */
#define ACCEL_IDXD_IAX_DESCRIPTOR_CONTEXT_PASID_SHIFT 0
#define ACCEL_IDXD_IAX_DESCRIPTOR_CONTEXT_PASID_MASK 0xfffff
/* Executed with the rights of the kernel; not for programs. */
#define ACCEL_IDXD_IAX_DESCRIPTOR_CONTEXT_PRIVILEGED_SHIFT 31
#define ACCEL_IDXD_IAX_DESCRIPTOR_CONTEXT_PRIVILEGED_MASK 0x80000000ULL

/* Parts of control of struct accel_idxd_iax_descriptor. */
/* Flags of the execution. */
#define ACCEL_IDXD_IAX_DESCRIPTOR_CONTROL_FLAGS_SHIFT 0
#define ACCEL_IDXD_IAX_DESCRIPTOR_CONTROL_FLAGS_MASK 0xffffff
/* The operation. */
#define ACCEL_IDXD_IAX_DESCRIPTOR_CONTROL_OPCODE_SHIFT 24
#define ACCEL_IDXD_IAX_DESCRIPTOR_CONTROL_OPCODE_MASK 0xFF000000ULL

/**
 * struct accel_idxd_dsa_completion_refused - A descriptor whose flags are not allowed.
 * @invalid: Invalid flags. Parts ACCEL_IDXD_DSA_COMPLETION_REFUSED_INVALID_*.
 * @pad20: Zero.
 */
struct accel_idxd_dsa_completion_refused {
	__u32 invalid;
	__u8 pad20[12];
};

/* Parts of invalid of struct accel_idxd_dsa_completion_refused. */
/* Flags that are not allowed. */
#define ACCEL_IDXD_DSA_COMPLETION_REFUSED_INVALID_FLAGS_SHIFT 0
#define ACCEL_IDXD_DSA_COMPLETION_REFUSED_INVALID_FLAGS_MASK 0xffffff

/**
 * struct accel_idxd_dsa_completion_delta - A delta record.
 * @size: Bytes of the delta record. In bytes.
 * @pad20: Zero.
 */
struct accel_idxd_dsa_completion_delta {
	__u32 size;
	__u8 pad20[12];
};

/**
 * struct accel_idxd_dsa_completion_crc - A checksum.
 * @value: The checksum.
 * @pad24: Zero.
 */
struct accel_idxd_dsa_completion_crc {
	__u64 value;
	__u8 pad24[8];
};

/**
 * struct accel_idxd_dsa_completion_dif_check - The tags of the block after the last one, or of the
 *   wrong one.
 * @reference_tag: Its reference tag.
 * @application_mask: The mask.
 * @application_tag: Its application tag.
 * @pad24: Zero.
 */
struct accel_idxd_dsa_completion_dif_check {
	__u32 reference_tag;
	__u16 application_mask;
	__u16 application_tag;
	__u8 pad24[8];
};

/**
 * struct accel_idxd_dsa_completion_dif_insert - The tags of the block after the last one.
 * @reserved: Zero.
 * @reference_tag: Its reference tag.
 * @application_mask: The mask.
 * @application_tag: Its application tag.
 */
struct accel_idxd_dsa_completion_dif_insert {
	__u64 reserved;
	__u32 reference_tag;
	__u16 application_mask;
	__u16 application_tag;
};

/**
 * struct accel_idxd_dsa_completion_dif_update - The tags of the block after the last one.
 * @source_reference_tag: Its reference tag in the source.
 * @source_application_mask: The mask of the source.
 * @source_application_tag: Its application tag in the source.
 * @reference_tag: Its reference tag in the destination.
 * @application_mask: The mask of the destination.
 * @application_tag: Its application tag in the destination.
 */
struct accel_idxd_dsa_completion_dif_update {
	__u32 source_reference_tag;
	__u16 source_application_mask;
	__u16 source_application_tag;
	__u32 reference_tag;
	__u16 application_mask;
	__u16 application_tag;
};

/**
 * struct accel_idxd_dsa_completion_dix_generate - The tags of the block after the last one.
 * @reserved: Zero.
 * @reference_tag: Its reference tag.
 * @application_mask: The mask.
 * @application_tag: Its application tag.
 */
struct accel_idxd_dsa_completion_dix_generate {
	__u64 reserved;
	__u32 reference_tag;
	__u16 application_mask;
	__u16 application_tag;
};

/**
 * struct accel_idxd_dsa_completion - The completion record of a DSA device. The program zeroes the
 *   status before it submits the descriptor, then waits until the status is not zero; it must read
 *   it with acquire ordering.
 * @status: Completion status. The device writes it last. Parts ACCEL_IDXD_DSA_COMPLETION_STATUS_*.
 * @result: Result of the operation; of a dif operation, the wrong tags.
 * @fault_info: Which of the addresses caused the fault.
 * @reserved: Zero.
 * @completed: Bytes that were processed before a fault or a difference; of a batch, descriptors.
 * @fault_addr: Address of the fault.
 * @refused: A descriptor whose flags are not allowed.
 * @delta: A delta record.
 * @crc: A checksum.
 * @dif_check: The tags of the block after the last one, or of the wrong one.
 * @dif_insert: The tags of the block after the last one.
 * @dif_update: The tags of the block after the last one.
 * @dix_generate: The tags of the block after the last one.
 */
struct accel_idxd_dsa_completion {
	__u8 status;
	__u8 result;
	__u8 fault_info;
	__u8 reserved;
	__u32 completed;
	__u64 fault_addr;
	union {
		struct accel_idxd_dsa_completion_refused refused;
		struct accel_idxd_dsa_completion_delta delta;
		struct accel_idxd_dsa_completion_crc crc;
		struct accel_idxd_dsa_completion_dif_check dif_check;
		struct accel_idxd_dsa_completion_dif_insert dif_insert;
		struct accel_idxd_dsa_completion_dif_update dif_update;
		struct accel_idxd_dsa_completion_dix_generate dix_generate;
	};
};

/* Parts of status of struct accel_idxd_dsa_completion. */
/* The status. */
#define ACCEL_IDXD_DSA_COMPLETION_STATUS_CODE_SHIFT 0
#define ACCEL_IDXD_DSA_COMPLETION_STATUS_CODE_MASK 0x7f
/* A write caused the fault, otherwise a read. */
#define ACCEL_IDXD_DSA_COMPLETION_STATUS_WRITE_SHIFT 7
#define ACCEL_IDXD_DSA_COMPLETION_STATUS_WRITE_MASK 0x80

/**
 * struct accel_idxd_iax_completion - The completion record of an IAX device; read its status like
 *   that of dsa-completion.
 * @status: Completion status. The device writes it last. Parts ACCEL_IDXD_IAX_COMPLETION_STATUS_*.
 * @error_code: Cause of invalid input.
 * @fault_info: Which of the addresses caused the fault.
 * @reserved: Zero.
 * @completed: Bytes of the input that were processed before a fault.
 * @fault_addr: Address of the fault.
 * @invalid_flags: Flags that are not allowed. Bits ACCEL_IDXD_DESCRIPTOR_FLAGS_*.
 * @reserved2: Zero.
 * @output_size: Bytes of the output. In bytes.
 * @output_bits: Valid bits of its last byte; 0 is all. In bits.
 * @reserved3: Zero.
 * @xor_checksum: Exclusive or of the data in words of 16 bits.
 * @crc: Checksum of the data.
 * @minimum: The least element or the first index.
 * @maximum: The greatest element or the last index.
 * @sum: Sum or number of elements.
 * @reserved4: Zero.
 */
struct accel_idxd_iax_completion {
	__u8 status;
	__u8 error_code;
	__u8 fault_info;
	__u8 reserved;
	__u32 completed;
	__u64 fault_addr;
	__u32 invalid_flags;
	__u32 reserved2;
	__u32 output_size;
	__u8 output_bits;
	__u8 reserved3;
	__u16 xor_checksum;
	__u32 crc;
	__u32 minimum;
	__u32 maximum;
	__u32 sum;
	__u64 reserved4[2];
};

/* Parts of status of struct accel_idxd_iax_completion. */
/* The status. */
#define ACCEL_IDXD_IAX_COMPLETION_STATUS_CODE_SHIFT 0
#define ACCEL_IDXD_IAX_COMPLETION_STATUS_CODE_MASK 0x7f
/* A write caused the fault, otherwise a read. */
#define ACCEL_IDXD_IAX_COMPLETION_STATUS_WRITE_SHIFT 7
#define ACCEL_IDXD_IAX_COMPLETION_STATUS_WRITE_MASK 0x80

/**
 * struct accel_idxd_software_error - Error that the device could not report in a completion record,
 *   as in the file errors. Not in the kernel's header.
 * @cause: Cause of the error. Parts ACCEL_IDXD_SOFTWARE_ERROR_CAUSE_*.
 * @detail: Details of the error. Parts ACCEL_IDXD_SOFTWARE_ERROR_DETAIL_*.
 * @fault_addr: Address of the fault.
 * @reserved: Zero.
 */
struct accel_idxd_software_error {
	__u64 cause;
	__u64 detail;
	__u64 fault_addr;
	__u64 reserved;
};

/* Parts of cause of struct accel_idxd_software_error. */
/* An error is recorded. */
#define ACCEL_IDXD_SOFTWARE_ERROR_CAUSE_VALID_SHIFT 0
#define ACCEL_IDXD_SOFTWARE_ERROR_CAUSE_VALID_MASK 0x1
/* More errors occurred and were lost. */
#define ACCEL_IDXD_SOFTWARE_ERROR_CAUSE_OVERFLOW_SHIFT 1
#define ACCEL_IDXD_SOFTWARE_ERROR_CAUSE_OVERFLOW_MASK 0x2
/* Operation and pasid are those of the descriptor. */
#define ACCEL_IDXD_SOFTWARE_ERROR_CAUSE_DESCRIPTOR_VALID_SHIFT 2
#define ACCEL_IDXD_SOFTWARE_ERROR_CAUSE_DESCRIPTOR_VALID_MASK 0x4
/* The queue is known. */
#define ACCEL_IDXD_SOFTWARE_ERROR_CAUSE_QUEUE_VALID_SHIFT 3
#define ACCEL_IDXD_SOFTWARE_ERROR_CAUSE_QUEUE_VALID_MASK 0x8
/* The descriptor was part of a batch. */
#define ACCEL_IDXD_SOFTWARE_ERROR_CAUSE_BATCH_SHIFT 4
#define ACCEL_IDXD_SOFTWARE_ERROR_CAUSE_BATCH_MASK 0x10
/* A write caused the fault, otherwise a read. */
#define ACCEL_IDXD_SOFTWARE_ERROR_CAUSE_WRITE_SHIFT 5
#define ACCEL_IDXD_SOFTWARE_ERROR_CAUSE_WRITE_MASK 0x20
/* The descriptor had the rights of the kernel. */
#define ACCEL_IDXD_SOFTWARE_ERROR_CAUSE_PRIVILEGED_SHIFT 6
#define ACCEL_IDXD_SOFTWARE_ERROR_CAUSE_PRIVILEGED_MASK 0x40
/* Status of a DSA device, or a code of the device's manual. */
#define ACCEL_IDXD_SOFTWARE_ERROR_CAUSE_ERROR_SHIFT 8
#define ACCEL_IDXD_SOFTWARE_ERROR_CAUSE_ERROR_MASK 0xff00
/* Number of the queue. */
#define ACCEL_IDXD_SOFTWARE_ERROR_CAUSE_QUEUE_SHIFT 16
#define ACCEL_IDXD_SOFTWARE_ERROR_CAUSE_QUEUE_MASK 0xff0000
/* Operation of the descriptor. */
#define ACCEL_IDXD_SOFTWARE_ERROR_CAUSE_OPERATION_SHIFT 32
#define ACCEL_IDXD_SOFTWARE_ERROR_CAUSE_OPERATION_MASK 0xFF00000000ULL
/* Address space of the descriptor. */
#define ACCEL_IDXD_SOFTWARE_ERROR_CAUSE_PASID_SHIFT 40
#define ACCEL_IDXD_SOFTWARE_ERROR_CAUSE_PASID_MASK 0xFFFFF0000000000ULL

/* Parts of detail of struct accel_idxd_software_error. */
/* Number of the descriptor in its batch. */
#define ACCEL_IDXD_SOFTWARE_ERROR_DETAIL_BATCH_INDEX_SHIFT 0
#define ACCEL_IDXD_SOFTWARE_ERROR_DETAIL_BATCH_INDEX_MASK 0xffff
/* Flags that are not allowed. */
#define ACCEL_IDXD_SOFTWARE_ERROR_DETAIL_INVALID_FLAGS_SHIFT 32
#define ACCEL_IDXD_SOFTWARE_ERROR_DETAIL_INVALID_FLAGS_MASK 0xFFFFFFFF00000000ULL

#ifdef __cplusplus
#define _ACCEL_UAPI_ASSERT static_assert
#else
#define _ACCEL_UAPI_ASSERT _Static_assert
#endif
#define _ACCEL_UAPI_SIZE(type, size) \
	_ACCEL_UAPI_ASSERT(sizeof(struct type) == (size), "size of struct " #type)
#define _ACCEL_UAPI_OFFSET(type, member, offset) \
	_ACCEL_UAPI_ASSERT(__builtin_offsetof(struct type, member) == (offset), #type ", " #member)
_ACCEL_UAPI_SIZE(accel_idxd_dsa_descriptor_noop, 48);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_noop, interrupt, 20);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_noop, reserved, 22);
_ACCEL_UAPI_SIZE(accel_idxd_dsa_descriptor_batch, 48);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_batch, descriptors, 0);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_batch, count, 16);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_batch, interrupt, 20);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_batch, reserved, 22);
_ACCEL_UAPI_SIZE(accel_idxd_dsa_descriptor_drain, 48);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_drain, readback, 0);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_drain, readback2, 8);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_drain, interrupt, 20);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_drain, reserved, 22);
_ACCEL_UAPI_SIZE(accel_idxd_dsa_descriptor_memmove, 48);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_memmove, source, 0);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_memmove, destination, 8);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_memmove, size, 16);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_memmove, interrupt, 20);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_memmove, reserved, 22);
_ACCEL_UAPI_SIZE(accel_idxd_dsa_descriptor_memfill, 48);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_memfill, pattern, 0);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_memfill, destination, 8);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_memfill, size, 16);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_memfill, interrupt, 20);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_memfill, reserved, 22);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_memfill, pattern_upper, 24);
_ACCEL_UAPI_SIZE(accel_idxd_dsa_descriptor_compare, 48);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_compare, source, 0);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_compare, source2, 8);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_compare, size, 16);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_compare, interrupt, 20);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_compare, reserved, 22);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_compare, expected, 24);
_ACCEL_UAPI_SIZE(accel_idxd_dsa_descriptor_compare_pattern, 48);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_compare_pattern, source, 0);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_compare_pattern, pattern, 8);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_compare_pattern, size, 16);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_compare_pattern, interrupt, 20);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_compare_pattern, reserved, 22);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_compare_pattern, expected, 24);
_ACCEL_UAPI_SIZE(accel_idxd_dsa_descriptor_create_delta, 48);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_create_delta, source, 0);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_create_delta, source2, 8);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_create_delta, size, 16);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_create_delta, interrupt, 20);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_create_delta, reserved, 22);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_create_delta, delta, 24);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_create_delta, delta_size, 32);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_create_delta, reserved2, 36);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_create_delta, expected_mask, 40);
_ACCEL_UAPI_SIZE(accel_idxd_dsa_descriptor_apply_delta, 48);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_apply_delta, delta, 0);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_apply_delta, destination, 8);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_apply_delta, size, 16);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_apply_delta, interrupt, 20);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_apply_delta, reserved, 22);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_apply_delta, delta_size, 24);
_ACCEL_UAPI_SIZE(accel_idxd_dsa_descriptor_dualcast, 48);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dualcast, source, 0);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dualcast, destination, 8);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dualcast, size, 16);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dualcast, interrupt, 20);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dualcast, reserved, 22);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dualcast, destination2, 24);
_ACCEL_UAPI_SIZE(accel_idxd_dsa_descriptor_translation_fetch, 48);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_translation_fetch, address, 0);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_translation_fetch, region_size, 16);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_translation_fetch, interrupt, 20);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_translation_fetch, reserved, 22);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_translation_fetch, reserved2, 24);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_translation_fetch, region_stride, 32);
_ACCEL_UAPI_SIZE(accel_idxd_dsa_descriptor_crc_generate, 48);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_crc_generate, source, 0);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_crc_generate, size, 16);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_crc_generate, interrupt, 20);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_crc_generate, reserved, 22);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_crc_generate, seed, 24);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_crc_generate, reserved2, 28);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_crc_generate, seed_address, 32);
_ACCEL_UAPI_SIZE(accel_idxd_dsa_descriptor_copy_crc, 48);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_copy_crc, source, 0);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_copy_crc, destination, 8);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_copy_crc, size, 16);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_copy_crc, interrupt, 20);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_copy_crc, reserved, 22);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_copy_crc, seed, 24);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_copy_crc, reserved2, 28);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_copy_crc, seed_address, 32);
_ACCEL_UAPI_SIZE(accel_idxd_dsa_descriptor_dif_check, 48);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dif_check, source, 0);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dif_check, destination, 8);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dif_check, size, 16);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dif_check, interrupt, 20);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dif_check, reserved, 22);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dif_check, source_flags, 24);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dif_check, reserved2, 25);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dif_check, dif_flags, 26);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dif_check, reserved3, 27);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dif_check, reference_tag, 32);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dif_check, application_mask, 36);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dif_check, application_tag, 38);
_ACCEL_UAPI_SIZE(accel_idxd_dsa_descriptor_dif_insert, 48);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dif_insert, source, 0);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dif_insert, destination, 8);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dif_insert, size, 16);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dif_insert, interrupt, 20);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dif_insert, reserved, 22);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dif_insert, reserved2, 24);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dif_insert, destination_flags, 25);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dif_insert, dif_flags, 26);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dif_insert, reserved3, 27);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dif_insert, reference_tag, 40);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dif_insert, application_mask, 44);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dif_insert, application_tag, 46);
_ACCEL_UAPI_SIZE(accel_idxd_dsa_descriptor_dif_update, 48);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dif_update, source, 0);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dif_update, destination, 8);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dif_update, size, 16);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dif_update, interrupt, 20);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dif_update, reserved, 22);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dif_update, source_flags, 24);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dif_update, destination_flags, 25);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dif_update, dif_flags, 26);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dif_update, reserved3, 27);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dif_update, source_reference_tag, 32);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dif_update, source_application_mask, 36);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dif_update, source_application_tag, 38);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dif_update, reference_tag, 40);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dif_update, application_mask, 44);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dif_update, application_tag, 46);
_ACCEL_UAPI_SIZE(accel_idxd_dsa_descriptor_dix_generate, 48);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dix_generate, source, 0);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dix_generate, destination, 8);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dix_generate, size, 16);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dix_generate, interrupt, 20);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dix_generate, reserved, 22);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dix_generate, reserved2, 24);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dix_generate, destination_flags, 25);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dix_generate, dif_flags, 26);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dix_generate, reserved3, 27);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dix_generate, reference_tag, 40);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dix_generate, application_mask, 44);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_dix_generate, application_tag, 46);
_ACCEL_UAPI_SIZE(accel_idxd_dsa_descriptor_cache_flush, 48);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_cache_flush, destination, 8);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_cache_flush, size, 16);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_cache_flush, interrupt, 20);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor_cache_flush, reserved, 22);
_ACCEL_UAPI_SIZE(accel_idxd_dsa_descriptor, 64);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor, context, 0);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor, control, 4);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor, completion_addr, 8);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor, noop, 16);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor, batch, 16);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor, drain, 16);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor, memmove, 16);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor, memfill, 16);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor, compare, 16);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor, compare_pattern, 16);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor, create_delta, 16);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor, apply_delta, 16);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor, dualcast, 16);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor, translation_fetch, 16);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor, crc_generate, 16);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor, copy_crc, 16);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor, dif_check, 16);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor, dif_insert, 16);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor, dif_update, 16);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor, dix_generate, 16);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_descriptor, cache_flush, 16);
_ACCEL_UAPI_SIZE(accel_idxd_iax_descriptor, 64);
_ACCEL_UAPI_OFFSET(accel_idxd_iax_descriptor, context, 0);
_ACCEL_UAPI_OFFSET(accel_idxd_iax_descriptor, control, 4);
_ACCEL_UAPI_OFFSET(accel_idxd_iax_descriptor, completion_addr, 8);
_ACCEL_UAPI_OFFSET(accel_idxd_iax_descriptor, source, 16);
_ACCEL_UAPI_OFFSET(accel_idxd_iax_descriptor, destination, 24);
_ACCEL_UAPI_OFFSET(accel_idxd_iax_descriptor, source_size, 32);
_ACCEL_UAPI_OFFSET(accel_idxd_iax_descriptor, interrupt, 36);
_ACCEL_UAPI_OFFSET(accel_idxd_iax_descriptor, compression_flags, 38);
_ACCEL_UAPI_OFFSET(accel_idxd_iax_descriptor, source2, 40);
_ACCEL_UAPI_OFFSET(accel_idxd_iax_descriptor, destination_size, 48);
_ACCEL_UAPI_OFFSET(accel_idxd_iax_descriptor, source2_size, 52);
_ACCEL_UAPI_OFFSET(accel_idxd_iax_descriptor, filter_flags, 56);
_ACCEL_UAPI_OFFSET(accel_idxd_iax_descriptor, elements, 60);
_ACCEL_UAPI_SIZE(accel_idxd_dsa_completion_refused, 16);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_completion_refused, invalid, 0);
_ACCEL_UAPI_SIZE(accel_idxd_dsa_completion_delta, 16);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_completion_delta, size, 0);
_ACCEL_UAPI_SIZE(accel_idxd_dsa_completion_crc, 16);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_completion_crc, value, 0);
_ACCEL_UAPI_SIZE(accel_idxd_dsa_completion_dif_check, 16);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_completion_dif_check, reference_tag, 0);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_completion_dif_check, application_mask, 4);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_completion_dif_check, application_tag, 6);
_ACCEL_UAPI_SIZE(accel_idxd_dsa_completion_dif_insert, 16);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_completion_dif_insert, reserved, 0);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_completion_dif_insert, reference_tag, 8);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_completion_dif_insert, application_mask, 12);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_completion_dif_insert, application_tag, 14);
_ACCEL_UAPI_SIZE(accel_idxd_dsa_completion_dif_update, 16);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_completion_dif_update, source_reference_tag, 0);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_completion_dif_update, source_application_mask, 4);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_completion_dif_update, source_application_tag, 6);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_completion_dif_update, reference_tag, 8);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_completion_dif_update, application_mask, 12);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_completion_dif_update, application_tag, 14);
_ACCEL_UAPI_SIZE(accel_idxd_dsa_completion_dix_generate, 16);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_completion_dix_generate, reserved, 0);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_completion_dix_generate, reference_tag, 8);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_completion_dix_generate, application_mask, 12);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_completion_dix_generate, application_tag, 14);
_ACCEL_UAPI_SIZE(accel_idxd_dsa_completion, 32);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_completion, status, 0);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_completion, result, 1);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_completion, fault_info, 2);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_completion, reserved, 3);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_completion, completed, 4);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_completion, fault_addr, 8);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_completion, refused, 16);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_completion, delta, 16);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_completion, crc, 16);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_completion, dif_check, 16);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_completion, dif_insert, 16);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_completion, dif_update, 16);
_ACCEL_UAPI_OFFSET(accel_idxd_dsa_completion, dix_generate, 16);
_ACCEL_UAPI_SIZE(accel_idxd_iax_completion, 64);
_ACCEL_UAPI_OFFSET(accel_idxd_iax_completion, status, 0);
_ACCEL_UAPI_OFFSET(accel_idxd_iax_completion, error_code, 1);
_ACCEL_UAPI_OFFSET(accel_idxd_iax_completion, fault_info, 2);
_ACCEL_UAPI_OFFSET(accel_idxd_iax_completion, reserved, 3);
_ACCEL_UAPI_OFFSET(accel_idxd_iax_completion, completed, 4);
_ACCEL_UAPI_OFFSET(accel_idxd_iax_completion, fault_addr, 8);
_ACCEL_UAPI_OFFSET(accel_idxd_iax_completion, invalid_flags, 16);
_ACCEL_UAPI_OFFSET(accel_idxd_iax_completion, reserved2, 20);
_ACCEL_UAPI_OFFSET(accel_idxd_iax_completion, output_size, 24);
_ACCEL_UAPI_OFFSET(accel_idxd_iax_completion, output_bits, 28);
_ACCEL_UAPI_OFFSET(accel_idxd_iax_completion, reserved3, 29);
_ACCEL_UAPI_OFFSET(accel_idxd_iax_completion, xor_checksum, 30);
_ACCEL_UAPI_OFFSET(accel_idxd_iax_completion, crc, 32);
_ACCEL_UAPI_OFFSET(accel_idxd_iax_completion, minimum, 36);
_ACCEL_UAPI_OFFSET(accel_idxd_iax_completion, maximum, 40);
_ACCEL_UAPI_OFFSET(accel_idxd_iax_completion, sum, 44);
_ACCEL_UAPI_OFFSET(accel_idxd_iax_completion, reserved4, 48);
_ACCEL_UAPI_SIZE(accel_idxd_software_error, 32);
_ACCEL_UAPI_OFFSET(accel_idxd_software_error, cause, 0);
_ACCEL_UAPI_OFFSET(accel_idxd_software_error, detail, 8);
_ACCEL_UAPI_OFFSET(accel_idxd_software_error, fault_addr, 16);
_ACCEL_UAPI_OFFSET(accel_idxd_software_error, reserved, 24);
#undef _ACCEL_UAPI_OFFSET
#undef _ACCEL_UAPI_SIZE
#undef _ACCEL_UAPI_ASSERT

#endif
