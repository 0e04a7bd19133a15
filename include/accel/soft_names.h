/* SPDX-License-Identifier: MIT */
/* Names of the numbers of <uapi/accel/soft.h>; generated from spec/soft.yaml by gen/, do not edit. */
#ifndef ACCEL_SOFT_NAMES_H
#define ACCEL_SOFT_NAMES_H

#include <accel/names.h>
#include <uapi/accel/soft.h>

/* clang-format off */

/** Operation of a descriptor. */
ACCEL_NAME_TABLE struct accel_name accel_soft_op_names[] = {
	{ACCEL_SOFT_OP_NOP, "nop", "Complete without any work.", 0, 0},
	{ACCEL_SOFT_OP_COPY, "copy", "Copy length bytes from src to dst; the ranges may overlap.", 0, 0},
	{ACCEL_SOFT_OP_FILL, "fill", "Fill length bytes at dst with an 8-byte pattern.", 0, 0},
	{ACCEL_SOFT_OP_COMPARE, "compare", "Compare length bytes; result is the offset of the first difference, or length.", 0, 0},
	{ACCEL_SOFT_OP_CRC32C, "crc32c", "Compute the CRC-32C of length bytes at src, starting from seed; result is the CRC.", 0, 0},
	{ACCEL_SOFT_OP_COPY_CRC32C, "copy-crc32c", "Copy and compute the CRC-32C of the copied bytes in one pass.", 0, 0},
	{ACCEL_SOFT_OP_DEFLATE, "deflate", "Compress src into one gzip member at dst; result is its size.", 0, 0},
	{ACCEL_SOFT_OP_INFLATE, "inflate", "Decompress gzip data; result is the bytes written, detail the bytes of input used.", 0, 0},
	{ACCEL_SOFT_OP_MATMUL, "matmul", "C = A × B, row-major with strides.", 0, 0},
	{ACCEL_SOFT_OP_BATCH, "batch", "Execute an array of descriptors in memory.", 0, 0},
};

/** Ordering and reporting of a descriptor. */
ACCEL_NAME_TABLE struct accel_name accel_soft_descriptor_flags_names[] = {
	{ACCEL_SOFT_DESCRIPTOR_FLAGS_FENCE, "fence", "Start only after every earlier descriptor of this queue (or batch) has completed.", 0, 0},
	{ACCEL_SOFT_DESCRIPTOR_FLAGS_RECORD, "record", "Write a record even if the operation has no result.", 0, 0},
	{ACCEL_SOFT_DESCRIPTOR_FLAGS_LAST, "last", "Inflate: this is the end of the input; data that ends within a member is a data-error.", 0, 0},
	{ACCEL_SOFT_DESCRIPTOR_FLAGS_GO_ON, "go-on", "Batch: continue after a descriptor that failed.", 0, 0},
};

/** Element type of A and B, which determines that of C. */
ACCEL_NAME_TABLE struct accel_name accel_soft_matrix_type_names[] = {
	{ACCEL_SOFT_MATRIX_TYPE_F32, "f32", "32-bit floating point; C is f32.", 0, 0},
	{ACCEL_SOFT_MATRIX_TYPE_BF16, "bf16", "bfloat16; C is f32.", 0, 0},
	{ACCEL_SOFT_MATRIX_TYPE_S8, "s8", "8-bit signed integer; C is 32-bit signed integer.", 0, 0},
};

/** Commands of the firmware, each with the scope that it requires. */
ACCEL_NAME_TABLE struct accel_name accel_soft_opcode_names[] = {
	{ACCEL_SOFT_OPCODE_IDENTIFY, "identify", "Return the identity of the device, struct identity.", 0, 0},
	{ACCEL_SOFT_OPCODE_GET_FEATURE, "get-feature", "Return the value of the feature in argument, struct feature-value.", 0, 0},
	{ACCEL_SOFT_OPCODE_SET_FEATURE, "set-feature", "Set the feature in argument to value and return struct feature-value.", 0, 0},
	{ACCEL_SOFT_OPCODE_GET_LOG, "get-log", "Return the log page in argument, struct health or an array of struct error-entry.", 0, 0},
	{ACCEL_SOFT_OPCODE_SELF_TEST, "self-test", "Run every engine on known data and return struct self-test-result.", 0, 0},
	{ACCEL_SOFT_OPCODE_INJECT_FAULT, "inject-fault", "Let the next operations with the op in argument fail with engine-error; value is their number.", 0, 0},
};

/** Settings of the device. */
ACCEL_NAME_TABLE struct accel_name accel_soft_feature_names[] = {
	{ACCEL_SOFT_FEATURE_WORKERS, "workers", "Number of worker threads, 1 to max-workers; can be set only while no queue exists.", 1, 64},
	{ACCEL_SOFT_FEATURE_SPIN_NS, "spin-ns", "Nanoseconds that an idle worker polls its rings before it sleeps, 0 to 1000000.", 0, 1000000},
	{ACCEL_SOFT_FEATURE_COUNTERS, "counters", "1: publish the counters of the queues (counters.yaml) to other processes of the user until the last file of the device is closed; 0 (default): do not.", 0, 1},
};

/** Pages of the log. */
ACCEL_NAME_TABLE struct accel_name accel_soft_log_page_names[] = {
	{ACCEL_SOFT_LOG_PAGE_HEALTH, "health", "Counters and state; struct health.", 0, 0},
	{ACCEL_SOFT_LOG_PAGE_ERRORS, "errors", "The last 64 failed descriptors, newest first; struct error-entry.", 0, 0},
};

/** Status of an answer of the firmware. */
ACCEL_NAME_TABLE struct accel_name accel_soft_command_status_names[] = {
	{ACCEL_SOFT_COMMAND_STATUS_SUCCESS, "success", "Success.", 0, 0},
	{ACCEL_SOFT_COMMAND_STATUS_UNKNOWN_OPCODE, "unknown-opcode", "Unknown command.", 0, 0},
	{ACCEL_SOFT_COMMAND_STATUS_BAD_ARGUMENT, "bad-argument", "An argument has an invalid value.", 0, 0},
	{ACCEL_SOFT_COMMAND_STATUS_BUSY, "busy", "Not possible while queues exist.", 0, 0},
	{ACCEL_SOFT_COMMAND_STATUS_FAILED, "failed", "The self-test found an engine that fails.", 0, 0},
};

#endif
